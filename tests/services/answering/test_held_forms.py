"""Refused forms are given back to who sent them, where they sent them, for a while."""

from itertools import product

from sqlalchemy import func, select

from consult import clock
from consult.models import HeldForm
from consult.services.answering import held_forms
from consult.services.answering.held_forms import AT_MOST, KEPT, Sender
from consult.services.staff import accounts
from tests.services.conftest import World

HERE = "/c/town-library/measures/add"


def senders(world: World) -> list[Sender]:
    first, second = world.experts[:2]
    anna, bert = (accounts.add(world.session, f"{name}@example.org", name, None) for name in ("anna", "bert"))
    world.session.flush()
    return [Sender(expert=first), Sender(expert=second), Sender(account=anna), Sender(account=bert, about=first)]


def test_a_form_comes_back_to_its_sender_alone(world: World) -> None:
    known = senders(world)
    tokens = [
        held_forms.hold(world.session, one, HERE, {"fields": {"item-x": [str(place)]}})
        for place, one in enumerate(known)
    ]
    for (place, asks), (at, token) in product(enumerate(known), enumerate(tokens)):
        found = held_forms.held(world.session, asks, HERE, token)
        assert found == ({"fields": {"item-x": [str(place)]}} if place == at else None)
    assert held_forms.held(world.session, known[0], HERE + "/else", tokens[0]) is None
    assert held_forms.held(world.session, known[0], HERE, "") is None


def test_a_form_is_forgotten_by_its_sender_alone(world: World) -> None:
    one, other, *_ = senders(world)
    token = held_forms.hold(world.session, one, HERE, {})
    held_forms.drop(world.session, other, token)
    assert held_forms.held(world.session, one, HERE, token) == {}
    held_forms.drop(world.session, one, token)
    assert held_forms.held(world.session, one, HERE, token) is None


def test_an_old_form_is_not_given_back_and_goes_with_the_next(world: World) -> None:
    one, other, *_ = senders(world)
    token = held_forms.hold(world.session, one, HERE, {})
    with clock.set_to(clock.utc_now() + KEPT):
        assert held_forms.held(world.session, one, HERE, token) is None
        assert held_forms.has_expired(world.session)
        held_forms.hold(world.session, other, HERE, {})
        assert not held_forms.has_expired(world.session)
        assert world.session.scalar(select(func.count()).select_from(HeldForm)) == 1


def test_only_so_many_are_kept_of_one_sender_the_newest(world: World) -> None:
    one, other, *_ = senders(world)
    kept = held_forms.hold(world.session, other, HERE, {})
    tokens = [held_forms.hold(world.session, one, HERE, {}) for _ in range(AT_MOST + 3)]
    found = [held_forms.held(world.session, one, HERE, token) is not None for token in tokens]
    assert found == [False] * 3 + [True] * AT_MOST
    assert held_forms.held(world.session, other, HERE, kept) == {}


def test_the_token_is_not_stored(world: World) -> None:
    one, *_ = senders(world)
    token = held_forms.hold(world.session, one, HERE, {})
    rows = world.session.execute(select(HeldForm.__table__)).mappings().all()
    assert all(token not in str(value) for row in rows for value in row.values())
