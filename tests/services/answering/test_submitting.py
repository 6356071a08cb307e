"""Submitting: the draft becomes one row for each variable, once, and stays as it is."""

from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from consult import clock
from consult.definition.answers import Stored
from consult.errors import StageNotOpen
from consult.models import Answer, Draft, FeedbackShown, Result, Submission
from consult.services import submissions
from consult.services.answering import feedback, past
from consult.services.answering.saving import marks, save
from consult.services.answering.submitting import NotReady, has_changed_since, newest_submission, note_shown, submit
from consult.services.measures import measures
from consult.services.panel import participation
from consult.services.running import stage_acts
from tests.services.answering.filling import READY, answers, fill, load, opened, send
from tests.services.conftest import MakeWorld, World
from tests.services.playing import play
from tests.services.samples import rating, three_rounds


def test_what_is_missing_or_wrong_is_named_with_its_page(world: World) -> None:
    fill(world, READY | {"role": ["king"], "mood": [], "tell": ["hidden and too short"]})
    with pytest.raises(NotReady) as refused:
        send(world)
    found = {(step.key, problem.name, problem.code) for step, problem in refused.value.found}
    assert found == {("hello", "role", "not_an_option")}, "a gap is no obstacle"
    assert world.session.scalar(select(func.count(Submission.id))) == 0


def test_one_key_gives_one_submission_also_after_the_close(world: World) -> None:
    fill(world, READY)
    first = send(world, "the same")
    assert send(world, "the same").id == first.id
    fill(world, READY, expert=1)
    assert send(world, "the same", expert=1).id != first.id
    stage = world.stage("first-look")
    with clock.set_to(stage.closes_at.replace(month=12)):
        again = submit(world.session, load(world), idempotency_key="the same")
        assert again.id == first.id
        with pytest.raises(StageNotOpen):
            submit(world.session, load(world), idempotency_key="another")
    assert world.session.scalar(select(func.count(Submission.id))) == 2


def test_submitting_again_adds_and_the_newest_counts(world: World) -> None:
    fill(world, READY)
    first = send(world)
    assert newest_submission(world.session, load(world)) == first
    fill(world, READY | {"role": ["teacher"]})
    before = submissions.count_values(world.session, first_stage(world))
    assert before[None, "role"] == {(0, None): 1}, "a draft never counts"
    second = send(world, "two")
    assert (first.number, second.number) == (1, 2) and first.receipt != second.receipt
    after = submissions.count_values(world.session, first_stage(world))
    assert after[None, "role"] == {(1, None): 1}
    assert past.stored_answers(world.session, world.experts[0])["role"] == Stored(value=1)
    assert answers(world, first)["role"] == Stored(value=0), "the first stays as it was"


def first_stage(world: World) -> Any:
    return world.stage("first-look")


def test_drafts_that_were_not_submitted_are_never_counted(world: World) -> None:
    fill(world, READY)
    fill(world, READY, expert=1)
    send(world, expert=1)
    stage = first_stage(world)
    counts = submissions.count_values(world.session, stage)
    assert all(sum(cells.values()) == 1 for cells in counts.values())
    with clock.set_to(stage.closes_at.replace(month=12)):
        frozen = stage_acts.close_stage(world.session, world.consultation, stage, actor="test")
    assert frozen is not None and '"started":2,"submitted":1' in frozen.content
    assert participation.by_stage(world.session, world.consultation)["first-look"].started == 2
    assert world.session.scalar(select(func.count(Draft.id))) != 0


@pytest.mark.parametrize(
    "change", [update(Answer).values(value=9), update(Submission).values(is_late=True)], ids=["answer", "submission"]
)
def test_what_was_submitted_cannot_be_changed(world: World, change: Any) -> None:
    fill(world, READY)
    send(world)
    with pytest.raises(DatabaseError, match="cannot be changed"), world.session.begin_nested():
        world.session.execute(change.execution_options(synchronize_session=False))


