"""Staff get in by password or by a link that works once; roles hold in one consultation."""

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.errors import LinkNotValid, NotFound, NotPossible, PasswordRefused
from consult.models import Account, AccountLink, Membership
from consult.services import journal
from consult.services.access import invitations, sessions
from consult.services.staff import accounts, passwords, sign_in
from tests.services.conftest import BEFORE, MakeWorld, World

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


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "_hasher", counting)
    return counting


@pytest.fixture
def anna(session: Session, hasher: CountingHasher) -> Account:
    return accounts.add(session, " Anna@Example.org ", "Anna", passwords.hashed(PASSWORD))


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


def test_a_name_that_hides_something_and_a_foreign_domain_are_refused(session: Session) -> None:
    with pytest.raises(NotPossible, match=r"name_hides.*U\+202E RIGHT-TO-LEFT OVERRIDE"):
        accounts.add(session, "bo@example.org", "Bo\u202e", None)
    with pytest.raises(NotPossible, match=r"address_is_foreign.*bo@xn--bcher-kva\.example"):
        accounts.add(session, "bo@b\u00fccher.example", "Bo", None)
    assert accounts.add(session, "bo@example.org", "Zoe\u0308\u00a0 Bo", None).name == "Zo\u00eb Bo"


def test_an_address_has_one_account(session: Session, anna: Account) -> None:
    with pytest.raises(NotPossible, match="account_exists"):
        accounts.add(session, "ANNA@EXAMPLE.ORG", "Other", None)
    with pytest.raises(NotPossible, match="no_address"):
        accounts.add(session, "anna", "Anna", None)
    assert accounts.find(session, "Anna@example.org") is anna
    with pytest.raises(NotFound):
        accounts.find(session, "nobody@example.org")


# Sessions


def test_a_staff_session_lives_for_its_hours(session: Session, anna: Account) -> None:
    with clock.set_to(BEFORE):
        token = sign_in.open_staff_session(session, anna, hours=12)
        assert sign_in.account_of_session(session, token) is anna
    with clock.set_to(BEFORE + timedelta(hours=12)):
        assert sign_in.account_of_session(session, token) is None


def test_a_staff_session_ends_by_closing_it_or_switching_the_account_off(session: Session, anna: Account) -> None:
    first, second = (sign_in.open_staff_session(session, anna, 12) for _ in range(2))
    sign_in.close_staff_session(session, first)
    assert sign_in.account_of_session(session, first) is None
    assert sign_in.account_of_session(session, second) is anna
    anna.is_active = False
    session.flush()
    assert sign_in.account_of_session(session, second) is None


def test_experts_and_staff_have_no_use_of_each_others_sessions(world: World, anna: Account) -> None:
    token = invitations.create_invitation(world.session, world.experts[0])
    experts = sessions.open_session(world.session, token, 60)
    staffs = sign_in.open_staff_session(world.session, anna, 12)
    assert sign_in.account_of_session(world.session, experts) is None
    key = world.consultation.id
    assert sessions.visit_of(world.session, key, staffs) is None
    sign_in.close_staff_session(world.session, experts)
    sessions.close_session(world.session, staffs)
    assert sign_in.account_of_session(world.session, staffs) is anna
    assert sessions.visit_of(world.session, key, experts) is not None


def test_a_new_password_ends_sessions_and_voids_links(session: Session, anna: Account, config: Config) -> None:
    opened = sign_in.open_staff_session(session, anna, 12)
    link = sign_in.make_link(session, anna, config)
    set_password(session, anna, "another long password")
    assert sign_in.account_of_session(session, opened) is None
    with pytest.raises(LinkNotValid):
        sign_in.use_link(session, token_of(link))
    assert check_password(session, anna.email, PASSWORD) is None
    assert check_password(session, anna.email, "another long password") is anna


# Links


def token_of(link: str) -> str:
    return link.rsplit("/", 1)[1]


def test_a_link_opens_its_account_once(session: Session, anna: Account, config: Config) -> None:
    link = sign_in.make_link(session, anna, config)
    assert link.startswith("http://127.0.0.1:8000/staff/link/")
    assert sign_in.use_link(session, token_of(link)) is anna
    with pytest.raises(LinkNotValid):
        sign_in.use_link(session, token_of(link))
    rows = repr(session.execute(select(AccountLink.__table__)).all())
    assert token_of(link) not in rows


