"""Numbers and times for readers, each by the convention of the reader's language."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask_babel import Babel

from analysis.model.criterion import ClauseFacts
from consult.briefing.figure import mean
from consult.web.forms.panel_words import number
from consult.web.languages import DRAFTS, INTERFACE
from consult.words.catalogues import catalogue
from consult.words.dates import written, written_in
from consult.words.numbers import decimal
from consult.words.wording import clause_words, point

LANGUAGES = (*INTERFACE, *DRAFTS)
TRUE_MINUS = {"et", "fi", "lt", "nb", "sv"}
"""Languages that write a minus sign, not a hyphen, before a number."""
LATE = datetime(2020, 6, 28, 20, 59, tzinfo=ZoneInfo("UTC"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_has_the_decimal_mark_of_the_language(language: str) -> None:
    mark = "." if language == "en" else ","
    assert decimal(7.5, language) == f"7{mark}5"
    assert decimal(7, language) == decimal(7.004, language) == "7", "no needless zeros"
    assert decimal(0.25, language) == f"0{mark}25"
    minus = "\u2212" if language in TRUE_MINUS else "-"
    assert decimal(-0.5, language) == f"{minus}0{mark}5"
    assert decimal(None, language) == "–"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_with_a_number_writes_it_alike(language: str) -> None:
    """On experts' pages, on pages of results, in what a rule asks for, and in the briefing."""
    words, half = catalogue(language), decimal(7.5, language)
    app = Flask(__name__)
    Babel(app, default_locale=language)
    with app.test_request_context():
        assert number(7.5) == half
    assert point(7.5, words) == half
    limit = ClauseFacts(kind="median", op=">=", limit=(15, 2), holds=True)
    assert half in clause_words(limit, words, {})
    assert mean(7.5, words) == half and mean(7, words) == half.replace("5", "0")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_time_is_written_as_the_language_does(language: str) -> None:
    said = "23.59" if language in ("da", "fi") else "23:59"
    assert written(LATE.astimezone(ZoneInfo("Europe/Riga")), "time", language) == said
    assert said in written_in(LATE, "Europe/Riga", language)


def test_a_language_of_a_region_is_known() -> None:
    """A folder names it as web pages do: `pt-BR`."""
    assert decimal(7.5, "pt-BR") == "7,5"
    assert written_in(LATE, "Europe/Riga", "pt-BR").startswith("28 de junho de 2020, 23:59 (Riga")
