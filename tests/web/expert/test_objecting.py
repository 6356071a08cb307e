"""On one's own page one objects to an optional use and stays, and takes it back; the consent says so before."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from consult.models import Objection
from tests.services.access.test_objections import optional
from tests.web.expert.beside import OTHER, first_round
from tests.web.visiting import Browser, Library, open_library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, "round-2") as opened:
        yield opened


@pytest.fixture
def browser(library: Library) -> Iterator[Browser]:
    """An expert of a panel with optional uses."""
    with first_round(library, optional()) as found:
        yield found


def uses(library: Library) -> list[str]:
    with library.database.reading() as session:
        return sorted(session.scalars(select(Objection.use)))


def test_the_consent_says_which_uses_are_optional(browser: Browser) -> None:
    browser.open(f"/c/{OTHER}/consent")
    assert browser.text.count("Later you can object to this") == 2


def test_object_and_allow_again(library: Library, browser: Browser) -> None:
    browser.open(f"/c/{OTHER}/my-data")
    assert browser.text.count("You can object to this and take part all the same.") == 2
    browser.press("objects", "yes", mark="files of rows")
    assert uses(library) == ["rows"] and "You object:" in browser.text
    assert browser.open(f"/c/{OTHER}/stage/round-1/L1") == 200, "still taking part"
    browser.open(f"/c/{OTHER}/my-data")
    browser.press("objects", "no", mark="files of rows")
    assert uses(library) == [] and "You object:" not in browser.text


def test_a_condition_of_taking_part_has_no_button(library: Library, browser: Browser) -> None:
    browser.open(f"/c/{OTHER}/my-data")
    forms = browser.tree.xpath("//main//form[.//button[@name='objects']]")
    assert [form.get("action").rpartition("/")[2] for form in forms] == ["quoted", "rows"]
    sent = browser.client.post(f"/c/{OTHER}/my-data/uses/counted", data={"objects": "yes"})
    assert sent.status_code in (400, 403, 404) and uses(library) == []


def test_who_objects_to_reasons_is_told_so_where_one_writes_them(browser: Browser) -> None:
    told = "You object to your reasons being shown: this one is read by the facilitator alone."
    browser.open(f"/c/{OTHER}/stage/round-1/L1")
    assert told not in browser.text
    browser.open(f"/c/{OTHER}/my-data")
    browser.press("objects", "yes", mark="My reasons")
    browser.open(f"/c/{OTHER}/stage/round-1/L1")
    assert told in browser.text
