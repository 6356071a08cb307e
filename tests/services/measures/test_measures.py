"""Measures: changed with a reason only, and never dropped after one rating."""

from collections.abc import Callable
from typing import Any

import pytest

from consult import clock
from consult.errors import NotFound, NotPossible, ReasonNeeded
from consult.services import journal
from consult.services.measures import measures, revising
from consult.services.measures.measures import Wording
from consult.services.running import publishing, stage_acts
from tests.services.conftest import MakeWorld, World
from tests.services.playing import play
from tests.services.samples import rating, three_rounds

CONTENT: dict[str, Any] = {
    "title": {"en": "A garden"},
    "text": {"en": "Trees."},
    "actors": [],
    "barriers": [],
    "instrument": None,
    "late": False,
}
MOVING = {1: "1", 2: "5"}


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    return make_world(3, definition=three_rounds())


def hold(world: World, number: int, point: str = "") -> None:
    play(
        world.session,
        world.definition,
        world.consultation,
        world.experts,
        world.stage(f"round-{number}"),
        rate=rating({}, point or MOVING[number]),
    )


def find(world: World, key: str) -> Wording:
    return measures.find_measure(world.session, world.consultation.id, key)


def live(world: World) -> list[str]:
    found = measures.live_wordings(world.session, world.consultation.id)
    return [wording.key for wording in found]


def drop(world: World, key: str, reason: str = "Nobody wants it") -> None:
    revising.drop_measure(world.session, world.consultation, find(world, key), reason=reason, actor="test")


def reword(world: World, key: str, text: str, *, is_substantive: bool) -> Wording:
    return revising.reword_measure(
        world.session,
        world.consultation,
        find(world, key),
        {"text": {"en": text}},
        is_substantive=is_substantive,
        reason="Unclear",
        actor="test",
    )


def add(world: World, reason: str = "Missing") -> Wording:
    return revising.add_measure(world.session, world.consultation, CONTENT, theme="house", reason=reason, actor="test")


def merge(world: World, key: str, into: str, reason: str = "The same") -> None:
    revising.merge_measure(
        world.session, world.consultation, find(world, key), find(world, into), reason=reason, actor="test"
    )


CHANGES: list[Callable[[World, str], object]] = [
    lambda world, reason: drop(world, "L1", reason),
    lambda world, reason: merge(world, "L1", "L2", reason),
    lambda world, reason: add(world, reason),
    lambda world, reason: revising.reword_measure(
        world.session,
        world.consultation,
        find(world, "L1"),
        {"text": {"en": "x"}},
        is_substantive=True,
        reason=reason,
        actor="test",
    ),
]


@pytest.mark.parametrize("change", CHANGES, ids=["drop", "merge", "add", "reword"])
def test_every_change_needs_a_reason(panel: World, change: Callable[[World, str], object]) -> None:
    count = len(journal.entries(panel.session, panel.consultation.id))
    with pytest.raises(ReasonNeeded):
        change(panel, " ")
    assert len(journal.entries(panel.session, panel.consultation.id)) == count
    change(panel, "Because")
    assert len(journal.entries(panel.session, panel.consultation.id)) == count + 1
    fates = measures.newest_fates(panel.session, panel.consultation.id).values()
    assert "Because" in {fate.reason for fate in fates}


def test_before_it_was_rated_a_measure_can_be_dropped(panel: World) -> None:
    drop(panel, "L3")
    assert live(panel) == ["L1", "L2", "L4", "L5", "L6", "L7"]
    with pytest.raises(NotPossible):
        drop(panel, "L3")


def test_never_after_one_rating_but_after_two(panel: World) -> None:
    hold(panel, 1)
    with pytest.raises(NotPossible, match="rated_once"):
        drop(panel, "L3")
    assert "L3" in live(panel)
    hold(panel, 2)
    drop(panel, "L3")
    assert "L3" not in live(panel)


def test_nor_while_its_first_round_is_open(panel: World) -> None:
    stage = panel.stage("round-1")
    play(panel.session, panel.definition, panel.consultation, panel.experts, stage)
    stage.closed_at = None
    with pytest.raises(NotPossible, match="rated_once"):
        drop(panel, "L3")


