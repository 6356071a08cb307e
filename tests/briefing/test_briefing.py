"""A briefing says what was found, in people, with the source of every number; nothing is empty."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser

import pytest

from consult.briefing.contents import build
from consult.briefing.html import render
from consult.briefing.model import Briefing, Figure, Listing, Paragraph, Quotes, Table
from consult.briefing.numbering import cited
from consult.released_texts import SidedReasons
from tests.briefing.made import FOLDERS, definition, made, said_of

RULE_TEXT = re.compile(r"\d\s?%")
VOID = {"meta", "link", "br", "hr", "img", "input"}
SVG = {"rect", "line", "circle", "path"}


@cache
def briefing(name: str, n: int = 18, language: str = "en") -> Briefing:
    return build(made(name, n, language))


@cache
def page(name: str, n: int = 18, language: str = "en") -> str:
    return render(briefing(name, n, language), language)


class Reader(HTMLParser):
    """Tags in balance, ids, links inside the file, and what would be fetched."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.named: list[str] = []
        self.tags: Counter[str] = Counter()
        self.fetched: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        if tag not in VOID | SVG:
            self.open.append(tag)
        if "id" in known:
            self.ids.append(known["id"])
        if tag == "a":
            self.links.add(known["href"])
        self.named += known.get("aria-labelledby", "").split()
        self.fetched += [known[name] for name in ("src", "srcset", "data") if name in known]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def figures(found: Briefing) -> list[Figure]:
    return [one for section in found.sections for one in section.blocks if isinstance(one, Figure)]


def tables(found: Briefing) -> list[Table]:
    return [one for section in found.sections for one in section.blocks if isinstance(one, Table)]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("name", FOLDERS)
def test_the_file_stands_by_itself(name: str, language: str) -> None:
    text = page(name, language=language)
    read = Reader(text)
    assert read.open == [] and read.fetched == []
    assert read.tags["script"] == read.tags["link"] == 0 and read.tags["h1"] == 1
    assert "url(" not in text and "@import" not in text and "http" not in text
    assert not re.search(r"\son\w+=", text)


@pytest.mark.parametrize("name", FOLDERS)
def test_ids_are_unique_and_every_link_arrives(name: str) -> None:
    read = Reader(page(name))
    assert [one for one, times in Counter(read.ids).items() if times > 1] == []
    assert {link.removeprefix("#") for link in read.links} <= set(read.ids)
    assert set(read.named) <= set(read.ids)


@pytest.mark.parametrize("name", FOLDERS)
def test_no_share_below_twenty_answers(name: str) -> None:
    """Texts of measures may speak of percent; what the panel said may not."""
    text = page(name)
    own = re.sub(r"<style>.*?</style>", "", text, flags=re.S)
    about = definition(name)
    for measure in about.measures.measures if about.measures else ():
        for words in (measure.text, *(piece.text for piece in measure.evidence)):
            for said in words.values():
                own = own.replace(said.replace("'", "&#39;"), "")
    assert RULE_TEXT.findall(own.replace("\u00a0", " ")) == []
    assert "18" in own


def test_shares_stand_beside_counts_from_twenty_answers_on() -> None:
    assert re.search(r"\d+ of 22 \(\d+\u00a0%\)", page("ndpc-2020", 22))


@pytest.mark.parametrize("n", [18, 6])
@pytest.mark.parametrize("name", FOLDERS)
def test_no_section_is_empty(name: str, n: int) -> None:
    sections = briefing(name, n).sections
    assert len(sections) > 3
    for section in sections:
        assert section.blocks, section.key
        for block in section.blocks:
            match block:
                case Paragraph():
                    assert "".join(run.text for run in block.line).strip()
                case Listing() | Quotes():
                    assert block.items
                case Table():
                    assert block.rows and {len(row) for row in block.rows} == {len(block.header)}
                case Figure():
                    assert block.rows


@pytest.mark.parametrize("name", FOLDERS)
def test_every_figure_has_words_and_its_table(name: str) -> None:
    found = figures(briefing(name))
    assert found
    for figure in found:
        assert figure.title and len(figure.description) > 20
        assert len(figure.table.rows) >= len(figure.rows)
        assert {len(row) for row in figure.table.rows} == {len(figure.table.header)}
        assert {len(row.values) for row in figure.rows} == {len(figure.series)}
    assert page(name).count('<svg role="img"') == len(found)


