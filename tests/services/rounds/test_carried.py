"""What a round takes over: ratings of who stopped, picks, verdicts that stand."""

from collections import Counter

from sqlalchemy import select

from analysis.protocol.protocol import NO_ANSWER
from analysis.result.stage_input import MeasureInput
from analysis.tables.histograms import Histogram
from analysis.tables.pairs import PairTable
from consult.models import Answer, VariableRow
from consult.services.rounds import results
from consult.services.rounds.carried import carried, picked
from consult.services.submissions import Cells
from tests.services.conftest import MakeWorld, reworked
from tests.services.playing import play
from tests.services.samples import rating, three_rounds


def test_priorities_are_ranked_by_picks_settled_measures_included(make_world: MakeWorld) -> None:
    world = make_world(10, definition=three_rounds())
    for number in (1, 2, 3):
        play(
            world.session,
            world.definition,
            world.consultation,
            world.experts,
            world.stage(f"round-{number}"),
            rate=rating({"L1": "5", "L3": "3"}),
        )
    third = world.stage("round-3")
    content = results.frozen_content(world.session, third)
    assert list(content.measures) == ["L3"]
    picked = Counter(
        key.removeprefix("picks.")
        for key in world.session.scalars(
            select(VariableRow.key)
            .join(Answer, Answer.variable_id == VariableRow.id)
            .where(VariableRow.key.startswith("picks."), Answer.value == 1)
        )
    )
    ranked = content.priorities
    assert {row.key: row.picks for row in ranked} == {f"L{number}": picked[f"L{number}"] for number in range(1, 8)}
    assert [row.picks for row in ranked] == sorted(picked.values(), reverse=True) + [0] * (7 - len(picked))
    assert {row.key: row.median for row in ranked}["L1"] == 5
    assert all(row.n == 10 for row in ranked)


def test_ratings_of_who_stopped_are_added_where_they_last_stood() -> None:
    """Four rated twice and three before only; a fourth had no opinion then and carries none."""
    now = Histogram.of([0, 0, 1, 2, 1], {"dont_know": 1})
    absent = 5 + NO_ANSWER.index("not_reached")
    stopped = [(0, absent, 1), (4, absent, 2), (5 + NO_ANSWER.index("dont_know"), absent, 1)]
    pair = PairTable.from_rows([(2, 2, 1), (3, 3, 2), (4, 4, 1), *stopped], 5)
    rated = MeasureInput("L1", {"wish": now}, {"wish": pair}), MeasureInput("L2", {"wish": now})
    found = carried(rated)
    assert set(found) == {("L1", "wish")}, "a measure without a round before carries nothing"
    assert found["L1", "wish"].counts.tolist() == [1, 0, 1, 2, 3]
    assert found["L1", "wish"].no_answer.tolist() == now.no_answer.tolist()


def test_picks_are_those_of_the_round_that_asks_for_them(make_world: MakeWorld) -> None:
    world = make_world(0, definition=three_rounds())
    counts: dict[tuple[str | None, str], Cells] = {
        (None, "picks.L2"): {(1, None): 3, (0, None): 6},
        (None, "picks.L1"): {(0, None): 9},
        ("library", "picks.L3"): {(1, None): 1},
        (None, "picks.L4"): {(None, "not_reached"): 9},
        (None, "L1.wish"): {(4, None): 9},
    }
    found = {number: picked(world.definition, world.stage(f"round-{number}"), counts) for number in (1, 2, 3)}
    assert found == {1: None, 2: None, 3: {"L1": "picks.L1", "L2": "picks.L2"}}


def test_another_round_that_offers_measures_asks_for_no_picks(make_world: MakeWorld) -> None:
    content = three_rounds().model_dump(mode="json", by_alias=True, exclude_none=True)
    unasked = {**content["protocol"], "priorities": {"pick": 2, "round": 2}}
    counts: dict[tuple[str | None, str], Cells] = {(None, "picks.L2"): {(1, None): 3}}
    world = make_world(0, definition=reworked(three_rounds(), protocol=unasked))
    assert picked(world.definition, world.stage("round-3"), counts) is None, "it is not the round for it"
    assert picked(world.definition, world.stage("round-2"), counts) is None, "it asks nothing"
    none = {name: part for name, part in content["protocol"].items() if name != "priorities"}
    plain = reworked(three_rounds(), protocol={**none, "priorities": None})
    assert picked(plain, world.stage("round-3"), counts) is None
