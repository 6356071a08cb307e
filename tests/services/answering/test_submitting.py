"""Submitting: the draft becomes one row for each variable, once, and stays as it is."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DatabaseError

from consult import clock
from consult.definition.answers import Stored
from consult.definition.variables import questionnaire_variables
from consult.errors import StageNotOpen
from consult.models import Answer, Comment, Draft, Result, SecretariatAnswer, Seen, Submission, VariableRow
from consult.services import submissions
from consult.services.answering import feedback, past
from consult.services.answering.gaps import gaps
from consult.services.answering.responding import Respondent, respondent
from consult.services.answering.saving import marks, save
from consult.services.answering.submitting import NotReady, has_changed_since, newest_submission, note_shown, submit
from consult.services.measures import measures
from consult.services.panel import participation
from consult.services.running import stage_acts
from tests.services.conftest import MakeWorld, World
from tests.services.playing import answer, any_point, play
from tests.services.samples import every_type, needing, rating, three_rounds

Inputs = Mapping[str, list[str]]
READY: dict[str, list[str]] = {
    "agree": ["yes"],
    "role": ["reader"],
    "sectors": ["health", "trade"],
    "closeness.health": ["5"],
    "closeness.trade": ["no:dont_know"],
    "joined": ["no"],
    "shares": ["no:dont_know"],
    "mood": ["no:abstained"],
    "named": ["yes"],
}


def opened(world: World, key: str) -> World:
    stage = world.stage(key)
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    return world


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    return opened(make_world(2, definition=every_type()), "first-look")


def load(world: World, expert: int = 0, key: str = "first-look") -> Respondent:
    return respondent(world.session, world.consultation, world.definition, world.experts[expert], world.stage(key))


def fill(world: World, inputs: Inputs, *, leave: tuple[str, ...] = (), expert: int = 0) -> None:
    """Go through all pages but those left out, and type these answers."""
    given, done = load(world, expert), set(leave)
    with clock.set_to(given.stage.opens_at):
        while todo := [step for step in given.steps() if step.key not in done]:
            asked = todo[0].asked
            save(world.session, given, asked, inputs, marks(given, given.drafts))
            done.add(todo[0].key)


def send(world: World, key: str = "one", expert: int = 0, stage: str = "first-look") -> Submission:
    given = load(world, expert, stage)
    with clock.set_to(given.stage.opens_at):
        return submit(world.session, given, idempotency_key=key)


def answers(world: World, submission: Submission) -> dict[str, Stored]:
    rows = world.session.execute(
        select(VariableRow.key, Answer.value, Answer.text, Answer.state)
        .join(Answer, Answer.variable_id == VariableRow.id)
        .where(Answer.submission_id == submission.id)
    )
    return {key: Stored(*values) for key, *values in rows}


def columns(world: World) -> set[str]:
    questionnaire = world.definition.questionnaires["first-look"]
    found = questionnaire_variables(questionnaire, world.definition)
    return {item.key for item in found if item.recipient == "analysis"}


def test_every_variable_has_one_row_with_a_value_a_text_or_a_state(world: World) -> None:
    fill(world, READY, leave=("last",))
    found = answers(world, send(world))
    assert set(found) == columns(world)
    values = {key: one.value for key, one in found.items() if one.value is not None}
    assert values == {
        "agree": 1,
        "role": 0,
        "sectors.health": 1,
        "sectors.tourism": 0,
        "sectors.schools": 0,
        "sectors.trade": 1,
        "sectors.none": 0,
        "closeness.health": 5,
        "joined": 1,
    }
    states: dict[str, set[str]] = {}
    for key, one in found.items():
        if one.state is not None:
            states.setdefault(one.state, set()).add(key)
    assert states["dont_know"] == {"closeness.trade", "shares.town", "shares.state", "shares.users"}
    assert states["abstained"] == {"mood"}
    assert states["not_reached"] == {"last"}
    assert {key for key in states["skipped"] if "." not in key} == {"projects", "tell"}
    rest = {key for key in states["skipped"] if "." in key}
    assert rest == {key for key in found if key.startswith("more.")} | {
        "closeness.tourism",
        "closeness.schools",
        "closeness.none",
    }
    assert {key.partition(".")[0] for key in states["blank"]} == {
        "role",
        "best",
        "timing",
        "fit",
        "drivers",
        "order",
        "ideas",
    }


@pytest.mark.parametrize("seed", range(4))
def test_so_it_is_whatever_is_answered(world: World, seed: int) -> None:
    stage, chance = world.stage("first-look"), random.Random(seed)
    with clock.set_to(stage.opens_at):
        for expert in world.experts:
            answer(
                world.session,
                world.definition,
                world.consultation,
                expert,
                stage,
                rate=any_point,
                text="Words enough",
                chance=chance,
            )
    for submission in world.session.scalars(select(Submission)):
        assert set(answers(world, submission)) == columns(world)


def test_answers_for_the_secretariat_lie_apart(world: World) -> None:
    fill(world, READY)
    found = answers(world, send(world))
    assert not any(key.startswith("named") for key in found)
    keys = world.session.scalars(select(VariableRow.key)).all()
    assert not any(key.startswith("named") for key in keys)
    (told,) = world.session.scalars(select(SecretariatAnswer)).all()
    assert (told.question, told.inputs) == ("named", {"named": ["yes"]})
    fill(world, READY | {"named": ["no"]})
    send(world, "two")
    (told,) = world.session.scalars(select(SecretariatAnswer)).all()
    assert told.inputs == {"named": ["no"]}


def test_a_sector_taken_back_takes_its_answers_with_it(world: World) -> None:
    fill(world, READY | {"best": ["trade"]})
    given = load(world)
    with clock.set_to(given.stage.opens_at):
        save(
            world.session, given, given.step("hello").asked, READY | {"sectors": ["health"]}, marks(given, given.drafts)
        )
    assert load(world).typed["closeness.trade"] == ["no:dont_know"], "the draft keeps it"
    found = answers(world, send(world))
    assert found["closeness.trade"] == Stored(state="skipped")
    assert found["closeness.health"] == Stored(value=5)
    assert found["best"] == Stored(state="blank")


def test_what_hung_on_an_answer_taken_back_is_skipped_to_the_end(world: World) -> None:
    story = READY | {"joined": ["yes"], "projects": ["12"], "tell": ["A story"], "more": ["books", "rooms"]}
    fill(world, story)
    assert answers(world, send(world))["more.books"] == Stored(value=1)
    given = load(world)
    with clock.set_to(given.stage.opens_at):
        save(
            world.session, given, given.step("closeness").asked, story | {"joined": ["no"]}, marks(given, given.drafts)
        )
    found = answers(world, send(world, "two"))
    for key in ("projects", "tell", "more.books", "more.another.detail"):
        assert found[key] == Stored(state="skipped"), key


def test_what_is_missing_or_wrong_is_named_with_its_page(world: World) -> None:
    fill(world, READY | {"role": ["king"], "mood": [], "tell": ["hidden and too short"]})
    with pytest.raises(NotReady) as refused:
        send(world)
    found = {(step.key, problem.name, problem.code) for step, problem in refused.value.found}
    assert found == {("hello", "role", "not_an_option")}, "a gap is no obstacle"
    assert world.session.scalar(select(func.count(Submission.id))) == 0


def test_gaps_are_submitted_left_open_and_not_reached_apart(world: World) -> None:
    """Partial work counts: what a page was sent without is `blank`, what no page sent asked is
    `not_reached`, and what routing left out stays `skipped`."""
    left = {"mood": [], "role": [], "closeness.trade": [], "ideas.1.title": ["A door"]}
    fill(world, READY | left, leave=("last",))
    found = answers(world, send(world))
    for key in ("mood", "role", "closeness.trade", "ideas.1.what", "drivers.money"):
        assert found[key] == Stored(state="blank"), key
    assert found["closeness.health"] == Stored(value=5)
    assert found["ideas.1.title"] == Stored(text="A door")
    assert found["last"] == Stored(state="not_reached")
    assert found["projects"] == Stored(state="skipped")
    listed = {gap.name: gap.is_reached for gap in gaps(load(world))}
    assert listed == dict.fromkeys(("mood", "role", "closeness.trade", "ideas.1.what"), True)


def test_pages_never_sent_are_gaps_that_were_not_reached(world: World) -> None:
    fill(world, READY, leave=("hello", "more"))
    found = answers(world, send(world))
    assert {found[key].state for key in ("role", "mood", "shares.town")} == {"not_reached"}
    assert {gap.name: gap.is_reached for gap in gaps(load(world))} == {
        "role": False,
        "sectors": False,
        "shares.town": False,
        "mood": False,
        "named": False,
    }


@pytest.mark.parametrize(
    ("key", "left", "missing"),
    [
        ("role", {"role": []}, {"role"}),
        ("closeness", {"closeness.trade": []}, {"closeness.trade"}),
        ("sectors", {"sectors": ["\u200b"]}, {"sectors"}),
        ("ideas", {}, {"ideas.1.title"}),
    ],
)
def test_only_what_is_indispensable_holds_a_submission_back(
    make_world: MakeWorld, key: str, left: Inputs, missing: set[str]
) -> None:
    world = opened(make_world(2, definition=needing(key)), "first-look")
    fill(world, READY | left | {"mood": []})
    with pytest.raises(NotReady) as refused:
        send(world)
    found = {(problem.name, problem.code) for _, problem in refused.value.found}
    assert found == {(name, "indispensable") for name in missing}
    assert {gap.name for gap in gaps(load(world)) if gap.is_needed} == missing
    assert world.session.scalar(select(func.count(Submission.id))) == 0


def test_what_is_indispensable_and_not_asked_holds_nothing_back(make_world: MakeWorld) -> None:
    world = opened(make_world(2, definition=needing("projects")), "first-look")
    fill(world, READY)
    assert answers(world, send(world))["projects"] == Stored(state="skipped")


@pytest.mark.parametrize("nothing", ["\u200b", " \u2060\ufeff", "\u3164", "\u2800\n"])
def test_what_cannot_be_seen_is_no_answer(world: World, nothing: str) -> None:
    fill(world, READY | {"last": [nothing]})
    assert answers(world, send(world))["last"] == Stored(state="blank")
    drafts = world.session.scalars(select(Draft).where(Draft.name == "last"))
    assert [draft.values for draft in drafts] == [[]]


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
        save(world.session, given, step.asked, {"L1.wish": ["4"], "L1.comment": ["Quiet"]}, {})
        submission = submit(world.session, given, idempotency_key="one")
        assert not has_changed_since(world.session, given, submission)
        for posted in (
            {"L1.wish": ["4"], "L1.comment": ["Quiet!"]},
            {"L1.wish": ["4"]},
            {"L1.wish": ["5"], "L1.comment": ["Quiet"]},
        ):
            save(world.session, given, step.asked, posted, marks(given, given.drafts))
            assert has_changed_since(world.session, given, submission), posted
        save(world.session, given, step.asked, {"L1.wish": ["4"], "L1.comment": ["Quiet"]}, marks(given, given.drafts))
        assert not has_changed_since(world.session, given, submission)


def test_ratings_left_blank_and_pages_not_reached_differ(make_world: MakeWorld) -> None:
    world = opened(make_world(1, definition=three_rounds()), "round-1")
    given = load(world, key="round-1")
    with clock.set_to(given.stage.opens_at):
        save(world.session, given, given.step("L1").asked, {"L1.wish": ["4"]}, {})
        save(world.session, given, given.step("L2").asked, {"L2.comment": ["Why?"]}, {})
        save(world.session, given, given.step("L3").asked, {"L3.wish": ["no:dont_know"]}, {})
        found = answers(world, submit(world.session, given, idempotency_key="one"))
    assert [found[f"L{number}.wish"] for number in (1, 2, 3, 4)] == [
        Stored(value=4),
        Stored(state="blank"),
        Stored(state="dont_know"),
        Stored(state="not_reached"),
    ]
    (comment,) = world.session.scalars(select(Comment)).all()
    assert (comment.text, comment.kind, comment.moderation) == ("Why?", "reason", "waiting")


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
    (seen,) = world.session.scalars(select(Seen)).all()
    frozen = world.session.scalars(select(Result).where(Result.id == seen.result_id)).one()
    assert (known.result, frozen.stage_id) == ("round-1/1", world.stage("round-1").id)
    assert seen.form == "bars_on_scale"
    wording = measures.find_measure(world.session, world.consultation.id, "L1")
    assert seen.measure_version_id == wording.version.id
    with pytest.raises(DatabaseError), world.session.begin_nested():
        world.session.execute(update(Seen).values(form="words"))
    world.session.execute(delete(Seen))
