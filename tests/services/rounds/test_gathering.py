"""Gathering: the tables of a stage are those of the rows."""

from collections import Counter

from sqlalchemy import func, select

from consult.models import Answer, MeasureVersion, Submission, VariableRow
from consult.services.rounds import results
from consult.services.rounds.gathering import stage_input
from consult.services.rounds.starting import registered_protocol
from tests.services.conftest import MakeWorld, World, reworked
from tests.services.playing import play
from tests.services.rounds.holding import KEYS, hold, reword
from tests.services.samples import every_type


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


def test_numbers_are_labelled_by_what_the_whole_panel_said(panel_of_ten: World) -> None:
    """Each value once, in order, the same in every group, however few of it gave one."""
    stage = panel_of_ten.stage("first-look")
    given = stage_input(
        panel_of_ten.session,
        panel_of_ten.consultation,
        stage,
        registered_protocol(panel_of_ten.session, panel_of_ten.consultation),
    )
    said = sorted(
        panel_of_ten.session.scalars(
            select(Answer.value)
            .join(VariableRow, VariableRow.id == Answer.variable_id)
            .where(VariableRow.key == "projects", Answer.value.is_not(None))
            .distinct()
        )
    )
    tables = [[table for table in given.variables if table.key == "projects"]]
    tables += [[table for table in group if table.key == "projects"] for group in given.by_group.values()]
    assert [len(found) for found in tables] == [1, 1, 1]
    assert {found[0].labels for found in tables} == {tuple(map(str, said))} != {()}
    (whole,), *groups = tables
    assert sum(int(found[0].histogram.n) for found in groups) == int(whole.histogram.n) > 0


def test_a_number_that_nobody_gave_has_one_empty_place(make_world: MakeWorld) -> None:
    world = make_world(2, definition=every_type())
    stage = world.stage("first-look")
    play(world.session, world.definition, world.consultation, [], stage)
    found = results.frozen_content(world.session, stage).variables["projects"]
    assert (found.labels, found.counts, found.n) == (("0",), (0,), 0)


def test_what_is_never_shown_is_not_even_counted(make_world: MakeWorld) -> None:
    questions = every_type().model_dump(mode="json", by_alias=True, exclude_none=True)["questionnaires"]
    for question in questions["first-look"]["sections"][0]["questions"]:
        if question["key"] == "mood":
            question["disclosure"] = "never"
    world = make_world(3, definition=reworked(every_type(), questionnaires=questions))
    stage = world.stage("first-look")
    play(world.session, world.definition, world.consultation, world.experts, stage)
    found = results.frozen_content(world.session, stage).variables
    assert "mood" not in found and "role" in found
    assert not {"named", "last", "tell"} & set(found), "for the secretariat, or texts"
