"""The Word file is one an editor can go on with: styles, captions, tables, alt texts, contents."""

import io
import re
import zipfile
from functools import cache
from typing import Any

import docx as python_docx
import pytest
from docx.oxml.ns import qn

from consult.briefing import docx
from consult.briefing.contents import build
from consult.briefing.folding import folded
from consult.briefing.model import UNDATED, Briefing, Figure, Heading, Table
from consult.errors import NotPossible
from tests.briefing.made import made


@cache
def briefing(language: str = "en") -> Briefing:
    return build(made("ndpc-2020", language=language))


@cache
def content(language: str = "en") -> bytes:
    return docx.write(briefing(language))


def opened(language: str = "en") -> Any:
    return python_docx.Document(io.BytesIO(content(language)))


def blocks(kind: type, language: str = "en") -> list[Any]:
    return [one for section in folded(briefing(language)).sections for one in section.blocks if isinstance(one, kind)]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_headings_captions_and_tables_are_all_there(language: str) -> None:
    paper = opened(language)
    styles = [one.style.name for one in paper.paragraphs]
    sections = briefing(language).sections
    inner = sum("." in section.number for section in sections)
    assert styles.count("Title") == 1
    assert styles.count("Heading 1") == len(sections) - inner + 1  # the sources are one more
    assert styles.count("Heading 2") == inner
    assert styles.count("Heading 3") == len(blocks(Heading, language))
    tables, figures = blocks(Table, language), blocks(Figure, language)
    assert styles.count("Caption") == len(tables) + len(figures)
    assert len(paper.tables) == len(tables)
    for own, given in zip(paper.tables, tables, strict=True):
        assert (len(own.rows), len(own.columns)) == (len(given.rows) + 1, len(given.header))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_pictures_and_tables_have_words_for_those_who_do_not_see_them(language: str) -> None:
    paper = opened(language)
    pictures = list(paper.element.body.iter(qn("wp:docPr")))
    figures = blocks(Figure, language)
    assert [one.get("descr") for one in pictures] == [one.description for one in figures]
    assert all(one.get("title") for one in pictures)
    for table in paper.tables:
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert table._tbl.tr_lst[0].trPr.find(qn("w:tblHeader")) is not None


def test_captions_count_themselves_and_keep_their_labels() -> None:
    """Where tables were folded away the count is set, so that Word arrives at the same labels."""
    paper, series = opened(), {}
    labels = [one.label for one in (*blocks(Table), *blocks(Figure)) if one.label]
    found = []
    for paragraph in paper.paragraphs:
        code = "".join(one.text or "" for one in paragraph._p.iter(qn("w:instrText")))
        match = re.search(r"SEQ (\w+) \\\* ARABIC(?: \\r (\d+))?", code)
        if match is None:
            continue
        number = int(match[2]) if match[2] else series.get(match[1], 0) + 1
        series[match[1]] = number
        label = paragraph.text.partition(".")[0]
        assert label.endswith(str(number)), paragraph.text
        found.append(label)
    assert sorted(found) == sorted(labels) and set(series) == {"Table", "Table_a", "Figure"}


def test_contents_and_sources_lead_to_bookmarks() -> None:
    body = opened().element.body
    names = {one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))}
    anchors = {one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))}
    assert anchors <= names and len(anchors) > 200
    codes = [one.text for one in body.iter(qn("w:instrText"))]
    assert any("TOC" in code for code in codes)
    kinds = [one.get(qn("w:fldCharType")) for one in body.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("end") == kinds.count("separate")
    numbers = [one.get(qn("w:id")) for one in body.iter(qn("w:bookmarkStart"))]
    assert len(numbers) == len(set(numbers))


def test_it_says_nothing_of_when_it_was_made() -> None:
    with zipfile.ZipFile(io.BytesIO(content())) as file:
        assert {one.date_time for one in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert file.testzip() is None
    own = opened().core_properties
    assert own.created == own.modified == UNDATED
    assert (own.identifier, own.language) == ("ndpc-2020", "en-GB")


def test_the_same_results_give_the_same_bytes() -> None:
    small = build(made("town-library"))
    assert docx.write(small) == docx.write(small)


def test_a_template_lends_its_styles_and_not_its_text() -> None:
    template = python_docx.Document()
    template.add_paragraph("Text of the template")
    template.styles["Heading 1"].font.name = "Georgia"
    file = io.BytesIO()
    template.save(file)
    paper = python_docx.Document(io.BytesIO(docx.write(briefing(), file.getvalue(), has_pictures=False)))
    assert paper.styles["Heading 1"].font.name == "Georgia"
    assert "Text of the template" not in "".join(one.text for one in paper.paragraphs)
    assert len(paper.tables) == len(blocks(Table))
    with pytest.raises(NotPossible, match="template_no_word_file"):
        docx.write(briefing(), b"nothing of the kind")


def test_russian_has_no_english_of_ours() -> None:
    """Frames, states and captions; keys of sources and names of variables stay as they are."""
    paper = opened("ru")
    words = " ".join(one.text for one in paper.paragraphs if one.style.name != "Source Entry")
    for english in ("Table", "Figure", "annex", "In part", "open", "Contents", "numbers", "median"):
        assert not re.search(rf"\b{english}\b", words), english