def test_a_measure_changed_in_substance_counts_as_rated_anew(panel: World) -> None:
    hold(panel, 1)
    reword(panel, "L3", "Something else", is_substantive=True)
    reword(panel, "L4", "The same, better said", is_substantive=False)
    with pytest.raises(NotPossible, match="rated_once"):
        drop(panel, "L3")
    hold(panel, 2)
    with pytest.raises(NotPossible, match="rated_once"):
        drop(panel, "L3")
    drop(panel, "L4")


def test_a_measure_new_in_round_2_is_not_dropped_after_it(panel: World) -> None:
    hold(panel, 1)
    added = add(panel)
    assert added.key == "M08" and live(panel)[-1] == "M08"
    hold(panel, 2)
    with pytest.raises(NotPossible, match="rated_once"):
        drop(panel, "M08")


def test_new_keys_do_not_collide(panel: World) -> None:
    assert [add(panel).key for _ in range(3)] == ["M08", "M09", "M10"]
    found = measures.newest_wordings(panel.session, panel.consultation.id)
    assert [wording.measure.position for wording in found] == list(range(1, 11))


def test_an_abstention_is_no_rating(panel: World) -> None:
    hold(panel, 1, "no:dont_know")
    drop(panel, "L3")


def test_what_is_merged_is_gone_and_cannot_change_any_more(panel: World) -> None:
    merge(panel, "L3", "L1")
    assert "L3" not in live(panel)
    into = find(panel, "L1")
    assert into.version.number == 2 and not into.version.is_pairable
    fate = measures.newest_fates(panel.session, panel.consultation.id)[find(panel, "L3").measure.id]
    assert fate.fate == "merged" and fate.into_measure_id == into.measure.id
    with pytest.raises(NotPossible, match=r"measure_is_over.*merged"):
        reword(panel, "L3", "Again", is_substantive=False)
    with pytest.raises(NotPossible, match=r"measure_is_over.*merged"):
        merge(panel, "L4", "L3")


def test_neither_into_itself_nor_to_the_same_words(panel: World) -> None:
    with pytest.raises(NotPossible, match="merged_into_itself"):
        merge(panel, "L3", "L3")
    text = find(panel, "L3").text["en"]
    with pytest.raises(NotPossible, match="same_wording"):
        reword(panel, "L3", text, is_substantive=False)
    with pytest.raises(NotFound):
        find(panel, "L9")


def test_wordings_are_kept_and_the_newest_counts(panel: World) -> None:
    first = find(panel, "L3")
    reword(panel, "L3", "Second", is_substantive=False)
    third = reword(panel, "L3", "Third", is_substantive=True)
    assert find(panel, "L3").version.id == third.version.id
    assert third.title == first.title and third.text == {"en": "Third"}
    assert [w.key for w in measures.newest_wordings(panel.session, panel.consultation.id)] == [
        "L1",
        "L2",
        "L3",
        "L4",
        "L5",
        "L6",
        "L7",
    ]


def test_an_open_round_keeps_its_wording(panel: World) -> None:
    stage = panel.stage("round-1")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(panel.session, panel.consultation, stage, actor="test")
    before = {w.key: w.version.id for w in measures.wordings_in_stage(panel.session, stage)}
    reword(panel, "L3", "Second", is_substantive=False)
    add(panel)
    after = {w.key: w.version.id for w in measures.wordings_in_stage(panel.session, stage)}
    assert after == before


def test_two_consultations_do_not_share_measures(make_world: MakeWorld) -> None:
    one = make_world(1, definition=three_rounds())
    revising.drop_measure(one.session, one.consultation, find(one, "L1"), reason="Gone", actor="test")
    other = publishing.publish(one.session, three_rounds(), actor="test", slug="other")
    found = measures.live_wordings(one.session, other.id)
    assert [wording.key for wording in found] == ["L1", "L2", "L3", "L4", "L5", "L6", "L7"]
    assert "L1" not in live(one)
