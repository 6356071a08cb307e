"""Saving: what is typed is kept, valid or not, and two devices never overwrite each other."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from consult import clock
from consult.definition.answers import answer_type
from consult.definition.asked import AskedQuestion
from consult.definition.choosing import RoutingContext
from consult.definition.routing import ask
from consult.errors import StageNotOpen, Withdrawn
from consult.models import Draft
from consult.services.answering.responding import Respondent
from consult.services.answering.saving import Saved, mark, marks, save
from consult.services.running import leaving
from tests.services.answering.filling import load
from tests.services.conftest import World
from tests.services.samples import every_type

DURING = datetime(2026, 9, 8, 12, tzinfo=UTC)
PAGE = ("role", "tell", "last")
"""Questions saved together in these tests; five inputs."""


def page() -> list[AskedQuestion]:
    definition = every_type()
    context = RoutingContext(definition)
    found = [ask(definition.questions[key], context, whole=True) for key in PAGE]
    return [asked for asked in found if asked is not None]


NAMES = [name for asked in page() for name in answer_type(asked).names(asked)]


def send(given: Respondent, world: World, posted: dict[str, list[str]], seen: dict[str, str] | None = None) -> Saved:
    with clock.set_to(DURING):
        return save(world.session, given, page(), posted, seen or {})


def stored(world: World, expert: int = 0) -> dict[str, list[str]]:
    rows = world.session.scalars(select(Draft).where(Draft.expert_id == world.experts[expert].id))
    return {row.name: list(row.values) for row in rows}


def test_what_is_typed_is_stored_with_its_revision(world: World) -> None:
    saved = send(load(world), world, {"role": ["reader"], "tell": ["A story", " "]})
    assert saved.conflicts == () and saved.problems == ()
    assert stored(world) == {"role": ["reader"], "role.other": [], "tell": ["A story"], "last": []}
    given = load(world)
    assert {draft.revision for draft in given.drafts.values()} == {1}
    send(given, world, {"role": ["teacher"], "tell": ["A story"]}, marks(given, NAMES))
    assert load(world).drafts["role"].revision == 2
    assert load(world).drafts["tell"].revision == 1, "what did not change keeps its revision"
    assert stored(world, 1) == {}


def test_what_is_not_valid_is_kept_and_said(world: World) -> None:
    saved = send(load(world), world, {"role": ["king"], "tell": ["x"], "last": ["\x00 fine"]})
    assert {(one.name, one.code) for one in saved.problems} == {("role", "not_an_option"), ("tell", "too_short")}
    assert stored(world)["role"] == ["king"] and stored(world)["tell"] == ["x"]
    assert load(world).typed["last"] == ["\x00 fine"]


def test_what_was_not_asked_is_not_stored(world: World) -> None:
    send(load(world), world, {"role": ["reader"], "mood": ["5"], "is_admin": ["yes"]})
    assert set(stored(world)) == set(NAMES)


def test_a_mark_names_revision_and_content(world: World) -> None:
    given = load(world)
    assert mark(None).startswith("0:") and marks(given, ["tell"]) == {"tell": mark(None)}
    send(given, world, {"tell": ["one\r\ntwo"]})
    first = mark(given.drafts["tell"])
    assert first.startswith("1:")
    send(given, world, {"tell": ["one\ntwo"]}, {"tell": first})
    assert mark(given.drafts["tell"]).partition(":")[2] == first.partition(":")[2]


def test_values_changed_by_both_conflict_and_others_do_not(world: World) -> None:
    phone, desk = load(world), load(world)
    seen = marks(phone, NAMES)
    send(phone, world, {"role": ["reader"], "tell": ["From the phone"]}, seen)
    saved = send(desk, world, {"role": ["teacher"], "last": ["From the desk"]}, seen)
    (conflict,) = saved.conflicts
    assert (conflict.name, conflict.yours, conflict.theirs) == ("role", ["teacher"], ["reader"])
    assert stored(world) == {
        "role": ["reader"],
        "role.other": [],
        "tell": ["From the phone"],
        "last": ["From the desk"],
    }


def test_a_page_only_looked_at_elsewhere_is_no_conflict(world: World) -> None:
    phone, desk = load(world), load(world)
    seen = marks(phone, NAMES)
    send(phone, world, {}, seen)
    saved = send(desk, world, {"tell": ["From the desk"]}, seen)
    assert saved.conflicts == () and stored(world)["tell"] == ["From the desk"]


def test_the_same_change_on_both_is_no_conflict(world: World) -> None:
    phone, desk = load(world), load(world)
    seen = marks(phone, NAMES)
    for device in (phone, desk):
        assert send(device, world, {"role": ["reader"]}, seen).conflicts == ()


def test_a_value_shown_but_not_touched_never_overwrites_a_newer_one(world: World) -> None:
    """The page is saved as one types; the box beside it still shows what was loaded."""
    send(load(world), world, {"last": ["old"]})
    phone, desk = load(world), load(world)
    seen = marks(desk, NAMES)
    send(phone, world, {"last": ["new"]}, marks(phone, NAMES))
    send(desk, world, {"last": ["old"], "tell": ["typing"]}, seen)
    seen = marks(desk, NAMES)
    send(load(world), world, {"last": ["old"], "tell": ["typing on"]}, seen)
    assert stored(world)["last"] == ["new"] and stored(world)["tell"] == ["typing on"]


def test_answers_are_taken_in_the_stages_time_and_from_those_who_stay(world: World) -> None:
    given, stage = load(world), world.stage("first-look")
    with clock.set_to(stage.closes_at.replace(year=2027)), pytest.raises(StageNotOpen):
        save(world.session, given, page(), {}, {})
    with clock.set_to(DURING):
        leaving.withdraw(world.session, world.experts[0], "expert")
        with pytest.raises(Withdrawn):
            save(world.session, given, page(), {}, {})
        save(world.session, load(world, 1), page(), {}, {})
