"""`consult account`: staff, their roles and their ways in."""

import sys

import click

from consult.commands import context
from consult.config import from_env
from consult.roles import ROLES
from consult.services.definitions import consultation_by_slug
from consult.services.staff import accounts, passwords, sign_in

email_argument = click.argument("email")
role_choice = click.Choice(ROLES)
from_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read a password from the first line of standard input."
)


@click.group()
def account_command() -> None:
    """Accounts of staff, their roles and ways in."""


@account_command.command()
@email_argument
@click.argument("name")
@click.option("--role", type=role_choice, help="A role at once, in the consultation of --slug.")
@click.option("--slug", help="The consultation of --role.")
@from_stdin
def add(email: str, name: str, role: str | None, slug: str | None, password_stdin: bool) -> None:
    """Make an account. Without a password `consult account link` gets it in."""
    if (role is None) != (slug is None):
        raise click.UsageError("--role and --slug belong together")
    password = passwords.hashed(_read_password()) if password_stdin else None
    with context.database() as database, database.writing() as session:
        account = accounts.add(session, email, name, password)
        if role is not None and slug is not None:
            consultation = consultation_by_slug(session, slug)
            accounts.grant(session, account, consultation, role, context.actor())
        told = account.email
    click.echo(f"{told} has an account" + (f" and is {role} of '{slug}'" if role else ""))
    if password is None:
        click.echo(f"it has no password yet: `consult account link {told}` prints a way in")


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


@account_command.command()
@email_argument
@click.argument("role", type=role_choice)
@context.slug_argument
def grant(email: str, role: str, slug: str) -> None:
    """Give an account a role in a consultation."""
    with context.writing(slug) as here:
        account = accounts.find(here.session, email)
        accounts.grant(here.session, account, here.consultation, role, context.actor())
        told = account.email
    click.echo(f"{told} is {role} of '{slug}'")


@account_command.command()
@email_argument
@click.option("--hours", type=click.IntRange(1, 720), default=24, show_default=True)
def link(email: str, hours: int) -> None:
    """Print a link that gets this account in once."""
    with context.database() as database, database.writing() as session:
        account = accounts.find(session, email)
        told = sign_in.make_link(session, account, from_env(), hours)
    click.echo(told)


@account_command.command("password")
@email_argument
def password_(email: str) -> None:
    """Set a password, read from standard input; ends sessions and links."""
    with context.database() as database:
        with database.reading() as session:
            accounts.find(session, email)
        password = passwords.hashed(_read_password())
        with database.writing() as session:
            passwords.set_password(session, accounts.find(session, email), password)
    click.echo("the password is set; sessions and links of the account have ended")
