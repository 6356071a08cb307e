"""Gathering: the tables of a stage are those of the rows."""

from collections import Counter

from sqlalchemy import func, select

from consult.models import Answer, MeasureVersion, Submission, VariableRow
from consult.services.rounds import results
from tests.services.conftest import World
from tests.services.rounds.holding import KEYS, hold, reword


def test_each_rating_points_to_the_wording_that_was_on_screen(panel: World) -> None:
    hold(panel, 1)
    reword(panel, "L1", is_substantive=False)
    hold(panel, 2)
    rows = panel.session.execute(
        select(VariableRow.key, Submission.stage_id, MeasureVersion.number, func.count())
        .join(Answer, Answer.variable_id == VariableRow.id)
        .join(Submission, Submission.id == Answer.submission_id)
        .join(MeasureVersion, MeasureVersion.id == Answer.measure_version_id)
        .group_by(VariableRow.key, Submission.stage_id, MeasureVersion.number)
    )
    ids = {panel.stage(f"round-{number}").id: number for number in (1, 2)}
    found = {(key, ids[stage]): (number, count) for key, stage, number, count in rows}
    assert found == {
        (f"{key}.wish", number): (2 if (key, number) == ("L1", 2) else 1, 9) for key in KEYS for number in (1, 2)
    }
    others = select(func.count()).where(
        Answer.measure_version_id.is_(None), Answer.variable_id == VariableRow.id, VariableRow.key.like("L%.wish")
    )
    assert panel.session.scalar(others) == 0


def test_frozen_tables_are_those_of_the_rows(panel_of_ten: World) -> None:
    content = results.frozen_content(panel_of_ten.session, panel_of_ten.stage("first-look"))
    rows: dict[str, Counter[int]] = {}
    for key, value in panel_of_ten.session.execute(
        select(VariableRow.key, Answer.value).join(Answer, Answer.variable_id == VariableRow.id)
    ):
        if value is not None:
            rows.setdefault(key, Counter())[value] += 1
    first = {"mood": 1, "closeness.trade": 1, "drivers.own": 1, "role": 0, "sectors.trade": 0}
    for key, lo in first.items():
        counts = content.variables[key].counts
        assert {place + lo: n for place, n in enumerate(counts) if n} == rows.get(key, {})
    town = content.variables["shares.town"]
    assert dict(zip(map(int, town.labels), town.counts, strict=True)) == rows["shares.town"]
