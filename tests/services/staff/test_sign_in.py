"""Staff sign in by a link that works once, or a session of their hours."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.errors import LinkNotValid
from consult.models import Account, AccountLink
from consult.services.access import invitations, sessions
from consult.services.staff import sign_in
from tests.services.conftest import BEFORE, World
from tests.services.staff.passing import PASSWORD, check_password, set_password


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
    key = world.consultation.slug
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