def test_the_figures_and_tables_of_the_plan_are_there() -> None:
    found = briefing("ndpc-2020")
    forms = Counter(figure.form for figure in figures(found))
    assert forms["dots"] >= 2 and forms["changes"] == 2 and forms["map"] == 1
    assert forms["diverging"] >= 2
    keys = {table.key for table in tables(found)}
    assert {"table-1", "table-6", "table-a1", "table-a2", "table-a3"} <= keys
    sections = [section.key for section in found.sections]
    order = [
        "summary",
        "background",
        "topic-top-covid",
        "topic-top-drivers",
        "topic-top-barriers",
        "measures",
        "differences",
        "recommendations",
        "addressee-lev-ndpc",
        "examples",
        "annex",
    ]
    assert [key for key in sections if key in order] == order


@pytest.mark.parametrize("name", FOLDERS)
def test_every_source_resolves_and_is_used(name: str) -> None:
    found = briefing(name)
    assert found.sources
    keys = [entry.key for entry in found.sources]
    assert len(set(keys)) == len(keys) and all(entry.text for entry in found.sources)
    text = page(name)
    for place in range(1, len(keys) + 1):
        assert f'href="#source-{place}"' in text and f'id="source-{place}"' in text
    with pytest.raises(KeyError):
        cited(found.sections, {})


def test_sources_name_stage_measure_criterion_and_n() -> None:
    keys = {entry.key for entry in briefing("ndpc-2020").sources}
    assert "round-3 M01 importance n=18" in keys
    assert any(re.fullmatch(r"pre-event PRE-25\.D\d\d n=18", key) for key in keys)


def test_what_was_not_agreed_is_as_plain_as_what_was() -> None:
    text = page("ndpc-2020")
    assert "rejected" not in text.lower()
    found = ("lasting disagreement", "not judged", "not prioritised", "panel of 23 invited experts")
    for words in found:
        assert words in text.replace("Not prioritised", "not prioritised"), words


def test_a_suppressed_figure_says_why() -> None:
    text = page("ndpc-2020", 6)
    assert "Not shown: too few answered for a distribution." in text
    assert not any(figure.form == "diverging" for figure in figures(briefing("ndpc-2020", 6)))


def test_evidence_is_not_later_than_the_nominal_date() -> None:
    text = page("ndpc-2020")
    about = definition("ndpc-2020")
    assert about.measures is not None
    pieces = [piece for one in about.measures.measures for piece in one.evidence]
    later = [piece.text["en"] for piece in pieces if piece.date > "2020-07-02"]
    assert later and not any(words in text for words in later)
    assert any(piece.text["en"].replace("'", "&#39;") in text for piece in pieces)


def test_the_annex_tells_the_rule_the_registration_and_the_limits() -> None:
    text = page("ndpc-2020")
    given = made("ndpc-2020")
    assert given.registration is not None and given.registration["digest"] in text
    for words in (
        "modified Delphi with discussion before rating",
        "The server was down",
        "at least 3 in 4 rate it “high”",
        "A late idea (not rated)",
        "4 measures were drafted with material later",
        "M13, M17, M19, M20",
        "The organiser is an addressee of",
    ):
        assert words in text, words


def test_without_results_the_briefing_says_so() -> None:
    given = made("town-library")
    bare = tuple(replace(stage, numbers=None, texts={}, participation=None, digest="") for stage in given.stages)
    found = build(replace(given, stages=bare, registration=None, frozen_on="", deviations=()))
    assert "Nothing is frozen yet" in found.front.status
    assert [section.key for section in found.sections] == ["summary", "background", "annex"]


def test_the_same_input_gives_the_same_bytes() -> None:
    first = render(build(made("ndpc-2020")), "en")
    assert first == render(build(made("ndpc-2020")), "en")


def test_texts_cannot_break_out() -> None:
    given = made("town-library")
    hostile = "<script>alert(1)</script>\"'&"
    words = {"L1": said_of(given.definition, SidedReasons(high=({"en": hostile},), low=({"en": hostile},)))}
    stages = tuple(replace(one, texts=words if one.round else {}) for one in given.stages)
    late = {"title": hostile, "text": "", "fate": "waiting", "reason": None, "measure": None}
    found = build(replace(given, stages=stages, proposals=(late,)))
    text = render(found, "en")
    assert "<script" not in text and "&lt;script&gt;" in text
