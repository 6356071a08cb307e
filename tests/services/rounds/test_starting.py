"""Rounds: the locked protocol, what each round asks, and when a measure is settled."""

from sqlalchemy import func, select

from consult.definition.rules import build_protocol
from consult.fates import StableVerdicts
from consult.models import Registration, StageMeasure, VariableRow
from consult.services import journal
from consult.services.answering import feedback
from consult.services.answering.responding import find_respondent
from consult.services.measures import measures, revising
from consult.services.rounds import results
from tests.services.conftest import World
from tests.services.playing import play
from tests.services.rounds.holding import KEYS, frozen, hold, opened


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
    given = find_respondent(panel.session, panel.consultation, panel.definition, panel.experts[0], third)
    told = {wording.key: numbers for wording, numbers in feedback.settled_measures(panel.session, given)}
    assert set(told) == settled
    assert told["L1"].criteria["wish"].counts == (0, 0, 0, 0, 9)
    picks = {option.key for step in given.steps() for item in step.asked for option in item.options}
    assert picks == set(KEYS), "everyone picks from all surviving measures"


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
    given = find_respondent(panel.session, panel.consultation, panel.definition, panel.experts[0], second)
    shown = {w.key: feedback.feedback_for(panel.session, given, w) for w in given.wordings}
    assert [key for key, known in shown.items() if known is None] == ["M08"]
    second.opened_at = None
    panel.session.execute(StageMeasure.__table__.delete().where(StageMeasure.stage_id == second.id))  # type: ignore[attr-defined]
    hold(panel, 2)
    one = frozen(panel, 2).measures["M08"]
    assert one.rounds_rated == 1 and not one.settled
    assert one.criteria["wish"].stability.numbers is None
    assert opened(panel, 3) == ["L3", "M08"]


def test_variables_are_the_same_in_every_round(panel: World) -> None:
    hold(panel, 1)
    ids = select(VariableRow.id, VariableRow.key).where(VariableRow.key.like("L%.wish"))
    first = sorted(map(tuple, panel.session.execute(ids)))
    hold(panel, 2)
    assert sorted(map(tuple, panel.session.execute(ids))) == first
    assert len(first) == 7


IN = StableVerdicts((("wish", "in"),))
