"""Languages in draft: all that an expert reads is translated, and every page says it is a draft."""

from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po

from consult.web.languages import DRAFTS, INTERFACE
from tests.sources import ROOT
from tests.web.catalogues import catalogue, make_messages, path, said, speaks_alike
from tests.web.markup import faults, words
from tests.web.visiting import SLUG, Browser, Library, page

INSTEAD = "This page stands in %(language)s: it is not translated."
MARK = """\
# Read and corrected, not yet confirmed by a native reader.
# X-Reviewed-By: not yet confirmed
"""
"""Above a draft, until a person signs in place of the last three words: tools keep no header of their own there."""
NOTICE = (
    "This translation was read and corrected, not yet confirmed by a native reader. "
    "Texts of the consultation without a translation are shown in English."
)
WEB = "consult/web"
EXPERT_FOLDERS = (f"{WEB}/expert/", f"{WEB}/templates/expert/")
EXPERT_FILES = {
    *(f"{WEB}/templates/{name}.html" for name in ("base", "macros")),
    *(f"{WEB}/{name}.py" for name in ("pages", "errors", "typed", "signins", "status_pages")),
    *(
        f"{WEB}/forms/{name}.py"
        for name in (
            *("words", "questions", "scales", "ratings", "panel_words", "reasons", "summary"),
            *("posted", "moments", "mending", "letters", "evidence", "ranking"),
        )
    ),
    *(f"consult/services/mail/{name}.py" for name in ("mails", "closing", "composing", "calendar", "correspondence")),
}
"""Where the texts of experts' pages and mails stand; staff read English or Russian."""

