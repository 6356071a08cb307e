"""Passwords of staff: kept as argon2id only, compared and computed outside any transaction."""

import secrets
from functools import cache
from typing import NamedTuple, TypeGuard

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.errors import PasswordRefused
from consult.models import Account, AccountLink, LoginSession
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Lengths

SHORTEST, LONGEST = 12, 200
_hasher = PasswordHasher()


class Stored(NamedTuple):
    """The stored password of an account, as it was when it was looked up."""

    account_id: int
    password_hash: str


class Hashed(str):
    """A password as it is stored."""


def stored_password(session: Session, email: str) -> Stored | None:
    """What a password for this address is compared with, if it can open anything."""
    account = session.scalar(select(Account).where(Account.email == email.strip().lower(), Account.is_active))
    if account is None or account.password_hash is None:
        return None
    return Stored(account.id, account.password_hash)


def fits(stored: Stored | None, password: str) -> TypeGuard[Stored]:
    """Whether this is the password. Slow on purpose, for an unknown address as for a known one:
    to be called outside any transaction."""
    if len(password) > LONGEST or not _is_text(password):
        return False
    try:
        _hasher.verify(stored.password_hash if stored else _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def recognise(session: Session, stored: Stored, password: str) -> Account | None:
    """The account whose password fitted; None when it was changed or switched off meanwhile."""
    renewed = _hasher.hash(password) if _hasher.check_needs_rehash(stored.password_hash) else None
    account = session.scalar(
        select(Account).where(
            Account.id == stored.account_id, Account.password_hash == stored.password_hash, Account.is_active
        )
    )
    if account is not None and renewed is not None:
        account.password_hash = renewed
        session.flush()
    return account


def set_password(session: Session, account: Account, password: Hashed) -> None:
    """Change a password; ends all sessions of the account and voids its links."""
    account.password_hash = password
    now = utc_now()
    session.execute(
        update(LoginSession)
        .where(LoginSession.account_id == account.id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    session.execute(
        update(AccountLink)
        .where(AccountLink.account_id == account.id, AccountLink.used_at.is_(None))
        .values(used_at=now)
    )
    session.flush()


def hashed(password: str) -> Hashed:
    """A new password as it is stored. Slow on purpose: to be called outside any transaction.

    Raises PasswordRefused.
    """
    if not SHORTEST <= len(password) <= LONGEST or not _is_text(password):
        raise PasswordRefused(Refusal(Code.PASSWORD_LENGTH, Lengths(SHORTEST, LONGEST)))
    return Hashed(_hasher.hash(password))


def _is_text(password: str) -> bool:
    """Whether it can be encoded: half a surrogate pair cannot."""
    return all(not "\ud800" <= sign <= "\udfff" for sign in password)


@cache
def _nobodys_hash() -> str:
    """A hash that no password opens, so that an unknown address takes its time too."""
    return _hasher.hash(secrets.token_urlsafe(32))
