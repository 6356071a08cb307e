"""Stages: their state follows the clock, and every departure from the schedule says why."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from consult import clock
from consult.definition.loader import load
from consult.errors import AlreadyClosed, NotFound, NotPossible, ReasonNeeded, StageNotFrozen, StageNotOpen
from consult.models import Deviation, Result, Stage, StageMeasure
from consult.services import journal
from consult.services.answering.responding import find_respondent
from consult.services.answering.saving import save
from consult.services.answering.submitting import submit
from consult.services.rounds import stages
from consult.services.rounds.stages import StageState
from consult.services.running import publishing, stage_acts
from tests.services.conftest import BEFORE, World
from tests.services.playing import play
from tests.sources import ROOT

OPENS, CLOSES = datetime(2026, 9, 7, 11, tzinfo=UTC), datetime(2026, 9, 18, 23, tzinfo=UTC)
GRACE = 300
SECOND = timedelta(seconds=1)


def deviations(world: World) -> list[Deviation]:
    return list(
        world.session.scalars(
            select(Deviation).where(Deviation.consultation_id == world.consultation.id).order_by(Deviation.id)
        )
    )


def acts(world: World) -> list[str]:
    return [entry.act for entry in journal.entries(world.session, world.consultation.id)]


def open_(world: World, key: str, at: datetime, reason: str = "") -> Stage:
    stage = world.stage(key)
    with clock.set_to(at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test", reason=reason)
    return stage


def test_opening_in_its_time_is_no_departure(world: World) -> None:
    stage = open_(world, "first-look", OPENS)
    assert stage.opened_at == OPENS and deviations(world) == []
    with pytest.raises(NotPossible):
        open_(world, "first-look", OPENS)


def test_opening_early_needs_a_reason(world: World) -> None:
    with pytest.raises(ReasonNeeded):
        open_(world, "first-look", BEFORE, reason=" ")
    assert world.stage("first-look").opened_at is None
    stage = open_(world, "first-look", BEFORE, reason="The council meets early")
    assert stage.opens_at == stage.opened_at == BEFORE
    (noted,) = deviations(world)
    assert (noted.kind, noted.reason) == ("opened early", "The council meets early")
    assert noted.facts == {"planned": OPENS.isoformat()} and noted.noted_at == BEFORE


def test_a_stage_whose_time_is_over_is_extended_before_it_opens(world: World) -> None:
    stage, late = world.stage("first-look"), CLOSES + timedelta(days=1)
    with pytest.raises(NotPossible):
        open_(world, "first-look", late)
    with clock.set_to(late):
        stage_acts.extend_stage(
            world.session, world.consultation, stage, late + timedelta(days=2), actor="test", reason="Nobody opened it"
        )
        assert stage_acts.tick(world.session, world.consultation) == ["opened first-look"]


def test_moving_the_close_needs_a_reason_and_lies_ahead(world: World) -> None:
    stage = open_(world, "first-look", OPENS)
    session, consultation = world.session, world.consultation
    with clock.set_to(OPENS + timedelta(days=1)):
        with pytest.raises(ReasonNeeded):
            stage_acts.extend_stage(session, consultation, stage, CLOSES + SECOND, actor="t", reason="")
        for past in (OPENS, OPENS + timedelta(hours=1)):
            with pytest.raises(NotPossible):
                stage_acts.extend_stage(session, consultation, stage, past, actor="t", reason="why")
        later = CLOSES + timedelta(days=3)
        stage_acts.extend_stage(session, consultation, stage, later, actor="t", reason=" Holidays ")
    (noted,) = deviations(world)
    assert (noted.kind, noted.reason) == ("close moved", "Holidays")
    assert noted.facts == {"before": CLOSES.isoformat(), "after": later.isoformat()}
    assert stage.closes_at == later and "extend stage" in acts(world)
    assert stages.state(stage, GRACE, CLOSES + timedelta(days=1)) is StageState.OPEN


def test_closing_early_needs_a_reason_and_freezes(world: World) -> None:
    stage = open_(world, "first-look", OPENS)
    early = OPENS + timedelta(days=2)
    session, consultation = world.session, world.consultation
    with clock.set_to(early):
        with pytest.raises(ReasonNeeded):
            stage_acts.close_stage(session, consultation, stage, actor="test")
        assert stage.closed_at is None
        frozen = stage_acts.close_stage(session, consultation, stage, actor="test", reason="All in")
        assert frozen is not None and frozen.stage_id == stage.id
        with pytest.raises(AlreadyClosed):
            stage_acts.close_stage(session, consultation, stage, actor="test", reason="Again")
        with pytest.raises(AlreadyClosed):
            stage_acts.extend_stage(session, consultation, stage, CLOSES, actor="test", reason="More")
    assert stage.closed_at == stage.closes_at == early
    (noted,) = deviations(world)
    assert noted.kind == "closed early" and noted.facts == {"planned": CLOSES.isoformat()}


def test_what_was_never_open_cannot_be_closed(world: World) -> None:
    stage = world.stage("first-look")
    for now in (BEFORE, OPENS, CLOSES + timedelta(days=1)):
        with clock.set_to(now), pytest.raises(StageNotOpen):
            stage_acts.close_stage(world.session, world.consultation, stage, actor="test", reason="why")
    with pytest.raises(NotFound):
        stages.find_stage(world.session, world.consultation.id, "nowhere")


def tick(world: World, at: datetime) -> list[str]:
    with clock.set_to(at):
        return stage_acts.tick(world.session, world.consultation)


def test_the_clock_opens_and_closes_once(world: World) -> None:
    assert tick(world, BEFORE) == []
    assert tick(world, OPENS) == ["opened first-look"]
    assert tick(world, OPENS) == tick(world, CLOSES + SECOND * GRACE) == []
    assert tick(world, CLOSES + SECOND * (GRACE + 1)) == ["closed first-look"]
    assert tick(world, CLOSES + timedelta(days=1)) == []
    assert len(world.session.scalars(select(Result)).all()) == 1
    assert acts(world).count("open stage") == acts(world).count("close stage") == 1
    assert deviations(world) == []


def test_the_clock_does_everything_that_is_due_in_one_go(world: World) -> None:
    first, second = world.stage("round-1"), world.stage("round-2")
    tick(world, first.opens_at)
    assert tick(world, second.opens_at) == ["closed round-1", "opened round-2"]
    assert tick(world, second.opens_at) == []


def test_a_round_waits_until_the_one_before_is_frozen(world: World) -> None:
    first, second = world.stage("round-1"), world.stage("round-2")
    session, consultation = world.session, world.consultation
    with pytest.raises(StageNotFrozen):
        open_(world, "round-2", second.opens_at)
    assert second.opened_at is None, "what was refused leaves nothing behind"
    assert tick(world, second.opens_at) == []
    session.flush()
    session.expire_all()
    assert world.stage("round-2").opened_at is None
    assert session.scalars(select(StageMeasure)).all() == []
    with clock.set_to(first.opens_at), pytest.raises(StageNotFrozen):
        stage_acts.open_stage(session, consultation, second, actor="test", reason="In a hurry")
    assert deviations(world) == [] and second.opens_at > first.opens_at

    play(session, world.definition, consultation, world.experts, first)
    assert tick(world, second.opens_at) == ["opened round-2"]
    assert len(session.scalars(select(StageMeasure)).all()) == 14


def test_the_grace_takes_late_answers_and_nothing_after(world: World) -> None:
    session, consultation, stage = world.session, world.consultation, world.stage("round-1")
    open_(world, "round-1", stage.opens_at)
    moments = {stage.closes_at: False, stage.closes_at + SECOND: True, stage.closes_at + SECOND * GRACE: True}
    for expert, (moment, is_late) in zip(world.experts, moments.items(), strict=True):
        given = find_respondent(session, consultation, world.definition, expert, stage)
        with clock.set_to(moment):
            save(session, given, given.steps()[0].asked, {}, {})
            assert submit(session, given, idempotency_key="k").is_late is is_late
    after = stage.closes_at + SECOND * (GRACE + 1)
    given = find_respondent(session, consultation, world.definition, world.experts[0], stage)
    with clock.set_to(after):
        with pytest.raises(StageNotOpen):
            save(session, given, given.steps()[0].asked, {}, {})
        with pytest.raises(StageNotOpen):
            submit(session, given, idempotency_key="other")
        frozen = stage_acts.close_stage(session, consultation, stage, actor="test")
    assert frozen is not None and '"submitted":3' in frozen.content


def test_an_event_freezes_nothing(world: World) -> None:
    ndpc = load(ROOT / "questionnaires" / "ndpc-2020")
    made = publishing.publish(world.session, ndpc, actor="test")
    event = stages.find_stage(world.session, made.id, "event")
    with clock.set_to(event.opens_at):
        stage_acts.open_stage(world.session, made, event, actor="test")
    with clock.set_to(event.closes_at + timedelta(hours=1)):
        assert stage_acts.close_stage(world.session, made, event, actor="test") is None
    assert event.closed_at is not None