each_draft = pytest.mark.parametrize("language", DRAFTS)
two_drafts = pytest.mark.parametrize("language", ("lv", "sv"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The template of all texts, and the catalogues as `make messages` would leave them."""
    return make_messages(tmp_path_factory.mktemp("messages"))


@pytest.fixture(scope="module")
def for_experts(made: tuple[Path, Path]) -> list[Message]:
    """Every text that the code has for experts."""
    with made[0].open("rb") as file:
        template = read_po(file)
    return [message for message in template if message.id and _is_for_experts(message)]


def _is_for_experts(message: Message) -> bool:
    return any(place in EXPERT_FILES or place.startswith(EXPERT_FOLDERS) for place, _ in message.locations)


def _copied(made: tuple[Path, Path], language: str) -> Catalog:
    with (made[1] / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def _translated(language: str) -> list[Message]:
    """What the catalogue says in its language: staff's texts may have no words in a draft."""
    return [message for message in catalogue(language) if message.id and any(_forms(message))]


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _gaps(found: Catalog, wanted: list[Message]) -> list[str]:
    """The texts of `wanted` that are absent, not translated in every form, or only guessed."""
    gaps = []
    for message in wanted:
        known = found.get(_key(message), message.context)
        count = 1 if isinstance(message.id, str) else found.num_plurals
        forms = _forms(known) if known else []
        if not known or known.fuzzy or len([f for f in forms if f.strip()]) != count:
            gaps.append(_key(message))
    return gaps


def test_the_files_with_experts_texts_are_there(for_experts: list[Message]) -> None:
    """A file renamed would drop out of these tests without a sound."""
    assert [name for name in sorted(EXPERT_FILES) if not (ROOT / name).is_file()] == []
    assert {NOTICE, "My tasks", "More languages"} <= {_key(message) for message in for_experts}


def test_every_catalogue_is_offered() -> None:
    assert {one.name for one in path("ru").parents[2].iterdir()} == {*DRAFTS, *INTERFACE} - {"en"}


@each_draft
def test_a_draft_says_who_confirmed_it(language: str) -> None:
    assert path(language).read_text(encoding="utf-8").startswith(MARK)
    assert catalogue(language).header_comment + "\n" == MARK


@each_draft
def test_every_text_for_experts_is_translated(language: str, for_experts: list[Message]) -> None:
    assert _gaps(catalogue(language), for_experts) == []


@each_draft
def test_make_messages_keeps_a_draft(language: str, made: tuple[Path, Path], for_experts: list[Message]) -> None:
    """It may add staff's texts without words; the mark and all that was said stay."""
    again = _copied(made, language)
    kept = said(again)
    lost = [
        key for key, forms in said(catalogue(language)).items() if any(forms) and key in kept and kept[key] != forms
    ]
    assert lost == []
    assert _gaps(again, for_experts) == []
    assert again.header_comment + "\n" == MARK


@each_draft
def test_placeholders_and_plurals_are_right(language: str) -> None:
    """Of plurals beside the English plural; no form may fail when a number is put in."""
    offenders = [
        (_key(message), form)
        for message in _translated(language)
        for form in _forms(message)
        if not _is_filled_alike(message, form)
    ]
    assert offenders == []
    found = catalogue(language)
    refused = [(_key(one), why) for one in _translated(language) for why in one.check(found)]
    assert refused == []


def _is_filled_alike(message: Message, form: str) -> bool:
    """Where nothing is put in, a language may write out the words for a percent sign."""
    if "python-format" not in message.flags and "%" not in form:
        return True
    return speaks_alike(message.id if isinstance(message.id, str) else message.id[1], form)


@each_draft
def test_white_space_and_colons_are_the_same(language: str) -> None:
    """Sentences are put together from parts."""
    offenders = [
        (_key(message), form)
        for message in _translated(language)
        for form in _forms(message)
        if "\n" in form
        or form[:1].isspace() != _key(message)[:1].isspace()
        or form[-1:].isspace() != _key(message)[-1:].isspace()
        or (_key(message).endswith(":") and not form.endswith(":"))
    ]
    assert offenders == []


@each_draft
def test_the_compiled_draft_is_this_one(language: str) -> None:
    with path(language, "mo").open("rb") as file:
        stored = read_mo(file)
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    assert said(stored) == said(read_mo(compiled))
    assert stored.plural_expr == catalogue(language).plural_expr
    assert stored.num_plurals == catalogue(language).num_plurals


def _notices(browser: Browser) -> list[str]:
    return [words(one) for one in browser.tree.xpath("//main/p[@role='note']")]


def _say(language: str, text: str) -> str:
    return str(catalogue(language)[text].string)


@two_drafts
def test_the_tasks_are_in_the_draft_language(round_1: Library, language: str) -> None:
    browser = round_1.browser(1)
    assert browser.open(f"/c/{SLUG}/?lang={language}") == 200
    assert browser.tree.get("lang") == language
    assert words(browser.tree.xpath("//header//nav/a")[0]) == _say(language, "My tasks")
    assert browser.tree.xpath("//p[@class='languages']//a[@aria-current]/@hreflang") == [language]
    assert _notices(browser) == [_say(language, NOTICE)]
    assert faults(browser.text) == [f"lang is {language}"]
    browser.open(page("round-1", "L1"))
    assert browser.tree.get("lang") == language, "remembered"


@two_drafts
def test_what_has_no_translation_says_its_language(round_1: Library, language: str) -> None:
    """The town library asks in English only: everything it says is marked as English."""
    browser = round_1.browser(1)
    browser.open(f"/c/{SLUG}/?lang={language}")
    for text in ("Round 1", "The town of Kempt Shore"):
        found = browser.tree.xpath("//main//*[starts-with(normalize-space(text()), $t)]", t=text)
        assert found, text
        assert {one.get("lang") for one in found} == {"en"}
    browser.open(page("round-1", "L1"))
    assert browser.tree.xpath("//h1/*/@lang") == ["en"]
    browser.open(f"/c/{SLUG}/?lang=en")
    assert browser.tree.xpath("//main//*[@lang]") == [], "not marked on an English page"


@two_drafts
def test_the_switch_keeps_place_and_query(round_1: Library, language: str) -> None:
    browser = round_1.browser(1)
    place = page("round-1", "L1")
    browser.open(f"{place}?lang={language}&n-L1=2&sort=a+b")
    links = browser.tree.xpath("//p[@class='languages']//a")
    assert [link.get("hreflang") for link in links] == [*INTERFACE, *DRAFTS]
    for link in links:
        parts = urlsplit(link.get("href"))
        assert parts.path == place
        query = {"lang": link.get("hreflang"), "n-L1": "2", "sort": "a b"}
        assert sorted(parse_qsl(parts.query)) == sorted(query.items())
        assert link.get("lang") == link.get("hreflang"), "each named in its own language"
        assert browser.open(link.get("href")) == 200
        assert browser.path == place and browser.tree.get("lang") == link.get("hreflang")


def test_only_a_draft_carries_the_notice(round_1: Library) -> None:
    """But for a page that must be whole: it stands in the language of the consultation, and says so."""
    browser = round_1.browser(1)
    for language in (*INTERFACE, *DRAFTS):
        for address in ("", "privacy", "my-data", "help", "stage/round-1/review"):
            assert browser.open(f"/c/{SLUG}/{address}?lang={language}") == 200, address
            if address == "privacy" and language != "en":
                expected = [_say(language, INSTEAD) % {"language": "English"}]
            else:
                expected = [_say(language, NOTICE)] if language in DRAFTS else []
            assert _notices(browser) == expected, (language, address)


def test_a_browser_alone_does_not_choose_a_draft(round_1: Library) -> None:
    """A draft is chosen by a person: what the browser prefers chooses among finished languages."""
    browser = round_1.browser()
    answer = browser.client.get(f"/c/{SLUG}/", headers={"Accept-Language": "lv, ru;q=0.5"}, follow_redirects=True)
    assert '<html lang="ru">' in answer.text
