"""Variables: the flat list of columns that a questionnaire and the measures make."""

import pytest

from consult.definition.loader import load
from consult.definition.variables import questionnaire_variables, rating_variables
from tests.services.conftest import town_library
from tests.services.samples import every_type
from tests.sources import ROOT

NDPC = load(ROOT / "questionnaires" / "ndpc-2020")


def test_every_type_has_its_columns() -> None:
    first_look = every_type().questionnaires["first-look"]
    found = {item.key: item for item in questionnaire_variables(first_look, every_type())}
    assert set(found) == {
        "agree",
        "role",
        "role.other",
        "best",
        "joined",
        "projects",
        "tell",
        "mood",
        "named",
        "last",
        *(f"sectors.{key}" for key in ("health", "tourism", "schools", "trade", "none")),
        *(f"closeness.{key}" for key in ("health", "tourism", "schools", "trade", "none")),
        "timing.start",
        "timing.end",
        "fit.start",
        "fit.end",
        *(f"more.{key}" for key in ("books", "rooms", "staff", "another", "other")),
        *(f"more.{key}.detail" for key in ("books", "rooms", "staff", "another")),
        *(f"drivers.{key}" for key in ("money", "people", "rules", "own", "other")),
        *(f"order.{key}" for key in ("first", "second", "third")),
        *(f"shares.{key}" for key in ("town", "state", "users")),
        *(f"ideas.{n}.{key}" for n in (1, 2) for key in ("title", "what", "for_whom.old", "for_whom.young")),
    }
    levels = {key: item.level for key, item in found.items()}
    assert levels["role"] == levels["timing.start"] == "nominal"
    assert levels["sectors.trade"] == levels["agree"] == "binary"
    assert levels["mood"] == levels["closeness.trade"] == "ordinal"
    assert levels["drivers.own"] == "rank" and levels["shares.town"] == "number"
    assert levels["role.other"] == levels["more.books.detail"] == levels["last"] == "text"
    assert found["drivers.own"].labels == ("1", "2", "3")
    assert found["order.first"].labels == ("1", "2", "3", "4")
    assert found["named"].recipient == "secretariat" and found["named"].disclosure == "never"


@pytest.mark.parametrize("definition", [NDPC, town_library(), every_type()])
def test_keys_are_unique_and_fit_their_column(definition: object) -> None:
    assert isinstance(definition, type(NDPC))
    content = definition.measures
    assert content is not None
    titles = [(measure.key, measure.title) for measure in content.measures]
    columns = [
        variable
        for questionnaire in definition.questionnaires.values()
        for variable in questionnaire_variables(questionnaire, definition, titles)
    ]
    columns += [v for measure in content.measures for v in rating_variables(measure.key, definition)]
    keys = [variable.key for variable in columns]
    assert len(set(keys)) == len(keys)
    assert max(map(len, keys)) <= 120
    for variable in columns:
        assert (variable.level in ("ordinal", "interval")) == (variable.scale is not None)
        assert (variable.level == "nominal") <= bool(variable.labels)


def test_a_question_on_measures_has_a_column_for_each_measure_known() -> None:
    titles = [("M01", {"en": "One"}), ("M99", {"en": "New"})]
    found = questionnaire_variables(NDPC.questionnaires["round-3"], NDPC, titles)
    assert [item.key for item in found] == ["R3-01.M01", "R3-01.M99"]


def test_ratings_are_one_variable_for_each_criterion() -> None:
    found = list(rating_variables("M01", NDPC))
    assert [item.key for item in found] == ["M01.importance", "M01.feasibility"]
    assert {item.recipient for item in found} == {"analysis"}