def test_a_change_since_is_noticed_comments_included(make_world: MakeWorld) -> None:
    world = opened(make_world(1, definition=three_rounds()), "round-1")
    given = load(world, key="round-1")
    step = given.step("L1")
    with clock.set_to(given.stage.opens_at):
        save(world.session, given, step.asked, {"L1.wish": ["4"], "L1.wish.reason": ["Quiet"]}, {})
        submission = submit(world.session, given, idempotency_key="one")
        assert not has_changed_since(world.session, given, submission)
        for posted in (
            {"L1.wish": ["4"], "L1.wish.reason": ["Quiet!"]},
            {"L1.wish": ["4"]},
            {"L1.wish": ["5"], "L1.wish.reason": ["Quiet"]},
        ):
            save(world.session, given, step.asked, posted, marks(given, given.drafts))
            assert has_changed_since(world.session, given, submission), posted
        save(
            world.session,
            given,
            step.asked,
            {"L1.wish": ["4"], "L1.wish.reason": ["Quiet"]},
            marks(given, given.drafts),
        )
        assert not has_changed_since(world.session, given, submission)


def test_what_was_shown_is_noted_once_and_only_if_it_is_the_frozen_result(make_world: MakeWorld) -> None:
    world = make_world(9, definition=three_rounds())
    play(world.session, world.definition, world.consultation, world.experts, world.stage("round-1"), rate=rating({}))
    opened(world, "round-2")
    given = load(world, key="round-2")
    step = given.step("L1")
    assert step.wording is not None
    known = feedback.feedback_for(world.session, given, step.wording)
    assert known is not None
    with clock.set_to(given.stage.opens_at):
        for name in (known.result, known.result, "round-1/2", "", "1"):
            note_shown(world.session, given, step, name, known.form)
    (seen,) = world.session.scalars(select(FeedbackShown)).all()
    frozen = world.session.scalars(select(Result).where(Result.id == seen.result_id)).one()
    assert (known.result, frozen.stage_id) == ("round-1/1", world.stage("round-1").id)
    assert seen.form == "bars_on_scale"
    wording = measures.find_measure(world.session, world.consultation.id, "L1")
    assert seen.measure_version_id == wording.version.id
    with pytest.raises(DatabaseError), world.session.begin_nested():
        world.session.execute(update(FeedbackShown).values(form="words"))
    world.session.execute(delete(FeedbackShown))


def test_each_form_that_was_shown_is_noted(make_world: MakeWorld) -> None:
    """With a form by lot, or after a correction of the protocol, an expert may have seen two."""
    world = make_world(9, definition=three_rounds())
    play(world.session, world.definition, world.consultation, world.experts, world.stage("round-1"), rate=rating({}))
    opened(world, "round-2")
    for expert, key, form in ((0, "L1", "words"), (0, "L1", "bars"), (0, "L2", "words"), (1, "L1", "words")):
        given = load(world, expert, "round-2")
        for _ in range(2):
            note_shown(world.session, given, given.step(key), "round-1/1", form)
    seen = world.session.scalars(select(FeedbackShown)).all()
    assert sorted((row.expert_id == world.experts[0].id, row.form) for row in seen) == [
        (False, "words"),
        (True, "bars"),
        (True, "words"),
        (True, "words"),
    ]
    assert len({row.measure_version_id for row in seen}) == 2


@pytest.mark.parametrize("name", ["round-1/2", "round-2/1", "", "1"])
def test_another_result_than_the_frozen_one_is_not_noted(make_world: MakeWorld, name: str) -> None:
    world = make_world(9, definition=three_rounds())
    play(world.session, world.definition, world.consultation, world.experts, world.stage("round-1"), rate=rating({}))
    opened(world, "round-2")
    given = load(world, key="round-2")
    note_shown(world.session, given, given.step("L1"), name, "words")
    assert world.session.scalars(select(FeedbackShown)).all() == []
