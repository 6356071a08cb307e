"""Passwords: kept as Argon2id only, refused outside their lengths, and no address is told from another by time."""

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.errors import PasswordRefused
from consult.models import Account
from consult.services.staff import accounts, passwords
from tests.services.staff.passing import PASSWORD, CountingHasher, check_password, set_password


def test_the_right_password_opens_the_account_in_any_case_of_the_address(session: Session, anna: Account) -> None:
    for email in ("anna@example.org", "ANNA@example.org", " anna@example.org"):
        assert check_password(session, email, PASSWORD) is anna


@pytest.mark.parametrize("password", ["", "correct horse", PASSWORD + " ", PASSWORD.upper()])
def test_another_password_does_not(session: Session, anna: Account, password: str) -> None:
    assert check_password(session, anna.email, password) is None


def test_the_password_is_kept_as_argon2id_only(session: Session, anna: Account) -> None:
    assert anna.password_hash is not None
    assert anna.password_hash.startswith("$argon2id$")
    assert PASSWORD not in repr(session.execute(select(Account.__table__)).all())


def test_the_real_hasher_is_used_and_works(session: Session) -> None:
    account = accounts.add(session, "bo@example.org", "Bo", passwords.hashed(PASSWORD))
    assert check_password(session, "bo@example.org", PASSWORD) is account
    assert check_password(session, "bo@example.org", PASSWORD + "!") is None


@pytest.mark.parametrize("length", [0, 11, 201, 5000])
def test_too_short_and_too_long_passwords_are_refused(
    session: Session, anna: Account, hasher: CountingHasher, length: int
) -> None:
    before = list(hasher.hashed)
    with pytest.raises(PasswordRefused):
        set_password(session, anna, "x" * length)
    with pytest.raises(PasswordRefused):
        accounts.add(session, "cy@example.org", "Cy", passwords.hashed("x" * length))
    assert hasher.hashed == before


@pytest.mark.parametrize("length", [12, 200])
def test_the_shortest_and_the_longest_password_are_taken(session: Session, anna: Account, length: int) -> None:
    set_password(session, anna, "é" * length)
    assert check_password(session, anna.email, "é" * length) is anna


def test_an_over_long_password_never_reaches_argon2(session: Session, anna: Account, hasher: CountingHasher) -> None:
    for email in (anna.email, "nobody@example.org"):
        assert check_password(session, email, "x" * 201) is None
        assert check_password(session, email, "\ud800" * 20) is None
    assert hasher.verified == []


def test_an_unknown_address_costs_as_much_as_a_known_one(
    session: Session, anna: Account, hasher: CountingHasher
) -> None:
    without = accounts.add(session, "link@example.org", "Link", None)
    off = accounts.add(session, "off@example.org", "Off", passwords.hashed(PASSWORD))
    off.is_active = False
    session.flush()
    for email in (anna.email, "nobody@example.org", without.email, off.email):
        hasher.verified.clear()
        check_password(session, email, "wrong password!")
        assert hasher.verified == ["wrong password!"], email


def test_an_account_without_a_password_or_switched_off_opens_by_none(session: Session, anna: Account) -> None:
    accounts.add(session, "link@example.org", "Link", None)
    anna.is_active = False
    session.flush()
    assert check_password(session, "link@example.org", "") is None
    assert check_password(session, anna.email, PASSWORD) is None


def test_an_old_hash_is_renewed_at_the_next_login(session: Session, anna: Account) -> None:
    old = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    anna.password_hash = old
    session.flush()
    assert check_password(session, anna.email, PASSWORD) is anna
    assert anna.password_hash != old
    assert check_password(session, anna.email, PASSWORD) is anna
