"""Counting in the database equals counting the rows one by one."""

import random
from collections import Counter

import pytest
from sqlalchemy import select

from analysis.protocol.protocol import NO_ANSWER
from analysis.tables.histograms import Histogram
from consult import clock
from consult.definition.rules import build_scale
from consult.models import Answer, Expert, Stage, Submission, VariableRow
from consult.services import submissions
from consult.services.running import leaving, stage_acts
from tests.services.conftest import MakeWorld, World
from tests.services.playing import answer, play
from tests.services.samples import every_type, three_rounds

Cell = tuple[int | None, str | None]
STATES = ["no:dont_know", "no:abstained"]


def moody(key: str, chance: random.Random) -> str:
    return chance.choice(["1", "2", "3", "4", "5", *STATES])


def by_hand(world: World, stage: Stage) -> dict[str, dict[int, Cell]]:
    """Variable -> expert -> value and state, of the newest submissions of those still here."""
    rows = world.session.execute(
        select(Submission.number, Expert.id, VariableRow.key, Answer.value, Answer.state)
        .join(Expert, Expert.id == Submission.expert_id)
        .join(Answer, Answer.submission_id == Submission.id)
        .join(VariableRow, VariableRow.id == Answer.variable_id)
        .where(Submission.stage_id == stage.id, Expert.withdrawn_at.is_(None), VariableRow.level != "text")
    ).all()
    newest: dict[int, int] = {}
    for number, expert, *_ in rows:
        newest[expert] = max(number, newest.get(expert, 0))
    found: dict[str, dict[int, Cell]] = {}
    for number, expert, key, value, state in rows:
        if number == newest[expert]:
            found.setdefault(key, {})[expert] = (value, state)
    return found


def let_answer(world: World, stage: Stage, chance: random.Random, who: list[Expert]) -> None:
    for expert in who:
        answer(
            world.session, world.definition, world.consultation, expert, stage, rate=moody, text="Words", chance=chance
        )


@pytest.mark.parametrize("seed", [1, 2])
def test_group_by_equals_counting_one_by_one(make_world: MakeWorld, seed: int) -> None:
    world, chance = make_world(11, definition=every_type()), random.Random(seed)
    stage = world.stage("first-look")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
        let_answer(world, stage, chance, chance.sample(world.experts, 8))
        leaving.withdraw(world.session, chance.choice(world.experts), "test")
    rows = by_hand(world, stage)
    groups = {expert.id: expert.reporting_group for expert in world.experts}
    counted = submissions.count_values(world.session, stage, ["library", "town"])
    for key, answers in rows.items():
        assert counted[None, key] == Counter(answers.values())
        for group in ("library", "town"):
            inside = Counter(one for id_, one in answers.items() if groups[id_] == group)
            assert counted.get((group, key), {}) == inside
    assert {key for _, key in counted} == set(rows)
    assert {group for group, _ in counted} == {None, "library", "town"}
    assert {group for group, _ in submissions.count_values(world.session, stage)} == {None}
    mood = submissions.histogram(counted[None, "mood"], 1, 5)
    points = [value for value, _ in rows["mood"].values()]
    assert list(mood.counts) == [points.count(point) for point in (1, 2, 3, 4, 5)]
    assert mood.n + int(mood.no_answer.sum()) == len(rows["mood"])


def test_states_stand_above_the_points() -> None:
    assert submissions.code(1, None, 1, 5) == 0 and submissions.code(5, None, 1, 5) == 4
    for place, state in enumerate(NO_ANSWER):
        assert submissions.code(None, state, 1, 5) == 5 + place
    cells = {(1, None): 2, (5, None): 1, (None, "blank"): 3}
    assert submissions.histogram(cells, 1, 5) == Histogram.of([2, 0, 0, 0, 1], {"blank": 3})


def test_who_left_counts_no_more_from_the_next_freeze_on(make_world: MakeWorld) -> None:
    world = make_world(9, definition=three_rounds())
    first, second = world.stage("round-1"), world.stage("round-2")
    play(world.session, world.definition, world.consultation, world.experts, first, rate=moody)
    frozen = submissions.count_values(world.session, first)
    with clock.set_to(second.opens_at):
        stage_acts.open_stage(world.session, world.consultation, second, actor="test")
        let_answer(world, second, random.Random(3), world.experts)
        leaving.withdraw(world.session, world.experts[4], "test")
    counted = submissions.count_values(world.session, second)
    assert sum(frozen[None, "L1.wish"].values()) == 9
    assert sum(counted[None, "L1.wish"].values()) == 8
    with clock.set_to(second.closes_at.replace(month=12)):
        result = stage_acts.close_stage(world.session, world.consultation, second, actor="test")
    assert result is not None and '"submitted":8' in result.content


@pytest.mark.parametrize("seed", [1, 2])
def test_pair_tables_equal_counting_one_by_one(make_world: MakeWorld, seed: int) -> None:
    world, chance = make_world(12, definition=three_rounds()), random.Random(seed)
    first, second = world.stage("round-1"), world.stage("round-2")
    play(
        world.session,
        world.definition,
        world.consultation,
        chance.sample(world.experts, 9),
        first,
        rate=moody,
        seed=seed,
    )
    with clock.set_to(second.opens_at):
        stage_acts.open_stage(world.session, world.consultation, second, actor="test")
        let_answer(world, second, chance, chance.sample(world.experts, 9))
        leaving.withdraw(world.session, chance.choice(world.experts), "test")
    scale = build_scale("WISH5", world.definition.scales["WISH5"])
    keys = [f"L{number}.wish" for number in range(1, 8)]
    tables = submissions.pair_tables(world.session, first, second, [(k, k, scale) for k in keys])
    sides = by_hand(world, first), by_hand(world, second)
    experts = {id_ for side in sides for answers in side.values() for id_ in answers}
    absent = (None, "not_reached")
    for key in keys:
        wanted = Counter(
            tuple(submissions.code(*side[key].get(id_, absent), 1, 5) for side in sides) for id_ in experts
        )
        cells = tables[key].cells
        found = {(r, c): int(cells[r, c]) for r in range(12) for c in range(12) if cells[r, c]}
        assert found == wanted
        assert int(cells.sum()) == len(experts)
    lonely = 5 + NO_ANSWER.index("not_reached")
    any_table = tables[keys[0]].cells
    assert any_table[lonely].sum() and any_table[:, lonely].sum(), "some came once only"
