"""Rounds: the locked protocol, what each round asks, and when a measure is settled."""

from typing import Any

import pytest
from sqlalchemy import func, select

from analysis.model.stage import Stage
from consult import clock
from consult.definition.rules import build_protocol
from consult.errors import ProtocolLocked
from consult.fates import Fate, StableVerdicts
from consult.models import (
    Answer,
    MeasureFate,
    MeasureVersion,
    Registration,
    Release,
    Result,
    StageMeasure,
    Submission,
    VariableRow,
)
from consult.services import journal
from consult.services.answering import feedback
from consult.services.answering.responding import respondent
from consult.services.measures import measures, revising
from consult.services.rounds import results
from consult.services.running import publishing, stage_acts
from tests.services.conftest import MakeWorld, World, reworked
from tests.services.playing import play
from tests.services.samples import PROTOCOL, rating, three_rounds

KEYS = ["L1", "L2", "L3", "L4", "L5", "L6", "L7"]
CALM = rating({"L1": "5", "L2": "1", "L3": "3"})
"""The same ratings every time: L1 is in, L2 out, L3 middling, all stable."""


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    """Nine experts before the first of three rounds."""
    return make_world(9, definition=three_rounds())


def hold(world: World, number: int, rate: Any = CALM, experts: slice = slice(None)) -> None:
    play(
        world.session,
        world.definition,
        world.consultation,
        world.experts[experts],
        world.stage(f"round-{number}"),
        rate=rate,
    )


def opened(world: World, number: int) -> list[str]:
    """Open a round; the keys of what it asks."""
    stage = world.stage(f"round-{number}")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    return [wording.key for wording in measures.wordings_in_stage(world.session, stage)]


def frozen(world: World, number: int) -> Stage:
    return results.frozen_content(world.session, world.stage(f"round-{number}"))


def test_the_first_round_registers_the_protocol_once(panel: World) -> None:
    session, definition = panel.session, panel.definition
    assert session.scalar(select(func.count(Registration.id))) == 0
    hold(panel, 1)
    hold(panel, 2)
    row = session.scalars(select(Registration)).one()
    assert definition.measures is not None
    protocol = build_protocol(definition.protocol, definition.scales, definition.measures.criteria)
    assert row.digest == protocol.digest() and row.protocol == protocol.to_dict()
    assert row.locked_at == panel.stage("round-1").opens_at
    acts = [entry.act for entry in journal.entries(session, panel.consultation.id)]
    assert acts.count("register protocol") == 1
    for number in (1, 2):
        result = results.newest_result(session, panel.stage(f"round-{number}"))
        assert result is not None and result.protocol_digest == row.digest


def test_a_questionnaire_does_not_register_it(world: World) -> None:
    play(world.session, world.definition, world.consultation, world.experts, world.stage("first-look"))
    assert world.session.scalar(select(func.count(Registration.id))) == 0


def test_no_verdict_under_another_protocol(panel: World) -> None:
    session, stage = panel.session, panel.stage("round-1")
    opened(panel, 1)
    easier = {**PROTOCOL, "consensus": {**PROTOCOL["consensus"], "minimum_n": 3}}
    other = reworked(panel.definition, protocol=easier)
    publishing._add_definition(session, panel.consultation.id, other, stage.opens_at)
    with clock.set_to(stage.closes_at), pytest.raises(ProtocolLocked), session.begin_nested():
        stage_acts.close_stage(session, panel.consultation, stage, actor="test")
    assert stage.closed_at is None
    assert session.scalar(select(func.count(Result.id))) == 0
    assert session.scalar(select(func.count(Release.id))) == 0


def test_everything_is_rated_twice_and_nothing_settled_after_the_first_round(panel: World) -> None:
    hold(panel, 1)
    assert not any(measure.settled for measure in frozen(panel, 1).measures.values())
    assert frozen(panel, 1).measures["L1"].criteria["wish"].verdict.verdict == "in"
    assert opened(panel, 2) == KEYS


def test_what_is_settled_is_not_asked_again(panel: World) -> None:
    hold(panel, 1)
    hold(panel, 2)
    settled = {key for key, one in frozen(panel, 2).measures.items() if one.settled}
    assert settled == {"L1", "L2", "L4", "L5", "L6", "L7"}
    assert opened(panel, 3) == ["L3"]
    surviving = measures.surviving_wordings(panel.session, panel.consultation.id)
    assert [wording.key for wording in surviving] == KEYS
    third = panel.stage("round-3")
    given = respondent(panel.session, panel.consultation, panel.definition, panel.experts[0], third)
    told = {wording.key: numbers for wording, numbers in feedback.settled_measures(panel.session, given)}
    assert set(told) == settled
    assert told["L1"].criteria["wish"].counts == (0, 0, 0, 0, 9)
    picks = {option.key for step in given.steps() for item in step.asked for option in item.options}
    assert picks == set(KEYS), "everyone picks from all surviving measures"


def test_moving_measures_are_not_settled(panel: World) -> None:
    hold(panel, 1, rating({"L1": "1"}))
    hold(panel, 2, rating({"L1": "5"}))
    one = frozen(panel, 2).measures["L1"]
    assert one.criteria["wish"].verdict.verdict == "in" and not one.settled
    assert "L1" in opened(panel, 3)


