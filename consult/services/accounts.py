"""Staff: accounts, their roles, and their ways in."""

import secrets
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Config
from consult.definition.address import EMAIL, EMAIL_LENGTH
from consult.errors import LinkNotValid, NotFound, NotPossible
from consult.models import ROLES, Account, AccountLink, Consultation, LoginSession, Membership
from consult.services import journal
from consult.services.invitations import token_hash
from consult.services.passwords import Hashed


def add(session: Session, email: str, name: str, password: Hashed | None) -> Account:
    """A new account; without a password only a one-time link opens it.

    Raises NotPossible when the address is none or has an account.
    """
    address = plain(email)
    if not EMAIL.fullmatch(address) or len(address) > EMAIL_LENGTH:
        raise NotPossible(f"'{email}' is not an e-mail address")
    account = Account(
        email=address,
        name=name.strip(),
        password_hash=password,
        is_active=True,
        created_at=utc_now(),
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        raise NotPossible(f"'{address}' has an account already") from None
    return account


def plain(email: str) -> str:
    """An address as it is compared."""
    return email.strip().lower()


def find(session: Session, email: str) -> Account:
    """The account of an address. Raises NotFound."""
    account = _account(session, email)
    if account is None:
        raise NotFound(f"'{email}' has no account")
    return account


def _account(session: Session, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == plain(email)))


def grant(
    session: Session, account: Account, consultation: Consultation, role: str,
    actor: str = "command line",
) -> None:  # fmt: skip
    """Give an account a role in a consultation; giving it again changes nothing.

    Raises NotPossible for an unknown role.
    """
    if role not in ROLES:
        raise NotPossible(f"there is no role '{role}'; there are: {', '.join(ROLES)}")
    try:
        with session.begin_nested():
            session.add(
                Membership(account_id=account.id, consultation_id=consultation.id, role=role)
            )
    except IntegrityError:
        return
    journal.record(session, consultation.id, actor, "grant role", role=role, account=account.id)


def roles(session: Session, account_id: int, consultation_id: int) -> set[str]:
    """The roles of an account in one consultation; none for an account that is switched off."""
    return set(
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


def use_link(session: Session, token: str) -> Account:
    """Spend a one-time link; of two who try at once one gets in. Raises LinkNotValid."""
    now = utc_now()
    account_id = session.scalar(
        update(AccountLink)
        .where(
            AccountLink.token_hash == token_hash(token),
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > now,
            AccountLink.account_id.in_(select(Account.id).where(Account.is_active)),
        )
        .values(used_at=now)
        .returning(AccountLink.account_id)
        .execution_options(synchronize_session=False)
    )
    if account_id is None:
        raise LinkNotValid()
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
