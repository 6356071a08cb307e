"""Routing: which questions come, what they offer, and what falls with an answer taken back."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.definition import routing
from consult.definition.answers import answer_type
from consult.definition.choosing import RoutingContext, holds, whole_list
from consult.definition.loader import load
from consult.definition.question import Group, Multi
from consult.definition.routing import ask, ask_page, inputs_that_count, pages
from consult.definition.scale import Condition
from tests.services.conftest import town_library
from tests.services.samples import every_type
from tests.sources import ROOT

DEFINITIONS = {
    "ndpc-2020": load(ROOT / "questionnaires" / "ndpc-2020"),
    "town-library": town_library(),
    "every-type": every_type(),
}
QUESTIONNAIRES = [
    pytest.param(definition, questionnaire, id=f"{name}-{questionnaire.key}")
    for name, definition in DEFINITIONS.items()
    for questionnaire in definition.questionnaires.values()
]


@pytest.mark.parametrize(("definition", "questionnaire"), QUESTIONNAIRES)
def test_no_question_depends_on_another_of_its_page(definition: Any, questionnaire: Any) -> None:
    cut = pages(questionnaire)
    for page in cut:
        keys = {question.key for question in page.questions}
        assert all(not question.reads() & (keys - {question.key}) for question in page.questions)
        assert page.key == page.questions[0].key
        assert all(not question.new_page for question in page.questions[1:])
    assert [item for page in cut for item in page.questions] == list(questionnaire.questions())


def test_pages_are_no_shorter_than_they_must_be() -> None:
    keys = [[question.key for question in page.questions] for page in pages(every_type().questionnaires["first-look"])]
    assert keys == [
        ["hello", "agree", "role", "sectors"],
        ["closeness", "best", "timing", "fit", "joined"],
        ["projects"],
        ["tell"],
        ["more", "drivers", "order", "shares", "mood", "ideas", "named"],
        ["last"],
    ]


INPUTS = {
    "role": ["reader"],
    "many": ["a", "b"],
    "number": ["12"],
    "odd": ["²"],
    "minus": ["--5"],
    "grid.x": ["3"],
    "grid.other": ["9"],
    "empty": [" "],
    "unknown": ["no:dont_know"],
}
FORMS: list[tuple[dict[str, Any], bool]] = [
    ({"question": "role", "is": "reader"}, True),
    ({"question": "role", "is": "king"}, False),
    ({"question": "none", "is": "reader"}, False),
    ({"question": "role", "in": ["king", "reader"]}, True),
    ({"question": "none", "in": ["king", "reader"]}, False),
    ({"question": "many", "includes": ["b", "c"]}, True),
    ({"question": "many", "includes": ["c"]}, False),
    ({"question": "many", "excludes": ["c"]}, True),
    ({"question": "many", "excludes": ["b"]}, False),
    ({"question": "none", "excludes": ["b"]}, False),
    ({"question": "number", "at_least": 12}, True),
    ({"question": "number", "at_least": 13}, False),
    ({"question": "odd", "at_least": 1}, False),
    ({"question": "minus", "at_least": -9}, False),
    ({"question": "unknown", "at_least": 0}, False),
    ({"question": "grid", "at_least": 3}, True),
    ({"question": "grid", "at_least": 4}, False),
    ({"question": "role", "answered": True}, True),
    ({"question": "empty", "answered": True}, False),
    ({"question": "empty", "answered": False}, True),
    ({"not": {"question": "role", "is": "reader"}}, False),
    ({"all": [{"question": "role", "is": "reader"}, {"question": "many", "includes": ["a"]}]}, True),
    ({"all": [{"question": "role", "is": "reader"}, {"question": "many", "includes": ["c"]}]}, False),
    ({"any": [{"question": "role", "is": "king"}, {"question": "many", "includes": ["a"]}]}, True),
    ({"any": [{"question": "role", "is": "king"}, {"question": "many", "includes": ["c"]}]}, False),
]


@pytest.mark.parametrize(("form", "expected"), FORMS)
def test_every_form_of_condition(form: dict[str, Any], expected: bool) -> None:
    assert holds(Condition.model_validate(form), town_library(), INPUTS) is expected


def test_no_condition_always_holds() -> None:
    assert holds(None, town_library(), {})


def context(inputs: dict[str, list[str]], **more: Any) -> RoutingContext:
    return RoutingContext(every_type(), inputs, **more)


def test_rows_and_options_follow_what_was_chosen() -> None:
    questions = every_type().questions
    chosen = context({"sectors": ["trade", "health"]})
    rows = ask(questions["closeness"], chosen)
    best = ask(questions["best"], chosen)
    assert rows is not None and [row.key for row in rows.rows] == ["health", "trade"]
    assert best is not None and [item.key for item in best.options] == ["health", "trade"]
    assert best.labels == ("health", "tourism", "schools", "trade", "none")
    for nothing in ({}, {"sectors": ["none"]}, {"sectors": ["no:dont_know"]}):
        assert ask(questions["closeness"], context(nothing)) is None
        assert ask(questions["best"], context(nothing)) is None


def test_own_words_stand_in_for_the_option_that_asked_for_them() -> None:
    questions = every_type().questions
    best = questions["best"].model_copy(
        update={"options": questions["best"].sources()[0].model_copy(update={"question": "role"})}
    )
    asked = ask(best, context({"role": ["someone"], "role.other": ["a poet"]}))
    assert asked is not None and asked.options[0].label == {"en": "a poet"}


def test_an_option_can_be_shown_on_a_condition() -> None:
    mood = DEFINITIONS["ndpc-2020"].questions["POST-03"]
    keys = {}
    for part in ("part_teams", "part_feedback"):
        asked = ask(mood, RoutingContext(DEFINITIONS["ndpc-2020"], {"POST-01": [part]}))
        assert asked is not None
        keys[part] = {row.key for row in asked.rows}
    assert keys["part_teams"] - keys["part_feedback"] == {"e_moderation"}
    assert "e_presentation" not in keys["part_teams"]


def test_measures_and_priorities_as_options() -> None:
    ndpc = DEFINITIONS["ndpc-2020"]
    known = tuple((key, {"en": key}) for key in ("M01", "M02", "M03"))
    picks = ask(ndpc.questions["R3-01"], RoutingContext(ndpc, measures={"all": known, "surviving": known[1:]}))
    assert picks is not None and [item.key for item in picks.options] == ["M02", "M03"]
    assert picks.labels == ("M01", "M02", "M03")
    later = RoutingContext(ndpc, {"POST-23": ["yes"]}, {"all": known}, {"round-3": known[:2]})
    taken = ask(ndpc.questions["FU-04"], later)
    assert taken is not None and [item.key for item in taken.options] == ["M01", "M02"]
    question = ndpc.questions["FU-04"]
    assert isinstance(question, Multi)
    less = question.options.model_copy(update={"without": ("M01",)})
    rest = ask(question.model_copy(update={"options": less}), later)
    assert rest is not None and [item.key for item in rest.options] == ["M02"]


def test_rows_from_own_earlier_texts() -> None:
    ndpc = DEFINITIONS["ndpc-2020"]
    told = {"POST-23": ["yes"], "POST-19.2.step": ["Call the museum"]}
    asked = ask(ndpc.questions["FU-01"], RoutingContext(ndpc, told))
    assert asked is not None
    assert [(row.key, row.label) for row in asked.rows] == [("2", {"en": "Call the museum"})]
    group = ndpc.questions["POST-19"]
    assert isinstance(group, Group)
    source = ndpc.questions["FU-01"].sources()[0]
    assert len(whole_list(source, RoutingContext(ndpc))) == group.repeat.max


def test_random_rows_are_the_experts_own_and_stay() -> None:
    closeness = every_type().questions["closeness"].model_copy(update={"row_order": "random"})
    inputs = {"sectors": ["health", "tourism", "schools", "trade"]}
    orders = {}
    for seed in map(str, range(12)):
        twice = [ask(closeness, context(inputs, seed=seed)) for _ in range(2)]
        first, second = ([row.key for row in asked.rows] for asked in twice if asked)
        assert first == second and sorted(first) == sorted(inputs["sectors"])
        orders[seed] = tuple(first)
    assert len(set(orders.values())) > 3


FIRST_LOOK = every_type().questionnaires["first-look"]


def test_what_hung_on_an_answer_taken_back_falls_with_it() -> None:
    """`tell` hangs on `projects`, which hangs on `joined`; `more` hangs on `tell`."""
    typed = {"joined": ["yes"], "projects": ["12"], "tell": ["a story"], "more": ["books", "rooms"]}
    assert inputs_that_count(FIRST_LOOK, context({}), typed) == typed
    changed = typed | {"joined": ["no"]}
    assert inputs_that_count(FIRST_LOOK, context({}), changed) == {"joined": ["no"]}
    fewer = typed | {"projects": ["9"]}
    assert inputs_that_count(FIRST_LOOK, context({}), fewer) == {"joined": ["yes"], "projects": ["9"]}


def test_rows_and_options_no_longer_offered_do_not_count() -> None:
    typed = {
        "sectors": ["health"],
        "closeness.health": ["1"],
        "closeness.trade": ["5"],
        "best": ["trade"],
        "fit.start": ["trade"],
        "fit.end": ["health"],
    }
    assert inputs_that_count(FIRST_LOOK, context({}), typed) == {
        "sectors": ["health"],
        "closeness.health": ["1"],
        "best": [],
        "fit.start": [],
        "fit.end": ["health"],
    }


def test_answers_of_other_stages_and_ratings_count_as_they_are() -> None:
    earlier, typed = {"visits": ["weekly"]}, {"L1.wish": ["4"], "role": ["reader"]}
    assert inputs_that_count(FIRST_LOOK, context(earlier), typed) == earlier | typed


WORDS = ["yes", "no", "health", "trade", "none", "no:dont_know", "12", "3", "²", "--1", "a story"]


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "joined",
                "projects",
                "tell",
                "sectors",
                "closeness.health",
                "best",
                "more",
                "closeness.trade",
                "ideas.1.title",
                "ideas.2.what",
                "role",
                "role.other",
            ]
        ),
        st.lists(st.sampled_from(WORDS), max_size=2),
    )
)
def test_what_counts_belongs_to_questions_that_are_asked(typed: dict[str, list[str]]) -> None:
    counted = inputs_that_count(FIRST_LOOK, context({}), typed)
    shown = [item for page in pages(FIRST_LOOK) for item in ask_page(page, context(counted))]
    names = {name for item in shown for name in answer_type(item).names(item)}
    assert set(counted) == names & set(typed)
    assert inputs_that_count(FIRST_LOOK, context({}), counted) == counted


@given(st.data())
def test_a_ranking_comes_in_the_order_of_ones_own_ratings(data: st.DataObject) -> None:
    """Highest first, alike in the order in which they were rated, what was not rated last; nothing is lost."""
    definition = DEFINITIONS["ndpc-2020"]
    ranking, rated_in = definition.questions["PRE-26"], "PRE-25"
    before = RoutingContext(definition, seed="somebody")
    rows = ask(definition.questions[rated_in], before)
    assert rows is not None and rows.scale is not None
    keys = [row.key for row in rows.rows]
    answers = st.one_of(st.sampled_from([str(point) for point in rows.scale.points]), st.just("no:dont_know"))
    typed = data.draw(st.dictionaries(st.sampled_from(keys), answers))
    inputs = {f"{rated_in}.{key}": [value] for key, value in typed.items()}
    asked = ask(ranking, RoutingContext(definition, inputs, seed="somebody"))
    assert asked is not None
    points = {key: int(value) for key, value in typed.items() if value.isdecimal()}
    assert asked.rated == points
    expected = sorted(keys, key=lambda key: (key not in points, -points.get(key, 0), keys.index(key)))
    assert [option.key for option in asked.options] == expected


def test_a_question_is_asked_by_the_scales_of_its_own_definition() -> None:
    """The very same question in two definitions, one after the other: what all are asked alike is kept."""
    one = every_type()
    question = next(item for item in one.questions.values() if item.type == "scale")
    known = one.scales[question.scale]
    other = one.model_copy(
        update={"scales": {**one.scales, question.scale: known.model_copy(update={"no_answer": ()})}}
    )
    assert other.questions[question.key] is question
    for definition in (one, other, one):
        found = ask(question, RoutingContext(definition))
        assert found is not None and found.scale is definition.scales[question.scale]


def test_what_is_kept_of_questions_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routing, "MOST_ASKED", 2)
    monkeypatch.setattr(routing, "_ASKED", {})
    definition = every_type()
    alike = [one for one in definition.questions.values() if one.type in routing.ALIKE and one.show_if is None]
    kept = [len(routing._ASKED) for one in alike if ask(one, RoutingContext(definition))]
    assert len(alike) > 3 and max(kept) == 2
