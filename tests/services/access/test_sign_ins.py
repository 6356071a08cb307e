"""Sign-ins: one sees and ends one's own, and nobody else's."""

from datetime import timedelta

import pytest

from consult import clock
from consult.errors import NotFound
from consult.services.access import invitations, purposes, sessions, sign_ins
from consult.services.staff import accounts, sign_in
from tests.services.conftest import MakeWorld, World

PURPOSES = (purposes.INVITATION, purposes.REMINDER, purposes.NEXT_ROUND, purposes.RECEIPT, purposes.NEW_LINK)


def is_open(world: World, session_token: str) -> bool:
    return sessions.visit_of(world.session, world.consultation.slug, session_token) is not None


def test_one_sees_ones_own_sessions_and_the_link_of_each(make_world: MakeWorld) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    expert = one.experts[0]
    own = [
        sessions.open_session(one.session, invitations.create_invitation(one.session, expert, purpose), 60)
        for purpose in (purposes.INVITATION, purposes.REMINDER)
    ]
    for world, other in ((one, one.experts[1]), (two, two.experts[0])):
        sessions.open_session(world.session, invitations.create_invitation(world.session, other), 60)
    found = sign_ins.sign_ins(one.session, expert, own[0])
    assert [(item.purpose, item.is_this) for item in found] == [(purposes.REMINDER, False), (purposes.INVITATION, True)]
    sessions.close_session(one.session, own[1])
    assert len(sign_ins.sign_ins(one.session, expert, own[0])) == 1
    with clock.set_to(clock.utc_now() + timedelta(days=61)):
        assert sign_ins.sign_ins(one.session, expert, own[0]) == []


def test_only_ones_own_sessions_can_be_ended(make_world: MakeWorld) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    expert = one.experts[0]
    account = accounts.add(one.session, "anna@example.org", "Anna", None)
    staff = sign_in.open_staff_session(one.session, account, 12)
    tokens = {}
    for world, holder in ((one, expert), (one, one.experts[1]), (two, two.experts[0])):
        token = invitations.create_invitation(world.session, holder)
        tokens[holder.id] = sessions.open_session(world.session, token, 60)
    others = [
        *sign_ins.sign_ins(one.session, one.experts[1], ""),
        *sign_ins.sign_ins(two.session, two.experts[0], ""),
        *sign_ins.sign_ins(one.session, account, ""),
    ]
    assert len(others) == 3
    for handle in [*(item.handle for item in others), "", "nothing"]:
        with pytest.raises(NotFound):
            sign_ins.end_sign_in(one.session, expert, handle)
    assert sign_ins.end_others(one.session, expert, tokens[expert.id]) == 0
    assert is_open(one, tokens[one.experts[1].id]) and is_open(two, tokens[two.experts[0].id])
    assert sign_in.account_of_session(one.session, staff) is not None
    (own,) = sign_ins.sign_ins(one.session, expert, "")
    for holder in (account, one.experts[1], two.experts[0]):
        with pytest.raises(NotFound):
            sign_ins.end_sign_in(one.session, holder, own.handle)
    sign_ins.end_sign_in(one.session, expert, own.handle)
    assert not is_open(one, tokens[expert.id])
    with pytest.raises(NotFound):
        sign_ins.end_sign_in(one.session, expert, own.handle)
