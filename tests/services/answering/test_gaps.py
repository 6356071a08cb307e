"""Gaps: what is left open, what is missing, and what alone holds a submission back."""

import pytest
from sqlalchemy import func, select

from consult import clock
from consult.definition.answers import Stored
from consult.models import Submission
from consult.services.answering.gaps import gaps, has_work_left, obstacles, unanswered
from consult.services.answering.saving import save
from consult.services.answering.submitting import NotReady
from tests.services.answering.filling import READY, Inputs, answers, fill, load, opened, send
from tests.services.conftest import MakeWorld, World
from tests.services.samples import needing, three_rounds


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


def test_a_page_has_work_left_until_all_it_needs_is_there(world: World) -> None:
    """A page of which nothing was sent has, whatever it asks; a page of free questions has none once sent."""
    given = load(world)
    assert [has_work_left(given, step) for step in given.steps()] == [True] * 4
    fill(world, READY | {"mood": []}, leave=("last",))
    given = load(world)
    assert {step.key: has_work_left(given, step) for step in given.steps()} == {
        "hello": False,
        "closeness": False,
        "more": True,
        "last": True,
    }
    fill(world, READY)
    given = load(world)
    assert not any(has_work_left(given, step) for step in given.steps())


def test_needed_answers_are_counted_one_by_one(world: World) -> None:
    assert unanswered(load(world)) == (6, False), "role, sectors, joined, shares, mood and named"
    fill(world, READY | {"mood": [], "role": []})
    assert unanswered(load(world)) == (2, False)
    fill(world, READY)
    assert unanswered(load(world)) == (0, False)


def test_in_a_round_measures_are_counted(make_world: MakeWorld) -> None:
    """Seven measures, and a reason alone is no rating; what the questionnaire asks beside them is not counted."""
    world = opened(make_world(1, definition=three_rounds()), "round-1")
    given = load(world, key="round-1")
    assert unanswered(given) == (7, True)
    with clock.set_to(given.stage.opens_at):
        save(world.session, given, given.step("L1").asked, {"L1.wish": ["4"]}, {})
        save(world.session, given, given.step("L2").asked, {"L2.wish.reason": ["Why?"]}, {})
        save(world.session, given, given.step("L3").asked, {"L3.wish": ["no:dont_know"]}, {})
    assert unanswered(given) == (5, True)
    assert [has_work_left(given, given.step(key)) for key in ("L1", "L2", "L3", "L4")] == [False, True, False, True]
    missing = {gap.name: (gap.is_reached, gap.is_needed) for gap in gaps(given)}
    assert missing == {"L2.wish": (True, False)} | dict.fromkeys(
        ("L4.wish", "L5.wish", "L6.wish", "L7.wish"), (False, False)
    )
    assert obstacles(given) == []


def test_what_is_wrong_is_an_obstacle_and_no_gap(world: World) -> None:
    fill(world, READY | {"role": ["king"], "mood": []})
    given = load(world)
    assert [(step.key, problem.name, problem.code) for step, problem in obstacles(given)] == [
        ("hello", "role", "not_an_option")
    ]
    assert [(gap.step.key, gap.name) for gap in gaps(given)] == [("more", "mood")]
