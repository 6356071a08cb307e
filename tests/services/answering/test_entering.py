"""Answers from the telephone or from paper count like others, are marked, and look at nothing."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from consult import clock
from consult.definition.answers import answer_type
from consult.errors import NoConsent, NotPossible, StageNotOpen
from consult.models import Draft, Submission
from consult.services import journal, submissions
from consult.services.access import consents
from consult.services.answering import entering, past
from consult.services.answering.responding import find_respondent
from consult.services.answering.submitting import NotReady
from consult.services.running import stage_acts
from tests.services.answering.filling import READY
from tests.services.conftest import MakeWorld, World
from tests.services.samples import every_type

KEY = "first-look"


@pytest.fixture
def world(make_world: MakeWorld) -> Iterator[World]:
    made = make_world(2, definition=every_type())
    stage = made.stage(KEY)
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(made.session, made.consultation, stage, actor="test")
        yield made


def enter(
    world: World,
    expert: int = 0,
    typed: dict[str, list[str]] = READY,
    *,
    channel: str = "telephone",
    agrees: bool = True,
    key: str = "one",
) -> Submission:
    return entering.enter(
        world.session,
        world.consultation,
        world.definition,
        world.experts[expert],
        world.stage(KEY),
        typed,
        channel=channel,
        agrees=agrees,
        idempotency_key=key,
        actor="t",
    )


def test_they_are_stored_as_the_pages_would_and_counted(world: World) -> None:
    found = enter(world)
    assert (found.channel, found.number) == ("telephone", 1)
    stored = past.stored_answers(world.session, world.experts[0], world.stage(KEY))
    assert stored["role"].value is not None
    assert stored["closeness.trade"].state == "dont_know"
    counted = world.session.scalars(submissions.counted(world.stage(KEY))).all()
    assert found.id in counted
    assert entering.channels(world.session, world.stage(KEY)) == {world.experts[0].id: "telephone"}


def test_measures_stand_before_the_questions_and_are_told_from_them(make_world: MakeWorld) -> None:
    world = make_world(3)
    stage = world.stage("round-1")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    parts = entering.blank_parts(world.session, world.consultation, world.definition, stage)
    assert len(parts) == 7 and all(part.is_measure for part in parts)
    survey = entering.blank_parts(world.session, world.consultation, world.definition, world.stage("first-look"))
    assert survey and not any(part.is_measure for part in survey)


def test_what_routing_does_not_ask_for_is_left_out(world: World) -> None:
    names = {
        name
        for part in entering.blank_parts(world.session, world.consultation, world.definition, world.stage(KEY))
        for one in part.asked
        for name in answer_type(one).names(one)
    }
    given = find_respondent(world.session, world.consultation, world.definition, world.experts[0], world.stage(KEY))
    now = {name for step in given.steps() for one in step.asked for name in answer_type(one).names(one)}
    assert now < names
    # "closeness" is asked of the sectors that were ticked; health was not, this time
    enter(world, typed={**READY, "sectors": ["trade"]})
    stored = past.stored_answers(world.session, world.experts[0], world.stage(KEY))
    assert stored["closeness.trade"].state == "dont_know"
    assert stored["closeness.health"].state == "skipped"


def test_every_problem_is_told_and_nothing_counts(world: World) -> None:
    with pytest.raises(NotReady) as refused:
        enter(world, typed={**READY, "mood": ["99"], "role": [], "shares": [], "shares.town": ["9"]})
    assert {problem.name for _, problem in refused.value.found} == {"mood", "shares.town"}
    assert world.session.scalars(select(Submission)).all() == []


def test_without_consent_nothing_is_entered(world: World) -> None:
    with pytest.raises(NoConsent):
        enter(world, agrees=False)
    assert world.session.scalars(select(Draft)).all() == []
    enter(world)
    assert consents.consent_of(world.session, world.experts[0]) is True
    consents.say_consent(world.session, world.experts[1], world.definition, "en", True)
    enter(world, expert=1, agrees=False)


def test_what_was_begun_online_is_the_experts_own(world: World) -> None:
    world.session.add(
        Draft(
            consultation_id=world.consultation.id,
            stage_id=world.stage(KEY).id,
            expert_id=world.experts[0].id,
            name="role",
            values=["reader"],
            revision=1,
        )
    )
    world.session.flush()
    with pytest.raises(NotPossible, match=r"begun_online.*first-look"):
        enter(world)
    enter(world, expert=1)
    with pytest.raises(NotPossible, match=r"submitted_before.*first-look"):
        enter(world, expert=1, key="two")


def test_sent_twice_is_entered_once(world: World) -> None:
    first = enter(world)
    assert enter(world).id == first.id
    assert len(world.session.scalars(select(Submission)).all()) == 1


def test_a_closed_stage_takes_nothing(world: World) -> None:
    stage = world.stage(KEY)
    with clock.set_to(stage.closes_at):
        stage_acts.close_stage(world.session, world.consultation, stage, actor="t")
        with pytest.raises(StageNotOpen):
            enter(world)


def test_only_these_channels(world: World) -> None:
    with pytest.raises(ValueError, match="by telephone or paper"):
        enter(world, channel="web")


def test_the_journal_says_that_and_not_whose(world: World) -> None:
    enter(world, channel="paper")
    last = journal.entries(world.session, world.consultation.id)[-1]
    assert (last.act, last.facts) == ("enter answers", {"stage": KEY, "channel": "paper"})


def test_what_was_sent_at_another_stage_is_no_obstacle(world: World) -> None:
    """The expert answered the round on its pages, and the questionnaire before it by telephone."""
    enter(world)
    later = world.stage("round-1")
    with clock.set_to(later.opens_at):
        stage_acts.open_stage(world.session, world.consultation, later, actor="test")
        entering.require_untouched(world.session, world.experts[0], later)
    with pytest.raises(NotPossible, match="submitted_before"):
        entering.require_untouched(world.session, world.experts[0], world.stage(KEY))
