"""The evidence on a measure is shown as the protocol says, and never later than the nominal date."""

import pytest

from consult import clock
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.services.answering.evidence import EvidenceState, MeasureEvidence, evidence_for
from consult.services.answering.feedback import feedback_for
from consult.services.answering.responding import Respondent, find_respondent
from consult.services.answering.saving import marks, save
from tests.services.conftest import MakeWorld, World, reworked, town_library
from tests.services.rounds.holding import hold, opened
from tests.sources import ROOT


def ruled(evidence: str | None) -> Definition:
    protocol = town_library().protocol.model_dump(mode="json", by_alias=True, exclude_none=True)
    feedback = protocol["feedback"] | ({"evidence": evidence} if evidence else {})
    return reworked(town_library(), protocol={**protocol, "feedback": feedback})


def at(world: World, stage: str, expert: int) -> Respondent:
    return find_respondent(
        world.session, world.consultation, world.definition, world.experts[expert], world.stage(stage)
    )


def seen(world: World, stage: str, measure: str = "L1", expert: int = 0) -> MeasureEvidence | None:
    given = at(world, stage, expert)
    step = given.step(measure)
    assert step.wording is not None
    return evidence_for(given, step, feedback_for(world.session, given, step.wording))


WITH, WITHOUT = "L1", "L2"
"""A measure with evidence and one without."""


@pytest.mark.parametrize("rule", [None, "never"])
def test_left_out_unless_the_protocol_says_otherwise(make_world: MakeWorld, rule: str | None) -> None:
    world = make_world(9, definition=ruled(rule))
    opened(world, 1)
    assert seen(world, "round-1") == MeasureEvidence(EvidenceState.LEFT_OUT)


def test_on_request_it_can_be_read_at_once(make_world: MakeWorld) -> None:
    world = make_world(9, definition=ruled("on_request"))
    opened(world, 1)
    found = seen(world, "round-1", WITH)
    assert found is not None and found.state == EvidenceState.SHOWN
    assert found.pieces == world.definition.evidence.get(WITH, ()) != ()
    assert seen(world, "round-1", WITHOUT) == MeasureEvidence(EvidenceState.NONE)


def test_after_the_first_rating_it_can_be_read_by_who_has_rated(make_world: MakeWorld) -> None:
    world = make_world(9, definition=ruled("after_first_rating"))
    opened(world, 1)
    assert seen(world, "round-1") == MeasureEvidence(EvidenceState.AFTER_RATING)
    given = at(world, "round-1", 0)
    with clock.set_to(given.stage.opens_at):
        save(world.session, given, given.step("L1").asked, {"L1.wish": ["4"]}, marks(given, given.drafts))
    found = seen(world, "round-1")
    assert found is not None and found.state == EvidenceState.SHOWN
    assert seen(world, "round-1", expert=1) == MeasureEvidence(EvidenceState.AFTER_RATING)


def test_a_rating_of_the_round_before_counts(make_world: MakeWorld) -> None:
    world = make_world(9, definition=ruled("after_first_rating"))
    hold(world, 1)
    opened(world, 2)
    found = seen(world, "round-2")
    assert found is not None and found.state == EvidenceState.SHOWN


def test_nothing_is_said_where_there_is_no_evidence_at_all(make_world: MakeWorld) -> None:
    measures = town_library().model_dump(mode="json", by_alias=True, exclude_none=True)["measures"]
    for one in measures["measures"]:
        one.pop("evidence", None)
    world = make_world(9, definition=reworked(town_library(), measures=measures))
    opened(world, 1)
    assert seen(world, "round-1") is None


def test_no_piece_is_later_than_the_nominal_date() -> None:
    definition = load(ROOT / "questionnaires" / "ndpc-2020")
    assert definition.measures is not None and definition.nominal_date is not None
    dated = {one.key: one.evidence for one in definition.measures.measures}
    shown = {key: definition.evidence.get(key, ()) for key in dated}
    left = [piece for key in dated for piece in dated[key] if piece not in shown[key]]
    assert left and all(piece.last_day > definition.nominal_date for piece in left)
    assert all(piece.last_day <= definition.nominal_date for pieces in shown.values() for piece in pieces)
    assert definition.evidence
