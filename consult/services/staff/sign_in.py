"""How members of staff come in: one-time links and sessions."""

import secrets
from datetime import timedelta

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Config
from consult.errors import LinkNotValid
from consult.models import Account, AccountLink, LoginSession
from consult.refusals.codes import Code, Refusal
from consult.services.access.tokens import LENGTH, bare, token_hash


def make_link(session: Session, account: Account, config: Config, hours: int = 24) -> str:
    """A way in that works once, within `hours`."""
    token = secrets.token_urlsafe(32)
    session.add(
        AccountLink(account_id=account.id, token_hash=token_hash(token), expires_at=utc_now() + timedelta(hours=hours))
    )
    session.flush()
    return f"{config.public_url.rstrip('/')}/staff/link/{token}"


def is_link_open(session: Session, token: str) -> bool:
    """Whether a one-time link still lets in. Writes nothing: mail scanners open links."""
    return session.scalar(select(AccountLink.id).where(*_open_link(token))) is not None


def _open_link(token: str) -> tuple[ColumnElement[bool], ...]:
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
            token_hash=token_hash(token), account_id=account.id, created_at=now, expires_at=now + timedelta(hours=hours)
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
