"""An account with a password."""

import pytest
from sqlalchemy.orm import Session

from consult.models import Account
from consult.services.staff import accounts, passwords
from tests.services.staff.passing import PASSWORD, CountingHasher


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "_hasher", counting)
    return counting


@pytest.fixture
def anna(session: Session, hasher: CountingHasher) -> Account:
    return accounts.add(session, " Anna@Example.org ", "Anna", passwords.hashed(PASSWORD))
