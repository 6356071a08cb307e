import re

from consult.services.staff import passwords
from tests.commands.conftest import CommandLine

SLUG = "town-library"
MAIL = "ann@example.org"
PASSWORD = "correct horse battery"


def test_an_account_with_a_role_and_a_way_in(library: CommandLine) -> None:
    add = ("account", "add", MAIL, "Ann", "--role", "facilitator", "--slug", SLUG)
    said = library.out(*add)
    assert "ann@example.org has an account and is facilitator of 'town-library'" in said
    assert "consult account link ann@example.org" in said
    assert "has an account already" in library.refused(*add)
    link = library.out("account", "link", MAIL).strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/staff/link/[\w-]{43}", link)
    assert "'other@example.org' has no account" in library.refused("account", "link", "other@example.org")
    assert "grant role" in library.out("journal", SLUG)


def test_a_password_from_standard_input(library: CommandLine) -> None:
    add = ("account", "add", MAIL, "Ann", "--password-stdin")
    assert "12 to 200" in library.refused(*add, input="short\n")
    assert "no password yet" not in library(*add, input=f"{PASSWORD}\n").stdout
    assert opens(library, PASSWORD)
    library("account", "password", MAIL, input="another good one\r\n")
    assert opens(library, "another good one") and not opens(library, PASSWORD)


def opens(library: CommandLine, password: str) -> bool:
    made = library.database()
    with made.writing() as session:
        stored = passwords.stored_password(session, MAIL)
    made.dispose()
    return passwords.fits(stored, password)


def test_granting(library: CommandLine) -> None:
    library("account", "add", MAIL, "Ann")
    grant = ("account", "grant", "ANN@example.org", "analyst")
    assert "ann@example.org is analyst of 'town-library'" in library.out(*grant, SLUG)
    assert "no consultation" in library.refused(*grant, "nowhere")
    assert "Usage" in library("account", "grant", MAIL, "king", SLUG, code=2).stderr


def test_refusals_leave_nothing_behind(library: CommandLine) -> None:
    assert "is not an e-mail address" in library.refused("account", "add", "ann", "Ann")
    alone = ("account", "add", MAIL, "Ann", "--role", "analyst")
    assert "belong together" in library(*alone, code=2).stderr
    assert "no consultation" in library.refused(*alone, "--slug", "nowhere")
    assert "has no account" in library.refused("account", "link", MAIL)
