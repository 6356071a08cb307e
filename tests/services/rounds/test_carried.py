"""What a round takes over: ratings of who stopped, picks, verdicts that stand."""

from collections import Counter

from sqlalchemy import select

from consult.models import Answer, VariableRow
from consult.services.rounds import results
from tests.services.conftest import MakeWorld
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
