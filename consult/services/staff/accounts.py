"""Staff: accounts, their roles, and their ways in."""

import secrets
from datetime import timedelta
from typing import Any, NoReturn

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.characters import hidden, one_line, plain_name
from consult.clock import utc_now
from consult.config import Config
from consult.errors import LinkNotValid, NotFound, NotPossible
from consult.models import ROLES, Account, AccountLink, Consultation, LoginSession, Membership
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Addressed, ForeignAddress, NamedAmong, NameHides, RolesApart
from consult.services import journal
from consult.services.access.tokens import LENGTH, bare, token_hash
from consult.services.panel.addresses import in_ascii, is_address
from consult.services.staff.passwords import Hashed

APART = frozenset({"facilitator", "analyst"})
"""Roles no account has both of in one consultation: one knows names, the other has rows."""


def add(session: Session, email: str, name: str, password: Hashed | None) -> Account:
    """A new account; without a password only a one-time link opens it.

    Raises NotPossible when the address is none or has an account.
    """
    address = plain(email)
    if not is_address(address):
        _refuse_address(one_line(email), in_ascii(address))
    if hides := hidden(name.strip()):
        raise NotPossible(Refusal(Code.NAME_HIDES, NameHides(one_line(name), tuple(hides))))
    account = Account(
        email=address,
        name=plain_name(name),
        password_hash=password,
        is_active=True,
        created_at=utc_now(),
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        raise NotPossible(Refusal(Code.ACCOUNT_EXISTS, Addressed(address))) from None
    return account


def _refuse_address(email: str, offered: str | None) -> NoReturn:
    if offered is None:
        raise NotPossible(Refusal(Code.NO_ADDRESS, Addressed(email)))
    raise NotPossible(Refusal(Code.ADDRESS_IS_FOREIGN, ForeignAddress(email, offered)))


def plain(email: str) -> str:
    """An address as it is compared."""
    return email.strip().lower()


def find(session: Session, email: str) -> Account:
    """The account of an address. Raises NotFound."""
    account = _account(session, email)
    if account is None:
        raise NotFound(Refusal(Code.NO_ACCOUNT, Addressed(email)))
    return account


def _account(session: Session, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == plain(email)))


def grant(
    session: Session, account: Account, consultation: Consultation, role: str,
    actor: str = "command line",
) -> None:  # fmt: skip
    """Give an account a role in a consultation; giving it again changes nothing.

    Raises NotPossible for an unknown role, and for one that would put names and rows in one hand.
    """
    if role not in ROLES:
        raise NotPossible(Refusal(Code.NO_SUCH_ROLE, NamedAmong(role, tuple(ROLES))))
    journal.lock(session, consultation.id)
    held = session.scalars(
        select(Membership.role).where(
            Membership.account_id == account.id, Membership.consultation_id == consultation.id
        )
    )
    if role in APART and (other := (APART - {role}).intersection(held)):
        raise NotPossible(Refusal(Code.ROLES_APART, RolesApart(account.email, tuple(other), role)))
    try:
        with session.begin_nested():
            session.add(
                Membership(account_id=account.id, consultation_id=consultation.id, role=role)
            )
    except IntegrityError:
        return
    journal.record(session, consultation.id, actor, "grant role", role=role, account=account.email)


def roles(session: Session, account_id: int, consultation_id: int) -> set[str]:
    """The roles of an account in one consultation; none for an account that is switched off.

    Who was given both of two that are kept apart, by an older version, has no rows.
    """
    found = set(
        session.scalars(
            select(Membership.role)
            .join(Account, Account.id == Membership.account_id)
            .where(
                Membership.account_id == account_id,
                Membership.consultation_id == consultation_id,
                Account.is_active,
            )
        )
    )
    return found - {"analyst"} if found >= APART else found


def consultations_of(session: Session, account: Account) -> list[Consultation]:
    """The consultations in which an account has a role, by name."""
    return list(
        session.scalars(
            select(Consultation)
            .where(
                Consultation.id.in_(
                    select(Membership.consultation_id).where(Membership.account_id == account.id)
                )
            )
            .order_by(Consultation.slug)
        )
    )


def make_link(session: Session, account: Account, config: Config, hours: int = 24) -> str:
    """A way in that works once, within `hours`."""
    token = secrets.token_urlsafe(32)
    session.add(
        AccountLink(
            account_id=account.id,
            token_hash=token_hash(token),
            expires_at=utc_now() + timedelta(hours=hours),
        )
    )
    session.flush()
    return f"{config.public_url.rstrip('/')}/staff/link/{token}"


def is_link_open(session: Session, token: str) -> bool:
    """Whether a one-time link still lets in. Writes nothing: mail scanners open links."""
    return session.scalar(select(AccountLink.id).where(*_open_link(token))) is not None


def _open_link(token: str) -> tuple[Any, ...]:
    return (
        AccountLink.token_hash == token_hash(bare(token)[:LENGTH]),
        AccountLink.used_at.is_(None),
        AccountLink.expires_at > utc_now(),
        AccountLink.account_id.in_(select(Account.id).where(Account.is_active)),
    )


def use_link(session: Session, token: str) -> Account:
    """Spend a one-time link; of two who try at once one gets in. Raises LinkNotValid."""
    account_id = session.scalar(
        update(AccountLink)
        .where(*_open_link(token))
        .values(used_at=utc_now())
        .returning(AccountLink.account_id)
        .execution_options(synchronize_session=False)
    )
    if account_id is None:
        raise LinkNotValid(Refusal(Code.LINK_NOT_VALID))
    return session.get_one(Account, account_id)


def open_staff_session(session: Session, account: Account, hours: int) -> str:
    """Open a session for an account that has shown who it is; returns its token."""
    token = secrets.token_urlsafe(32)
    now = utc_now()
    session.add(
        LoginSession(
            token_hash=token_hash(token),
            account_id=account.id,
            created_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    session.flush()
    return token


def account_of_session(session: Session, token: str) -> Account | None:
    """Whose staff session this is; None when it is not live."""
    return session.scalar(
        select(Account)
        .join(LoginSession, LoginSession.account_id == Account.id)
        .where(
            LoginSession.token_hash == token_hash(token),
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > utc_now(),
            Account.is_active,
        )
    )


def close_staff_session(session: Session, token: str) -> None:
    """End a staff session; nothing happens when it is over already."""
    session.execute(
        update(LoginSession)
        .where(
            LoginSession.token_hash == token_hash(token),
            LoginSession.account_id.is_not(None),
            LoginSession.revoked_at.is_(None),
        )
        .values(revoked_at=utc_now())
    )
