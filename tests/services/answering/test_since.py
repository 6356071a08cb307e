"""What changed since an expert was here: settled and reworded measures, the own reasons and proposals."""

import pytest

from consult import clock
from consult.services.answering.responding import find_respondent
from consult.services.answering.since import Changes, changes_since
from consult.services.measures import comments, moderation
from consult.services.running import leaving, stage_acts
from tests.services.conftest import MakeWorld, World
from tests.services.measures.changing import add
from tests.services.measures.saying import close, open_next, say
from tests.services.playing import play
from tests.services.reasons import by_place
from tests.services.rounds.holding import hold, opened
from tests.services.samples import three_rounds


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    """Nine experts before the first of three rounds."""
    return make_world(9, definition=three_rounds())


def changes(world: World, expert: int = 0, key: str = "round-2") -> Changes | None:
    given = find_respondent(
        world.session, world.consultation, world.definition, world.experts[expert], world.stage(key)
    )
    return changes_since(world.session, given)


def test_in_the_first_round_nothing_changed(panel: World) -> None:
    opened(panel, 1)
    assert changes(panel, key="round-1") is None


def test_measures_settled_and_carried_are_counted(panel: World) -> None:
    hold(panel, 1)
    hold(panel, 2)
    opened(panel, 3)
    found = changes(panel, key="round-3")
    assert found is not None and found.is_anything
    assert (found.settled, found.reworded, found.added) == (6, 0, 0)


def test_a_measure_that_came_in_is_counted(make_world: MakeWorld) -> None:
    world = make_world(9, definition=three_rounds())
    play(world.session, world.definition, world.consultation, world.experts, world.stage("round-1"), rate=by_place())
    with clock.set_to(world.stage("round-1").closes_at):
        add(world)
    opened(world, 2)
    found = changes(world)
    assert found is not None and found.added == 1


def test_the_own_reason_is_named_where_it_is_shown_and_nobody_elses(panel: World) -> None:
    opened(panel, 1)
    for expert in range(9):
        say(panel, expert, f"Reason {expert}")
    close(panel)
    shown = {f"Reason {expert}" for expert in (1, 4)}
    for view in comments.comments(panel.session, panel.consultation):
        if view.text in shown:
            moderation.accept_comment(panel.session, panel.consultation, view.handle, actor="t")
        else:
            moderation.withhold_comment(panel.session, panel.consultation, view.handle, reason="Twice", actor="t")
    open_next(panel)
    named = {}
    for expert in range(9):
        found = changes(panel, expert)
        assert found is not None
        named[expert] = [wording.key for wording in found.reasons]
    assert named == {expert: ["L1"] if expert in (1, 4) else [] for expert in range(9)}


def test_after_an_erasure_no_reason_is_said_to_be_shown(panel: World) -> None:
    opened(panel, 1)
    for expert in range(9):
        say(panel, expert, f"Reason {expert}")
    close(panel)
    for view in comments.comments(panel.session, panel.consultation):
        moderation.accept_comment(panel.session, panel.consultation, view.handle, actor="t")
    leaving.erase(panel.session, panel.experts[3], "test")
    stage = panel.stage("round-2")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(panel.session, panel.consultation, stage, actor="test")
    found = changes(panel, 1)
    assert found is not None and found.reasons == []
