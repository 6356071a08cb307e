"""Passwords, and a hasher that notes what reaches it."""

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from consult.models import Account
from consult.services.staff import passwords

PASSWORD = "correct horse battery"


class CountingHasher:
    """Stands before argon2 and notes what reaches it."""

    def __init__(self) -> None:
        self.verified: list[str] = []
        self.hashed: list[str] = []
        self._real = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

    def verify(self, stored: str, password: str) -> bool:
        assert stored.startswith("$argon2id$")  # anything else would be refused in no time
        self.verified.append(password)
        return bool(self._real.verify(stored, password))

    def hash(self, password: str) -> str:
        self.hashed.append(password)
        return self._real.hash(password)

    def check_needs_rehash(self, stored: str) -> bool:
        return self._real.check_needs_rehash(stored)


def check_password(session: Session, email: str, password: str) -> Account | None:
    """What logging in does, one after the other."""
    stored = passwords.stored_password(session, email)
    if not passwords.fits(stored, password):
        return None
    return passwords.recognise(session, stored, password)


def set_password(session: Session, account: Account, password: str) -> None:
    passwords.set_password(session, account, passwords.hashed(password))
