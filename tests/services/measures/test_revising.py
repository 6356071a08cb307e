"""Measures: changed with a reason only, and never dropped after one rating."""

from collections.abc import Callable

import pytest

from consult.errors import NotFound, NotPossible, ReasonNeeded
from consult.services import journal
from consult.services.measures import measures, revising
from tests.services.conftest import World
from tests.services.measures.changing import add, drop, find, hold, live, merge, reword
from tests.services.playing import play

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
def test_every_change_needs_a_reason(few: World, change: Callable[[World, str], object]) -> None:
    count = len(journal.entries(few.session, few.consultation.id))
    with pytest.raises(ReasonNeeded):
        change(few, " ")
    assert len(journal.entries(few.session, few.consultation.id)) == count
    change(few, "Because")
    assert len(journal.entries(few.session, few.consultation.id)) == count + 1
    fates = measures.newest_fates(few.session, few.consultation.id).values()
    assert "Because" in {fate.reason for fate in fates}


def test_before_it_was_rated_a_measure_can_be_dropped(few: World) -> None:
    drop(few, "L3")
    assert live(few) == ["L1", "L2", "L4", "L5", "L6", "L7"]
    with pytest.raises(NotPossible):
        drop(few, "L3")


def test_never_after_one_rating_but_after_two(few: World) -> None:
    hold(few, 1)
    with pytest.raises(NotPossible, match="rated_once"):
        drop(few, "L3")
    assert "L3" in live(few)
    hold(few, 2)
    drop(few, "L3")
    assert "L3" not in live(few)


def test_nor_while_its_first_round_is_open(few: World) -> None:
    stage = few.stage("round-1")
    play(few.session, few.definition, few.consultation, few.experts, stage)
    stage.closed_at = None
    with pytest.raises(NotPossible, match="rated_once"):
        drop(few, "L3")


def test_a_measure_changed_in_substance_counts_as_rated_anew(few: World) -> None:
    hold(few, 1)
    reword(few, "L3", "Something else", is_substantive=True)
    reword(few, "L4", "The same, better said", is_substantive=False)
    with pytest.raises(NotPossible, match="rated_once"):
        drop(few, "L3")
    hold(few, 2)
    with pytest.raises(NotPossible, match="rated_once"):
        drop(few, "L3")
    drop(few, "L4")


def test_a_measure_new_in_round_2_is_not_dropped_after_it(few: World) -> None:
    hold(few, 1)
    added = add(few)
    assert added.key == "M08" and live(few)[-1] == "M08"
    hold(few, 2)
    with pytest.raises(NotPossible, match="rated_once"):
        drop(few, "M08")


def test_new_keys_do_not_collide(few: World) -> None:
    assert [add(few).key for _ in range(3)] == ["M08", "M09", "M10"]
    found = measures.newest_wordings(few.session, few.consultation.id)
    assert [wording.measure.position for wording in found] == list(range(1, 11))


def test_an_abstention_is_no_rating(few: World) -> None:
    hold(few, 1, "no:dont_know")
    drop(few, "L3")
    assert "L3" not in live(few)


def test_what_is_merged_is_gone_and_cannot_change_any_more(few: World) -> None:
    merge(few, "L3", "L1")
    assert "L3" not in live(few)
    into = find(few, "L1")
    assert into.version.number == 2 and not into.version.is_pairable
    fate = measures.newest_fates(few.session, few.consultation.id)[find(few, "L3").measure.id]
    assert fate.fate == "merged" and fate.into_measure_id == into.measure.id
    with pytest.raises(NotPossible, match=r"measure_is_over.*merged"):
        reword(few, "L3", "Again", is_substantive=False)
    with pytest.raises(NotPossible, match=r"measure_is_over.*merged"):
        merge(few, "L4", "L3")


def test_neither_into_itself_nor_to_the_same_words(few: World) -> None:
    with pytest.raises(NotPossible, match="merged_into_itself"):
        merge(few, "L3", "L3")
    text = find(few, "L3").text["en"]
    with pytest.raises(NotPossible, match="same_wording"):
        reword(few, "L3", text, is_substantive=False)
    with pytest.raises(NotFound):
        find(few, "L9")
