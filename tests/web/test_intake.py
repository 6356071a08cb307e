"""What is too much is refused early, in words."""

import urllib.parse
from typing import Any

import pytest
from werkzeug import formparser
from werkzeug.routing import Map, Rule

from consult.web import intake
from tests.web.visiting import Library, page


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many fields werkzeug was asked to take apart, each time."""
    counted: list[int] = []
    honest = formparser.parse_qsl

    def count(text: str, *given: Any, **named: Any) -> Any:
        counted.append(text.count("&"))
        return honest(text, *given, **named)

    monkeypatch.setattr(formparser, "parse_qsl", count)
    return counted


def test_a_form_of_too_many_fields_is_never_taken_apart(first_look: Library, read: list[int]) -> None:
    browser = first_look.browser(13)
    read.clear()
    body = "&".join(f"item-{number}=1" for number in range(60_000))
    answer = browser.client.post(
        page("first-look", "budget"), data=body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413 and "<h1" in answer.text
    assert read == []


def test_many_fields_of_files_are_refused_too(first_look: Library) -> None:
    browser = first_look.browser(13)
    part = '--x\r\nContent-Disposition: form-data; name="item-{}"\r\n\r\n1\r\n'
    body = "".join(part.format(number) for number in range(intake.MOST_FIELDS + 1)) + "--x--\r\n"
    answer = browser.client.post(
        page("first-look", "budget"), data=body, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413


def test_the_longest_form_that_is_allowed_is_read(first_look: Library, read: list[int]) -> None:
    browser = first_look.browser(13)
    read.clear()
    fields = urllib.parse.urlencode([(f"other-{n}", "1") for n in range(intake.MOST_FIELDS)])
    answer = browser.client.post(
        page("first-look", "budget"), data=fields, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 400 and read == [intake.MOST_FIELDS - 1]  # it has no token


@pytest.mark.parametrize("number", ["1" * 24, "9" * 19, "-1", "1e3"])
def test_a_number_that_no_database_holds_is_no_address(number: str) -> None:
    """Wherever an address is to hold one."""
    numbered = Rule("/<int:number>")
    adapter = Map([numbered], converters={"int": intake.Whole}).bind("")
    assert adapter.test("/123456789012345678")
    assert not adapter.test(f"/{number}")


def test_the_bound_holds_for_every_address(first_look: Library) -> None:
    assert first_look.app.url_map.converters["int"] is intake.Whole