def test_a_measure_new_in_round_2_is_in_round_3(panel: World) -> None:
    hold(panel, 1)
    content = {
        "title": {"en": "A garden"},
        "text": {"en": "Trees."},
        "actors": [],
        "barriers": [],
        "instrument": None,
        "late": False,
    }
    revising.add_measure(panel.session, panel.consultation, content, theme="house", reason="Proposed", actor="test")
    assert opened(panel, 2)[-1] == "M08"
    second = panel.stage("round-2")
    given = respondent(panel.session, panel.consultation, panel.definition, panel.experts[0], second)
    shown = {w.key: feedback.feedback_for(panel.session, given, w) for w in given.wordings}
    assert [key for key, known in shown.items() if known is None] == ["M08"]
    second.opened_at = None
    panel.session.execute(StageMeasure.__table__.delete().where(StageMeasure.stage_id == second.id))  # type: ignore[attr-defined]
    hold(panel, 2)
    one = frozen(panel, 2).measures["M08"]
    assert one.rounds_rated == 1 and not one.settled
    assert one.criteria["wish"].stability.numbers is None
    assert opened(panel, 3) == ["L3", "M08"]


def reword(world: World, key: str, *, is_substantive: bool) -> None:
    wording = measures.find_measure(world.session, world.consultation.id, key)
    words = {"en": f"Other words of {wording.text['en']}"}
    revising.reword_measure(
        world.session,
        world.consultation,
        wording,
        {"text": words},
        is_substantive=is_substantive,
        reason="Unclear",
        actor="test",
    )


def test_an_editorial_change_keeps_the_pairs_and_a_substantive_one_breaks_them(panel: World) -> None:
    hold(panel, 1)
    reword(panel, "L1", is_substantive=False)
    reword(panel, "L2", is_substantive=True)
    reword(panel, "L3", is_substantive=True)
    reword(panel, "L3", is_substantive=False)
    hold(panel, 2)
    content = frozen(panel, 2)
    assert set(content.hidden.transitions) == set(KEYS) - {"L2", "L3"}
    for key, times in (("L1", 2), ("L2", 1), ("L3", 1), ("L4", 2)):
        one = content.measures[key]
        assert one.rounds_rated == times
        assert (one.criteria["wish"].stability.numbers is not None) == (times == 2)
        assert one.settled == (times == 2)
    assert opened(panel, 3) == ["L2", "L3"]


def test_after_a_substantive_change_the_old_wording_and_rating_are_shown_but_cannot_be_kept(panel: World) -> None:
    hold(panel, 1)
    reword(panel, "L1", is_substantive=False)
    reword(panel, "L2", is_substantive=True)
    opened(panel, 2)
    given = respondent(panel.session, panel.consultation, panel.definition, panel.experts[0], panel.stage("round-2"))
    known = {w.key: feedback.feedback_for(panel.session, given, w) for w in given.wordings}
    first, second, third = known["L1"], known["L2"], known["L4"]
    assert first is not None and first.is_pairable and first.former is not None
    assert second is not None and not second.is_pairable and second.former is not None
    assert second.former.text["en"].startswith("Sewing machines")
    assert second.criteria["wish"].own == 1
    assert third is not None and third.former is None and third.is_pairable


def test_a_merger_inherits_no_ratings(panel: World) -> None:
    hold(panel, 1)
    one, into = (measures.find_measure(panel.session, panel.consultation.id, key) for key in ("L6", "L1"))
    revising.merge_measure(
        panel.session,
        panel.consultation,
        one,
        into,
        reason="The same idea",
        actor="test",
        content={"text": {"en": "Both."}},
    )
    hold(panel, 2)
    content = frozen(panel, 2)
    assert "L6" not in content.measures
    assert content.measures["L1"].rounds_rated == 1
    assert "L1" not in content.hidden.transitions
    assert not content.measures["L1"].settled
    assert opened(panel, 3) == ["L1", "L3"]
    surviving = measures.surviving_wordings(panel.session, panel.consultation.id)
    assert "L6" not in [wording.key for wording in surviving]
    texts = results.released_texts(panel.session, panel.stage("round-1"))
    assert texts is not None
    assert texts["format"] == 2
    assert texts["fates"]["L6"] == {
        "fate": "merged",
        "code": None,
        "facts": {},
        "reason": "The same idea",
        "into": "L1",
    }
    assert texts["fates"]["L1"]["fate"] == "reworded", "that it is rated again says less"
    assert texts["fates"]["L4"] == {
        "fate": "carried",
        "code": "goes_into",
        "facts": {"stage": "round-2"},
        "reason": None,
        "into": None,
    }


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


def test_variables_are_the_same_in_every_round(panel: World) -> None:
    hold(panel, 1)
    ids = select(VariableRow.id, VariableRow.key).where(VariableRow.key.like("L%.wish"))
    first = sorted(map(tuple, panel.session.execute(ids)))
    hold(panel, 2)
    assert sorted(map(tuple, panel.session.execute(ids))) == first
    assert len(first) == 7


IN = StableVerdicts((("wish", "in"),))


def test_a_measure_dropped_while_a_round_is_open_stays_dropped(panel: World) -> None:
    hold(panel, 1)
    opened(panel, 2)
    wording = measures.find_measure(panel.session, panel.consultation.id, "L4")
    revising._decide(panel.session, wording.measure, Fate.DROPPED, "Gone")
    revising.settle(panel.session, panel.stage("round-2"), {"L4": IN, "L5": IN})
    fates = measures.newest_fates(panel.session, panel.consultation.id)
    keys = {w.measure.id: w.key for w in measures.newest_wordings(panel.session, panel.consultation.id)}
    assert {keys[id_]: fate.fate for id_, fate in fates.items() if keys[id_] in ("L4", "L5")} == {
        "L4": "dropped",
        "L5": "settled",
    }
    assert panel.session.scalar(select(func.count(MeasureFate.id))) == 9
