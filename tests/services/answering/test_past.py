"""What an expert answered before: the newest counts, and comes back as it was typed."""

import pytest

from consult import clock
from consult.definition.answers import Stored
from consult.definition.consultation import Definition
from consult.services.answering import past
from consult.services.answering.saving import save
from consult.services.answering.submitting import submit
from consult.services.measures import measures, revising
from consult.services.rounds import results
from tests.services.answering.filling import READY, fill, load, opened, send
from tests.services.conftest import MakeWorld, World, reworked
from tests.services.playing import play
from tests.services.samples import every_type, options, rating, three_rounds

LATER = {
    "key": "later",
    "title": "Later",
    "sections": [
        {
            "key": "all",
            "title": "All",
            "questions": [
                {
                    "key": "why",
                    "type": "text",
                    "text": "Why is that?",
                    "max_length": 99,
                    "show_if": {"question": "role", "is": "teacher"},
                },
                {
                    "key": "consent_to_be_named",
                    "type": "single",
                    "text": "How?",
                    "options": options("first", "whole"),
                    "show_if": {"question": "named", "is": "yes"},
                },
                {"key": "again", "type": "single", "text": "Which?", "options": {"question": "sectors"}},
            ],
        }
    ],
}


def with_a_later_survey() -> Definition:
    """The survey with every type of question, and one after it that reads answers of the first."""
    first = every_type()
    content = first.model_dump(mode="json", by_alias=True, exclude_none=True)
    stages = [{**content["stages"][0]}, {"key": "later", "kind": "survey", "title": "Later", "questionnaire": "later"}]
    windows = content["schedules"]["autumn"]["stages"]
    schedules = {
        "autumn": {"default": True, "stages": {"first-look": windows["first-look"], "later": windows["round-1"]}}
    }
    return reworked(
        first,
        stages=[*stages, *content["stages"][1:]],
        schedules={"autumn": {**schedules["autumn"], "stages": {**schedules["autumn"]["stages"], **_rounds()}}},
        questionnaires={**content["questionnaires"], "later": LATER},
    )


def _rounds() -> dict[str, dict[str, str]]:
    return {
        "round-1": {"opens": "2026-11-20 08:00", "closes": "2026-11-27 20:00"},
        "round-2": {"opens": "2026-12-02 08:00", "closes": "2026-12-13 20:00"},
    }


@pytest.fixture
def two_surveys(make_world: MakeWorld) -> World:
    return opened(make_world(2, definition=with_a_later_survey()), "first-look")


def test_the_newest_submission_counts_and_only_ones_own(two_surveys: World) -> None:
    world = two_surveys
    fill(world, READY)
    send(world)
    fill(world, READY | {"role": ["teacher"], "last": ["More"]})
    send(world, "two")
    found = past.stored_answers(world.session, world.experts[0])
    assert (found["role"], found["last"]) == (Stored(value=1), Stored(text="More"))
    assert past.stored_answers(world.session, world.experts[1]) == {}


def test_a_stage_can_be_asked_for_alone(two_surveys: World) -> None:
    world = two_surveys
    fill(world, READY)
    send(world)
    opened(world, "later")
    given = load(world, key="later")
    with clock.set_to(given.stage.opens_at):
        save(world.session, given, given.steps()[0].asked, {"again": ["trade"]}, {})
        submit(world.session, given, idempotency_key="later")
    everything = past.stored_answers(world.session, world.experts[0])
    first = past.stored_answers(world.session, world.experts[0], world.stage("first-look"))
    later = past.stored_answers(world.session, world.experts[0], world.stage("later"))
    assert "again" not in first and "role" not in later
    assert everything == first | later and len(later) > 0


def test_answers_that_a_later_questionnaire_reads_come_back_as_typed(two_surveys: World) -> None:
    """Answers for the secretariat too, which lie apart from the others."""
    world = two_surveys
    fill(world, READY | {"role": ["teacher"]})
    send(world)
    given = load(world, key="later")
    assert given.earlier == {"role": ["teacher"], "sectors": ["health", "trade"], "named": ["yes"]}
    assert [item.key for step in given.steps() for item in step.asked] == ["why", "consent_to_be_named", "again"]
    assert load(world, 1, key="later").earlier == {}
    assert load(world).earlier == {}, "the first reads nothing but itself"


def test_measures_are_offered_as_the_questionnaire_asks(make_world: MakeWorld) -> None:
    world = make_world(9, definition=three_rounds())
    session, stage = world.session, world.stage("round-3")
    asks, asks_not = (world.definition.questionnaires[key] for key in ("round-3", "round-1"))
    assert past.measure_choices(session, stage, asks_not) == {}
    dropped = measures.find_measure(session, world.consultation.id, "L3")
    revising.drop_measure(session, world.consultation, dropped, reason="Too dear", actor="test")
    found = past.measure_choices(session, stage, asks)
    assert {kind: [key for key, _ in chosen] for kind, chosen in found.items()} == {
        "all": ["L1", "L2", "L3", "L4", "L5", "L6", "L7"],
        "surviving": ["L1", "L2", "L4", "L5", "L6", "L7"],
    }
    assert dict(found["all"])["L1"] == {"en": "A quiet reading room"}


def _of_priorities() -> Definition:
    content = three_rounds().model_dump(mode="json", by_alias=True, exclude_none=True)
    last = content["questionnaires"]["round-3"]
    question = {
        "key": "chosen",
        "type": "single",
        "text": "Which of them first?",
        "options": {"priorities": "round-3"},
        "required": False,
    }
    after = {"key": "after", "title": "After", "sections": [{"key": "all", "title": "All", "questions": [question]}]}
    stages = [*content["stages"], {"key": "after", "kind": "survey", "title": "After", "questionnaire": "after"}]
    windows = content["schedules"]["autumn"]["stages"] | {
        "after": {"opens": "2026-12-10 08:00", "closes": "2026-12-17 20:00"}
    }
    return reworked(
        three_rounds(),
        stages=stages,
        schedules={"autumn": {"default": True, "stages": windows}},
        questionnaires={**content["questionnaires"], "round-3": last, "after": after},
    )


def test_the_first_picks_of_a_frozen_round_are_offered(make_world: MakeWorld) -> None:
    """As many as each expert was asked to pick, two; none before that round is frozen."""
    world = make_world(9, definition=_of_priorities())
    asked = world.definition.questionnaires["after"]
    assert past.priorities(world.session, world.consultation.id, asked) == {"round-3": ()}
    for key in ("round-1", "round-2", "round-3"):
        play(world.session, world.definition, world.consultation, world.experts, world.stage(key), rate=rating({}))
    frozen = results.newest_result(world.session, world.stage("round-3"))
    assert frozen is not None
    ranked = [entry.key for entry in results.priorities_of(frozen)]
    found = past.priorities(world.session, world.consultation.id, asked)
    assert [key for key, _ in found["round-3"]] == ranked[:2] and len(ranked) > 2
    assert past.priorities(world.session, world.consultation.id, world.definition.questionnaires["round-1"]) == {}
