"""Finishing: after the last round only, once, and nothing about the measures changes after it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from analysis.canonical import digest
from consult import clock
from consult.errors import NotPossible
from consult.models import MeasureFate, Release
from consult.services import journal
from consult.services.measures import comments, measures, moderation, revising
from consult.services.rounds.results import released_texts
from consult.services.rounds.statuses import provisional, statuses_of
from consult.services.running import finishing, lookahead, stage_acts
from consult.statuses import Status
from tests.services.conftest import MakeWorld, World
from tests.services.measures.changing import CONTENT
from tests.services.playing import play
from tests.services.samples import rating, three_rounds

WHY = "Because"


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return make_world(12, definition=three_rounds())


def hold(world: World, number: int) -> None:
    """All rate everything 5, in the second round 1: each round moves, and nothing is settled."""
    play(
        world.session,
        world.definition,
        world.consultation,
        world.experts,
        world.stage(f"round-{number}"),
        rate=rating({}, "1" if number == 2 else "5"),
    )


def find(world: World, key: str) -> measures.Wording:
    return measures.find_measure(world.session, world.consultation.id, key)


def reworded(world: World) -> None:
    revising.reword_measure(
        world.session,
        world.consultation,
        find(world, "L1"),
        {"text": {"en": "x"}},
        is_substantive=False,
        reason=WHY,
        actor="test",
    )


def added(world: World) -> None:
    revising.add_measure(world.session, world.consultation, CONTENT, theme="house", reason=WHY, actor="test")


def dropped(world: World) -> None:
    revising.drop_measure(world.session, world.consultation, find(world, "L1"), reason=WHY, actor="test")


def merged(world: World) -> None:
    revising.merge_measure(
        world.session, world.consultation, find(world, "L2"), find(world, "L3"), reason=WHY, actor="test"
    )


def over(world: World) -> None:
    """All rounds, and a measure that came too late for them."""
    for number in (1, 2, 3):
        hold(world, number)
    added(world)


def finish(world: World) -> Release:
    return finishing.finish(world.session, world.consultation, actor="test")


def test_not_before_the_last_round_is_frozen(world: World) -> None:
    with pytest.raises(NotPossible, match="round_ahead"):
        finish(world)
    for number in (1, 2):
        hold(world, number)
        assert finishing.hindrance(world.session, world.consultation) is not None
        with pytest.raises(NotPossible, match="round_ahead"):
            finish(world)
    hold(world, 3)
    assert finishing.hindrance(world.session, world.consultation) is None
    finish(world)


def test_a_round_that_was_never_held_is_not_waited_for(world: World) -> None:
    hold(world, 1)
    hold(world, 2)
    third = world.stage("round-3")
    with clock.set_to(third.closes_at + timedelta(days=1)):
        assert finishing.last_round(world.session, world.consultation).key == "round-2"
        finish(world)
        with pytest.raises(NotPossible, match="finished"):
            stage_acts.extend_stage(
                world.session, world.consultation, third, third.closes_at + timedelta(days=9), actor="test", reason=WHY
            )


def test_nothing_to_finish_where_no_round_was_held(world: World) -> None:
    with clock.set_to(world.stage("round-3").closes_at + timedelta(days=1)):
        with pytest.raises(NotPossible, match="no_round_held"):
            finish(world)
        assert finishing.hindrance(world.session, world.consultation) is not None


def test_every_measure_gets_a_status_the_dropped_and_the_merged_too(world: World) -> None:
    hold(world, 1)
    hold(world, 2)
    dropped(world)
    merged(world)
    hold(world, 3)
    added(world)
    before = provisional(world.session, world.consultation)
    assert before is not None and not before.is_final and before.after == 3
    release = finish(world)
    found = statuses_of(world.session, world.consultation)
    assert found is not None and found.is_final and found.measures == before.measures
    keys = [item.key for item in measures.newest_wordings(world.session, world.consultation.id)]
    assert list(found.measures) == keys
    assert found.measures["L1"] == Status("dropped", "round-2", 1, None)
    assert found.measures["L2"] == Status("merged", "round-2", 1, "L3")
    # all rated 1, then all 5: agreed as high, and moved; L3 reads otherwise since the merger
    assert found.measures["L4"] == Status("still_moving", "round-3", 1, None)
    assert found.measures["L3"] == Status("stability_unknown", "round-3", 2, None)
    assert found.measures[keys[-1]] == Status("unrated", None, None, None)
    assert digest(release.content) == release.digest


def _as_if_decided_later(world: World) -> None:
    """A fate written past the services, which refuse one."""
    measure = find(world, "L1").measure
    world.session.add(
        MeasureFate(
            consultation_id=world.consultation.id,
            stage_id=None,
            measure_id=measure.id,
            fate="dropped",
            into_measure_id=None,
            decided_at=clock.utc_now(),
            reason=WHY,
            facts={},
        )
    )
    world.session.flush()


def test_the_final_status_is_read_and_never_reckoned_again(world: World) -> None:
    over(world)
    finish(world)
    found = statuses_of(world.session, world.consultation)
    assert found is not None
    _as_if_decided_later(world)
    now = provisional(world.session, world.consultation)
    assert now is not None and now.measures != found.measures
    assert statuses_of(world.session, world.consultation) == found


def test_the_reasons_of_the_last_round_are_released_with_it(world: World) -> None:
    over(world)
    last = world.stage("round-3")
    assert released_texts(world.session, last) is None
    waiting = [item for item in comments.comments(world.session, world.consultation) if item.stage == "round-3"]
    assert waiting
    for comment in waiting:
        moderation.accept_comment(world.session, world.consultation, comment.handle, actor="test")
    finish(world)
    told = released_texts(world.session, last)
    assert told is not None and any(any(sides.values()) for sides in told["reasons"].values())
    with pytest.raises(NotPossible, match="reasons_released"):
        moderation.withhold_comment(world.session, world.consultation, waiting[0].handle, reason="late", actor="test")


@pytest.mark.parametrize("change", [added, dropped, merged, reworded, finish])
def test_then_nothing_about_the_measures_changes(world: World, change: Callable[[World], object]) -> None:
    over(world)
    finish(world)
    before = statuses_of(world.session, world.consultation)
    with pytest.raises(NotPossible, match="finished"):
        change(world)
    assert statuses_of(world.session, world.consultation) == before
    assert [entry.act for entry in journal.entries(world.session, world.consultation.id)][-1] == "finish"


def test_before_it_one_learns_what_is_left_undecided(world: World) -> None:
    over(world)
    seen = lookahead.before_the_finish(world.session, world.consultation)
    waiting = [item for item in comments.closed_comments(world.session, world.consultation) if item.is_waiting]
    assert seen.is_end and seen.unmoderated == len(waiting) > 0
    assert seen.told == 0  # nobody was invited by mail
