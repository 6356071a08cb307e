"""Answer types: whatever is typed is judged, and what is stored can be read back."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.definition.answers import ANSWER_TYPES, Stored, answer_type, problems, store
from consult.definition.asked import AskedQuestion, Inputs
from consult.definition.choosing import RoutingContext
from consult.definition.question import AnyQuestion, Group, Number, Points
from consult.definition.routing import ask
from tests.services.samples import QUESTIONS, every_type

KEYS = [question["key"] for question in QUESTIONS]
CHOSEN = {"sectors": ["health", "trade"], "joined": ["yes"], "projects": ["12"], "tell": ["a story"]}
WORDS = [
    "yes",
    "no",
    "no:dont_know",
    "no:abstained",
    "no:not_my_field",
    "no:blank",
    "no:",
    "own",
    "0",
    "1",
    "5",
    "9",
    "05",
    "-1",
    "1 000",
    "²",
    "٣",
    "",
    " ",
    "\x00",
    "a\rb",
    "a\r\r\nb",
    "x" * 201,
]


def asked_of(key: str, inputs: Mapping[str, list[str]] = CHOSEN, **changes: Any) -> AskedQuestion:
    """A question as asked now, with some of its settings changed."""
    definition = every_type()
    question: AnyQuestion = definition.questions[key].model_copy(update=changes)
    found = ask(question, RoutingContext(definition, inputs))
    assert found is not None
    return found


def whole_of(key: str) -> AskedQuestion:
    definition = every_type()
    found = ask(definition.questions[key], RoutingContext(definition), whole=True)
    assert found is not None
    return found


def offered_words(asked: AskedQuestion) -> list[str]:
    inner = [word for part in asked.instances for item in part for word in offered_words(item)]
    keys = [option.key for option in (*asked.options, *asked.rows)]
    points = [str(point) for point in asked.scale.points] if asked.scale else []
    return [*inner, *keys, *asked.labels, *points]


@st.composite
def typed(draw: st.DrawFn) -> tuple[AskedQuestion, dict[str, list[str]]]:
    """Any question, often answered well, with anything typed into its inputs or into strays."""
    key, right = draw(st.sampled_from([*RIGHT, *((key, {}) for key in KEYS)]))
    asked = asked_of(key)
    names = answer_type(asked).names(asked)
    strays = [f"{asked.key}.{name}" for name in ("1", "own", "other", "confirm", "health.detail")]
    word = st.one_of(
        st.sampled_from([*offered_words(asked), *WORDS]),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
        st.integers(-3, 700).map(str),
    )
    one = st.lists(word, min_size=1, max_size=1)
    values = st.one_of(one, one, st.lists(word, max_size=3))
    more = st.dictionaries(st.sampled_from([*names, *strays]), values, max_size=3)
    return asked, {**right, **draw(more)}


def rightful(asked: AskedQuestion, key: str, one: Stored) -> bool:
    """Whether a value is one that the question offers."""
    question = asked.question
    if isinstance(question, Group):
        return any(
            rightful(item, key, one)
            for part in asked.instances
            for item in part
            if key == item.key or key.startswith(f"{item.key}.")
        )
    states = asked.scale.no_answer if asked.scale else getattr(question, "no_answer", ())
    if isinstance(question, Points) and question.dont_know:
        states = ("dont_know",)
    if one.state is not None:
        return one.state in states
    if one.text is not None:
        return bool(one.text.strip()) and "\x00" not in one.text
    assert one.value is not None
    if asked.scale is not None:
        return one.value in asked.scale.points
    if isinstance(question, Number):
        return question.min <= one.value <= question.max
    if isinstance(question, Points):
        return 0 <= one.value <= question.total
    if question.type in ("multi", "consent"):
        return one.value in (0, 1)
    if question.type == "rank":
        return 1 <= one.value <= 4
    return asked.labels[one.value] in {option.key for option in asked.options}


@settings(max_examples=1500, deadline=None)
@given(typed())
def test_whatever_is_typed_is_judged_and_what_is_accepted_is_stored_and_read_back(
    case: tuple[AskedQuestion, dict[str, list[str]]],
) -> None:
    asked, inputs = case
    kind = answer_type(asked)
    found = list(problems(asked, inputs))
    for problem in found:
        assert problem.name == asked.key or problem.name.startswith(f"{asked.key}.")
    if list(kind.check(asked, inputs)):
        return
    stored = store(asked, inputs)
    assert set(stored) <= {item.key for item in kind.variables(asked)}
    assert set(stored) <= {item.key for item in kind.variables(whole_of(asked.key))}
    read = kind.read(asked, stored)
    assert set(read) <= set(kind.names(asked))
    assert list(kind.check(asked, read)) == []
    assert store(asked, read) == stored
    for key, one in stored.items():
        assert [one.value, one.text, one.state].count(None) == 2
        assert rightful(asked, key, one), (key, one)


def test_every_type_is_among_the_questions() -> None:
    assert {question["type"] for question in QUESTIONS} == set(ANSWER_TYPES)


def codes(asked: AskedQuestion, inputs: Inputs) -> set[tuple[str, str]]:
    return {(problem.name, problem.code) for problem in problems(asked, inputs)}


RIGHT: list[tuple[str, dict[str, list[str]]]] = [
    ("agree", {"agree": ["yes"]}),
    ("role", {"role": ["reader"]}),
    ("role", {"role": ["no:abstained"]}),
    ("role", {"role": ["someone"], "role.other": ["a poet"]}),
    ("sectors", {"sectors": ["health", "trade", "schools"]}),
    ("sectors", {"sectors": ["none"]}),
    ("sectors", {"sectors": ["no:dont_know"]}),
    ("closeness", {"closeness.health": ["5"], "closeness.trade": ["no:abstained"]}),
    ("best", {}),
    ("timing", {"timing.start": ["late"]}),
    ("fit", {"fit.start": ["trade"]}),
    ("projects", {"projects": ["50"]}),
    ("projects", {"projects": ["51"], "projects.confirm": ["51"]}),
    ("projects", {"projects": ["１００"], "projects.confirm": ["100"]}),
    ("tell", {"tell": ["x" * 200]}),
    ("tell", {"tell": ["one\r\r\ntwo\rthree"]}),
    ("more", {"more": ["books", "rooms"], "more.books.detail": ["x" * 60]}),
    ("more", {"more": ["books", "another"], "more.another": [], "more.other": ["a garden"]}),
    ("drivers", {"drivers.1": ["money"], "drivers.2": ["rules"]}),
    ("drivers", {"drivers.1": ["own"], "drivers.2": ["rules"], "drivers.own": ["hope"]}),
    ("order", {"order.1": ["third"], "order.2": ["first"], "order.3": ["second"]}),
    ("shares", {"shares.town": ["10"]}),
    ("shares", {"shares.town": ["4"], "shares.state": ["6"], "shares.users": ["0"]}),
    ("shares", {"shares": ["no:dont_know"]}),
    ("mood", {"mood": ["1"]}),
    ("mood", {"mood": ["no:dont_know"]}),
    ("ideas", {}),
    ("ideas", {"ideas.2.title": ["A door"], "ideas.2.what": ["A wider door"]}),
]
WRONG: list[tuple[str, dict[str, list[str]], str, str]] = [
    ("agree", {"agree": ["maybe"]}, "agree", "not_an_option"),
    ("role", {}, "role", "required"),
    ("role", {"role": ["king"]}, "role", "not_an_option"),
    ("role", {"role": ["no:dont_know"]}, "role", "not_an_option"),
    ("role", {"role": ["reader", "teacher"]}, "role", "choose_one"),
    ("role", {"role": ["someone"]}, "role.other", "other_needs_text"),
    ("role", {"role": ["someone"], "role.other": ["x" * 201]}, "role.other", "too_long"),
    ("sectors", {"sectors": [" "]}, "sectors", "required"),
    ("sectors", {"sectors": ["health", "king"]}, "sectors", "not_an_option"),
    ("sectors", {"sectors": ["health", "none"]}, "sectors", "excludes_others"),
    ("sectors", {"sectors": ["health", "no:dont_know"]}, "sectors", "excludes_others"),
    ("sectors", {"sectors": ["no:abstained"]}, "sectors", "not_an_option"),
    ("sectors", {"sectors": ["health", "health"]}, "sectors", "chosen_twice"),
    ("sectors", {"sectors": ["health", "trade", "schools", "tourism"]}, "sectors", "too_many"),
    ("closeness", {"closeness.health": ["5"]}, "closeness.trade", "required"),
    ("closeness", {"closeness.health": ["6"]}, "closeness.health", "not_a_point"),
    ("closeness", {"closeness.health": ["no:not_my_field"]}, "closeness.health", "not_an_option"),
    ("best", {"best": ["tourism"]}, "best", "not_an_option"),
    ("timing", {"timing.start": ["never"]}, "timing.start", "not_a_point"),
    ("fit", {"fit.start": ["tourism"]}, "fit.start", "not_a_point"),
    ("projects", {}, "projects", "required"),
    ("projects", {"projects": ["0"]}, "projects", "not_a_number"),
    ("projects", {"projects": ["501"]}, "projects", "not_a_number"),
    ("projects", {"projects": ["two"]}, "projects", "not_a_number"),
    ("projects", {"projects": ["2.5"]}, "projects", "not_a_number"),
    ("projects", {"projects": ["1 2"]}, "projects", "not_a_number"),
    ("projects", {"projects": ["²"]}, "projects", "not_a_number"),
    ("projects", {"projects": ["51"]}, "projects.confirm", "confirm_number"),
    ("projects", {"projects": ["52"], "projects.confirm": ["51"]}, "projects.confirm", "confirm_number"),
    ("tell", {"tell": ["x" * 201]}, "tell", "too_long"),
    ("tell", {"tell": ["no"]}, "tell", "too_short"),
    ("more", {"more": ["books"]}, "more", "too_few"),
    ("more", {"more": ["books", "rooms"], "more.books.detail": ["x" * 61]}, "more.books.detail", "too_long"),
    ("more", {"more": ["books", "another"]}, "more.other", "other_needs_text"),
    ("drivers", {"drivers.1": ["money"]}, "drivers.2", "rank_incomplete"),
    ("drivers", {"drivers.1": ["money"], "drivers.2": ["money"]}, "drivers.2", "ranked_twice"),
    ("drivers", {"drivers.1": ["own"], "drivers.2": ["money"]}, "drivers.own", "other_needs_text"),
    ("order", {"order.1": ["own"], "order.2": ["first"], "order.3": ["third"]}, "order.1", "not_an_option"),
    ("shares", {}, "shares.town", "required"),
    ("shares", {"shares.town": ["9"]}, "shares.town", "points_sum"),
    ("shares", {"shares.town": ["11"], "shares.state": ["-1"]}, "shares.state", "not_points"),
    ("shares", {"shares.town": ["9"], "shares": ["no:dont_know"]}, "shares", "points_or_dont_know"),
    ("shares", {"shares": ["no:abstained"]}, "shares", "not_an_option"),
    ("mood", {}, "mood", "required"),
    ("mood", {"mood": ["0"]}, "mood", "not_a_point"),
    ("mood", {"mood": ["no:not_my_field"]}, "mood", "not_an_option"),
    ("mood", {"mood": ["no:blank"]}, "mood", "not_an_option"),
    ("ideas", {"ideas.1.title": ["A door"]}, "ideas.1.what", "required"),
    ("ideas", {"ideas.1.title": ["A"], "ideas.1.what": ["A wider door"]}, "ideas.1.title", "too_short"),
]


@pytest.mark.parametrize(("key", "inputs"), RIGHT)
def test_what_is_right_is_accepted(key: str, inputs: dict[str, list[str]]) -> None:
    asked = asked_of(key)
    assert codes(asked, inputs) == set()
    stored = store(asked, inputs)
    assert store(asked, answer_type(asked).read(asked, stored)) == stored
    assert bool(stored) == bool(inputs)


@pytest.mark.parametrize(("key", "inputs", "name", "code"), WRONG)
def test_what_is_wrong_is_refused_where_it_is_wrong(
    key: str, inputs: dict[str, list[str]], name: str, code: str
) -> None:
    assert (name, code) in codes(asked_of(key), inputs)


def test_a_group_with_a_minimum_wants_so_many_or_none() -> None:
    group = every_type().questions["ideas"]
    assert isinstance(group, Group)
    asked = asked_of("ideas", repeat=group.repeat.model_copy(update={"min": 2}))
    one = {"ideas.1.title": ["A door"], "ideas.1.what": ["A wider door"]}
    assert codes(asked, one) == {("ideas", "too_few")}
    two = one | {"ideas.2.title": ["A lift"], "ideas.2.what": ["A bigger lift"]}
    assert codes(asked, two) == codes(asked, {}) == set()


@pytest.mark.parametrize("key", ["best", "more"])
def test_what_was_chosen_in_another_question_cannot_be_chosen_again(key: str) -> None:
    inputs = CHOSEN | {"joined": ["yes"], "sectors": ["health", "trade"]}
    changed = {"without": "sectors", "options": every_type().questions["sectors"].sources()[0]}
    asked = asked_of(key, inputs, **changed)
    assert (key, "chosen_before") in codes(asked, {key: ["health"]})
    assert (key, "chosen_before") not in codes(asked, {key: ["tourism"]})


def test_values_are_those_of_the_codebook() -> None:
    """Codes do not depend on what this expert was offered."""
    assert store(asked_of("best"), {"best": ["trade"]}) == {"best": Stored(value=3)}
    ranked = store(asked_of("drivers"), {"drivers.1": ["rules"], "drivers.2": ["own"], "drivers.own": ["hope"]})
    assert ranked == {
        "drivers.money": Stored(value=3),
        "drivers.people": Stored(value=3),
        "drivers.rules": Stored(value=1),
        "drivers.own": Stored(value=2),
        "drivers.other": Stored(text="hope"),
    }
    ticked = store(asked_of("sectors"), {"sectors": ["trade"]})
    assert {key: one.value for key, one in ticked.items()} == {
        "sectors.health": 0,
        "sectors.tourism": 0,
        "sectors.schools": 0,
        "sectors.trade": 1,
        "sectors.none": 0,
    }
    unknown = store(asked_of("shares"), {"shares": ["no:dont_know"]})
    assert {one.state for one in unknown.values()} == {"dont_know"} and len(unknown) == 3
