"""The release ledger: what was released of whom is remembered, and later releases keep to it."""

import random
from pathlib import Path
from typing import Any

from sqlalchemy import select

from consult import clock
from consult.models import JournalEntry, Population, Result
from consult.services.rounds import ledger, results
from consult.services.running import leaving, stage_acts
from tests.services import playing
from tests.services.conftest import World, town_library

KEY = "L1.wish"


def second_round(folder: Path, *withdrawn: int) -> tuple[dict[str, Any], World]:
    """Eleven rated in round 1, nine in round 2; those in these places withdrew in between."""
    with playing.half_way(town_library(), folder) as world:
        for place in withdrawn:
            leaving.withdraw(world.session, world.experts[place], "test")
        stage = world.stage("round-2")
        with clock.set_to(stage.closes_at.replace(hour=23, minute=59)):
            stage_acts.close_stage(world.session, world.consultation, stage, actor="test", reason="x")
        shown = results.released_json(world.session, stage)
        assert shown is not None
        _look(world, shown)
        return shown, world


def _look(world: World, shown: dict[str, Any]) -> None:
    """The ledger holds both rounds; the journal tells how much stayed back."""
    rows = world.session.scalars(select(Population.tables).order_by(Population.id))
    tables = [table for row in rows for table in row]
    first = [expert.id for expert in world.experts[:11]]
    assert ["round-1/" + KEY, first] in tables, "who withdrew stays where they were counted"
    assert ["round-2/" + KEY, first[:9]] in tables
    acts = world.session.scalars(select(JournalEntry.facts).where(JournalEntry.act == "withhold figures")).all()
    told = [{"stage": "round-2", "figures": len(shown["withheld"])}] if shown["withheld"] else []
    assert list(acts) == told


def stability(shown: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = shown["measures"]["L1"]["criteria"]["wish"]["stability"]["numbers"]
    return found


def test_a_shift_is_withheld_that_would_tell_the_ratings_of_who_withdrew(tmp_path: Path) -> None:
    shown, _ = second_round(tmp_path, 9, 10)
    assert ["stability", "L1", "wish"] in shown["withheld"]
    numbers = stability(shown)
    assert (numbers["median_shift"], numbers["net_change"]) == (None, None)
    assert numbers["suppressed"] == "differencing" and numbers["unchanged"] is not None


def test_nothing_more_is_withheld_where_nobody_withdrew(tmp_path: Path) -> None:
    shown, _ = second_round(tmp_path)
    assert shown["withheld"] == []
    assert stability(shown)["suppressed"] == "differencing", "two left: the floors see it"


def test_populations_are_those_of_the_submissions_that_count(tmp_path: Path) -> None:
    with playing.half_way(town_library(), tmp_path) as world:
        stage = world.stage("round-1")
        found = ledger.populations(world.session, world.consultation, stage)
        assert found.whole[KEY] == frozenset(expert.id for expert in world.experts[:11])
        assert found.whole["nobody.answered.this"] == frozenset()
        grouped = [sets[KEY] for sets in found.groups.values()]
        assert frozenset().union(*grouped) == found.whole[KEY]
        assert sum(map(len, grouped)) == len(found.whole[KEY])
        assert world.session.scalars(select(Result)).all()


def test_who_came_new_is_in_no_comparison(tmp_path: Path) -> None:
    """Eleven rated first; nine of them and one more rated again: two are known from before only."""
    with playing.half_way(town_library(), tmp_path) as world:
        stage = world.stage("round-2")
        with clock.set_to(stage.opens_at):
            playing.answer(
                world.session,
                world.definition,
                world.consultation,
                world.experts[11],
                stage,
                rate=playing.any_point,
                text=playing.TEXT,
                chance=random.Random(1),
            )
        found = ledger.populations(world.session, world.consultation, stage)
        ids = [expert.id for expert in world.experts]
        assert found.whole[KEY] == {*ids[:9], ids[11]}
        there = found.compared[KEY]
        assert (there.variable, there.has_departed) == ("round-1/L1.wish", False)
        assert (there.both, there.only_earlier) == (set(ids[:9]), {ids[9], ids[10]})
