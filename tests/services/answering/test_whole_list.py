"""All measures of a round at once: own ratings beside the panel's, what is open, where one differs."""

import pytest
from sqlalchemy import event

from consult import clock
from consult.services.answering.responding import find_respondent
from consult.services.answering.saving import marks, save
from consult.services.answering.whole_list import ListedMeasure, whole_list
from consult.services.rounds import results
from consult.services.running import stage_acts
from tests.services.conftest import MakeWorld, World
from tests.services.playing import play
from tests.services.reasons import POINTS, by_place
from tests.services.samples import three_rounds


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    """Eleven experts have rated; round 2 is open."""
    world = make_world(11, definition=three_rounds())
    play(world.session, world.definition, world.consultation, world.experts, world.stage("round-1"), rate=by_place())
    stage = world.stage("round-2")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    return world


def listed(world: World, expert: int = 0, key: str = "round-2") -> dict[str, ListedMeasure]:
    given = find_respondent(
        world.session, world.consultation, world.definition, world.experts[expert], world.stage(key)
    )
    return {one.step.key: one for one in whole_list(world.session, given)}


def type_in(world: World, expert: int, posted: dict[str, list[str]]) -> None:
    stage = world.stage("round-2")
    given = find_respondent(world.session, world.consultation, world.definition, world.experts[expert], stage)
    with clock.set_to(stage.opens_at):
        for key in {name.partition(".")[0] for name in posted}:
            save(world.session, given, given.step(key).asked, posted, marks(given, given.drafts))


def test_own_former_ratings_stand_beside_what_was_released(panel: World) -> None:
    released = results.released_numbers(panel.session, panel.stage("round-1"))
    assert released is not None
    for expert in (0, 10):
        found = listed(panel, expert)
        assert set(found) == set(released.measures)
        for key, one in found.items():
            point = POINTS[f"{key}.wish"][expert]
            assert one.criteria["wish"].own == ("no:dont_know" if point == "-" else point)
            assert one.criteria["wish"].median == released.measures[key].criteria["wish"].median
            assert one.is_open and not one.is_new


def test_who_rated_in_another_band_than_the_median_differs(panel: World) -> None:
    """The median of L4 and L5 is five; the last of eleven gave L5 a one. L3 nobody can say of a no-answer."""
    found = listed(panel, 10)
    assert found["L5"].differs and not found["L4"].differs and not found["L3"].differs
    assert not listed(panel, 0)["L5"].differs


def test_what_is_typed_now_stands_in_place_of_the_former(panel: World) -> None:
    type_in(panel, 10, {"L5.wish": ["5"], "L4.wish": ["no:not_my_field"]})
    found = listed(panel, 10)
    assert found["L5"].criteria["wish"].own == "5" and not found["L5"].differs and not found["L5"].is_open
    former = {key: one.criteria["wish"].is_former for key, one in found.items()}
    assert not former["L5"] and not former["L4"] and former["L1"]
    assert found["L4"].criteria["wish"].own == "no:not_my_field" and not found["L4"].is_open
    assert found["L1"].is_open


def test_the_first_round_knows_nothing_of_a_panel(make_world: MakeWorld) -> None:
    world = make_world(9, definition=three_rounds())
    stage = world.stage("round-1")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    found = listed(world, key="round-1")
    assert len(found) == 7
    for one in found.values():
        assert (one.criteria["wish"].own, one.criteria["wish"].median, one.differs) == ("", None, False)
        assert not one.criteria["wish"].is_former
        assert one.is_open and not one.is_new


def test_statements_do_not_grow_with_the_list(panel: World) -> None:
    given = find_respondent(
        panel.session, panel.consultation, panel.definition, panel.experts[0], panel.stage("round-2")
    )
    whole_list(panel.session, given)
    counts = []
    for wordings in (given.wordings[:2], given.wordings):
        given.wordings = wordings
        given.forget_steps()
        with counting(panel) as said:
            assert len(whole_list(panel.session, given)) == len(wordings)
        counts.append(len(said))
    assert counts[0] == counts[1] > 0


class counting:
    """The statements sent meanwhile."""

    def __init__(self, world: World) -> None:
        self._engine = world.session.get_bind()
        self._said: list[str] = []

    def _hear(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        self._said.append(statement)

    def __enter__(self) -> list[str]:
        event.listen(self._engine, "before_cursor_execute", self._hear)
        return self._said

    def __exit__(self, *_error: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._hear)
