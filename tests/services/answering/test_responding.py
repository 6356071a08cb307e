"""An expert's way: where routing leads, and in which order measures come."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from consult import clock
from consult.errors import NotFound
from consult.services.answering.gaps import open_problems
from consult.services.answering.responding import find_respondent
from consult.services.answering.saving import marks, save
from consult.services.running import stage_acts
from tests.services.answering.filling import load
from tests.services.conftest import MakeWorld, World
from tests.services.samples import three_rounds

DURING = datetime(2026, 9, 8, 12, tzinfo=UTC)


def test_routing_leads_on_as_one_answers(world: World) -> None:
    given = load(world)
    assert [step.key for step in given.steps()] == ["hello", "closeness", "more", "last"]
    with clock.set_to(DURING):
        save(world.session, given, given.step("closeness").asked, {"joined": ["yes"]}, {})
        assert "projects" in [step.key for step in given.steps()]
        save(world.session, given, given.step("projects").asked, {"projects": ["12"]}, {})
        save(world.session, given, given.step("tell").asked, {"tell": ["A story"]}, {})
        assert "more" in [item.key for item in given.step("more").asked]
        asked = given.step("closeness").asked
        save(world.session, given, asked, {"joined": ["no"]}, marks(given, ["joined"]))
    steps = [item.key for step in given.steps() for item in step.asked]
    assert not {"projects", "tell", "more"} & set(steps)
    with pytest.raises(NotFound):
        given.step("projects")
    assert {problem.name for _, problem in open_problems(given)} == {"role", "sectors", "shares.town", "mood", "named"}


def test_a_strange_number_does_not_break_routing(world: World) -> None:
    given = load(world)
    with clock.set_to(DURING):
        save(world.session, given, given.step("closeness").asked, {"joined": ["yes"]}, {})
        for odd in ("²", "--5", "1e3", "1 2", "٣,٣"):
            seen = marks(given, ["projects"])
            asked = given.step("projects").asked
            assert save(world.session, given, asked, {"projects": [odd]}, seen).problems
            assert "tell" not in [step.key for step in given.steps()]


def test_each_expert_has_an_order_of_measures_with_themes_together(make_world: MakeWorld) -> None:
    world = make_world(8, definition=three_rounds())
    stage = world.stage("round-1")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    orders = []
    for expert in world.experts:
        twice = [find_respondent(world.session, world.consultation, world.definition, expert, stage) for _ in range(2)]
        first, second = ([w.key for w in given.ordered_wordings()] for given in twice)
        assert first == second
        themes = [wording.measure.theme for wording in twice[0].ordered_wordings()]
        assert sum(a != b for a, b in pairwise(themes)) == 1
        orders.append(tuple(first))
    assert len(set(orders)) > 3


def test_a_page_of_a_measure_has_its_title_and_others_none(make_world: MakeWorld) -> None:
    world = make_world(1, definition=three_rounds())
    stage = world.stage("round-1")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    given = load(world, key="round-1")
    assert given.step("L1").measure_title == {"en": "A quiet reading room"}
    (questions,) = (step for step in given.steps() if step.wording is None)
    assert questions.measure_title is None
