"""Writing: every variable has a value, a text or a state; what is for the secretariat lies apart."""

import random

import pytest
from sqlalchemy import select

from consult import clock
from consult.definition.answers import Stored
from consult.models import Comment, Draft, SecretariatAnswer, Submission, VariableRow
from consult.services.answering.saving import marks, save
from consult.services.answering.submitting import submit
from consult.services.answering.writing import _values
from tests.services.answering.filling import READY, answers, columns, fill, load, opened, send
from tests.services.conftest import MakeWorld, World
from tests.services.playing import answer, any_point
from tests.services.samples import three_rounds


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
    found = world.session.scalars(select(Submission)).all()
    assert len(found) == len(world.experts)
    for submission in found:
        assert set(answers(world, submission)) == columns(world)


def test_answers_for_the_secretariat_lie_apart(world: World) -> None:
    fill(world, READY)
    found = answers(world, send(world))
    assert not any(key.startswith("named") for key in found)
    keys = world.session.scalars(select(VariableRow.key)).all()
    assert not any(key.startswith("named") for key in keys)
    (told,) = world.session.scalars(select(SecretariatAnswer)).all()
    assert (told.question, told.inputs) == ("named", {"named": ["yes"]})
    assert not any(key.startswith("named") for key, _stored in _values(load(world)))
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


@pytest.mark.parametrize("nothing", ["\u200b", " \u2060\ufeff", "\u3164", "\u2800\n"])
def test_what_cannot_be_seen_is_no_answer(world: World, nothing: str) -> None:
    fill(world, READY | {"last": [nothing]})
    assert answers(world, send(world))["last"] == Stored(state="blank")
    drafts = world.session.scalars(select(Draft).where(Draft.name == "last"))
    assert [draft.values for draft in drafts] == [[]]


def test_ratings_left_blank_and_pages_not_reached_differ(make_world: MakeWorld) -> None:
    world = opened(make_world(1, definition=three_rounds()), "round-1")
    given = load(world, key="round-1")
    with clock.set_to(given.stage.opens_at):
        save(world.session, given, given.step("L1").asked, {"L1.wish": ["4"]}, {})
        save(world.session, given, given.step("L2").asked, {"L2.wish.reason": ["Why?"]}, {})
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
