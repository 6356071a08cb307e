"""A line of the panel file: its columns, its group, and cells as messages show them."""

import pytest

from consult.services.panel.panel_row import columns, derived_group, folded, listed_keys, shown_cell
from tests.services.conftest import reworked, town_library


def test_columns_are_the_person_the_attributes_and_the_group() -> None:
    assert columns(town_library()) == ["name", "email", "language", "part", "work", "group"]


def test_an_attribute_called_group_is_one_column() -> None:
    content = town_library().model_dump(mode="json", by_alias=True, exclude_none=True)["panel"]
    attribute = {"key": "group", "label": "Group", "list": "works", "disclosure": "never"}
    panel = {**content, "attributes": [*content["attributes"], attribute]}
    assert columns(reworked(town_library(), panel=panel)).count("group") == 1


@pytest.mark.parametrize(
    ("value", "group"),
    [("work_library", "library"), ("work_school", "library"), ("work_council", "town"), ("hill", None), (None, None)],
)
def test_the_group_follows_from_the_attribute(value: str | None, group: str | None) -> None:
    assert derived_group(town_library(), value) == group


def test_without_reporting_groups_nobody_has_one() -> None:
    content = town_library().model_dump(mode="json", by_alias=True, exclude_none=True)["panel"]
    panel = {"attributes": content["attributes"]}
    assert derived_group(reworked(town_library(), panel=panel), "work_school") is None


def test_case_space_and_the_form_of_accents_do_not_count() -> None:
    assert folded("  Zoë\u00a0 ØST ") == folded("zoe\u0308 øst") == "zoë øst"
    assert folded("Straße") == folded("STRASSE")


def test_a_cell_in_a_message_is_short_and_on_one_line() -> None:
    assert shown_cell("a\nb") == "'a b'" or "\n" not in shown_cell("a\nb")
    assert shown_cell("x" * 60) == "'" + "x" * 60 + "'"
    assert shown_cell("x" * 61) == "'" + "x" * 60 + "…'"


def test_a_long_list_of_keys_is_cut() -> None:
    named = [(f"k{number}", {"en": "K"}) for number in range(14)]
    assert listed_keys(named[:12]) == ", ".join(f"k{number}" for number in range(12))
    assert listed_keys(named) == listed_keys(named[:12]) + " and 2 more"
    assert listed_keys(named[:3], 2) == "k0, k1 and 1 more"