def test_a_link_ends_with_its_hours(session: Session, anna: Account, config: Config) -> None:
    with clock.set_to(BEFORE):
        links = [sign_in.make_link(session, anna, config, hours) for hours in (24, 720)]
    with clock.set_to(BEFORE + timedelta(hours=24)):
        with pytest.raises(LinkNotValid):
            sign_in.use_link(session, token_of(links[0]))
        assert sign_in.use_link(session, token_of(links[1])) is anna


def test_a_link_of_an_account_switched_off_is_refused_like_any_other(
    session: Session, anna: Account, config: Config
) -> None:
    link = sign_in.make_link(session, anna, config)
    anna.is_active = False
    session.flush()
    refusals = set()
    for token in (token_of(link), "", "nonsense", "\ud800"):
        with pytest.raises(LinkNotValid) as refused:
            sign_in.use_link(session, token)
        refusals.add(refused.value.refusal)
    assert len(refusals) == 1


def test_of_two_who_open_a_link_at_once_one_gets_in(
    session: Session, anna: Account, config: Config, database: Database
) -> None:
    for _ in range(5):
        token = token_of(sign_in.make_link(session, anna, config))
        session.commit()
        start = threading.Barrier(2)
        outcomes: list[str] = []

        def try_it(token: str = token, start: threading.Barrier = start, outcomes: list[str] = outcomes) -> None:
            start.wait()
            try:
                with database.writing() as own:
                    outcomes.append(sign_in.use_link(own, token).email)
            except LinkNotValid:
                outcomes.append("refused")

        both = [threading.Thread(target=try_it) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join(60)
        assert sorted(outcomes) == ["anna@example.org", "refused"]


# Roles


def test_a_role_holds_in_one_consultation(make_world: MakeWorld, anna: Account) -> None:
    one, two = make_world(0, slug="one"), make_world(0, slug="two")
    make_world(0, slug="three")
    session = one.session
    accounts.grant(session, anna, one.consultation, "facilitator")
    accounts.grant(session, anna, one.consultation, "secretariat")
    accounts.grant(session, anna, two.consultation, "analyst")
    assert accounts.roles(session, anna.id, one.consultation.id) == {"facilitator", "secretariat"}
    assert accounts.roles(session, anna.id, two.consultation.id) == {"analyst"}
    assert accounts.roles(session, anna.id, 0) == set()
    assert accounts.roles(session, 0, one.consultation.id) == set()
    assert [item.slug for item in accounts.consultations_of(session, anna)] == ["one", "two"]


@pytest.mark.parametrize(("first", "second"), [("facilitator", "analyst"), ("analyst", "facilitator")])
def test_nobody_holds_names_and_rows(make_world: MakeWorld, anna: Account, first: str, second: str) -> None:
    one, two = make_world(0, slug="one"), make_world(0, slug="two")
    accounts.grant(one.session, anna, one.consultation, first)
    anna.is_active = False
    with pytest.raises(NotPossible, match="roles_apart"):
        accounts.grant(one.session, anna, one.consultation, second)
    anna.is_active = True
    accounts.grant(one.session, anna, one.consultation, "secretariat")
    accounts.grant(one.session, anna, two.consultation, second)
    assert accounts.roles(one.session, anna.id, one.consultation.id) == {first, "secretariat"}
    assert accounts.roles(one.session, anna.id, two.consultation.id) == {second}


def test_who_was_given_both_by_an_older_version_has_no_rows(world: World, anna: Account) -> None:
    for role in ("facilitator", "analyst", "secretariat"):
        world.session.add(Membership(account_id=anna.id, consultation_id=world.consultation.id, role=role))
    world.session.flush()
    held = accounts.roles(world.session, anna.id, world.consultation.id)
    assert held == {"facilitator", "secretariat"}


def test_granting_again_changes_nothing(world: World, anna: Account) -> None:
    for _ in range(2):
        accounts.grant(world.session, anna, world.consultation, "analyst", actor="root")
    granted = [entry for entry in journal.entries(world.session, world.consultation.id) if entry.act == "grant role"]
    assert [entry.facts for entry in granted] == [{"role": "analyst", "account": anna.email}]
    assert granted[0].actor == "root"


def test_an_unknown_role_is_refused(world: World, anna: Account) -> None:
    with pytest.raises(NotPossible, match=r"no_such_role.*facilitator"):
        accounts.grant(world.session, anna, world.consultation, "admin")


def test_an_account_switched_off_has_no_role(world: World, anna: Account) -> None:
    accounts.grant(world.session, anna, world.consultation, "analyst")
    anna.is_active = False
    world.session.flush()
    assert accounts.roles(world.session, anna.id, world.consultation.id) == set()
