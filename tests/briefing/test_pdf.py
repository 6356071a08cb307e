"""The PDF is tagged after PDF/UA, says the same numbers as the page, and is the same each time."""

import html as html_module
import re
from dataclasses import replace
from functools import cache

import pytest

from consult.briefing import docx, html, pdf
from consult.briefing.contents import build
from consult.briefing.docx_reading import read
from consult.briefing.model import UNDATED, Briefing, Figure
from consult.errors import NotPossible
from tests.briefing.made import FOLDERS, made
from tests.briefing.pdf_text import Pdf

NUMBER = re.compile(r"(?<!\w)\d+(?:[.,]\d+)?(?!\w)")
RESERVED = "\u00ad\u200b\u2060"


@cache
def briefing(name: str = "ndpc-2020", language: str = "en") -> Briefing:
    return build(made(name, language=language))


@cache
def paper(name: str = "ndpc-2020", language: str = "en") -> Pdf:
    return Pdf(pdf.write(briefing(name, language)))


def plain(text: str) -> str:
    return "".join(sign for sign in text if sign not in RESERVED).replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_is_tagged_and_says_so(language: str) -> None:
    found = paper(language=language)
    assert b"/MarkInfo<</Marked true" in found.catalogue
    assert b"/Lang(" + language.encode() in found.catalogue
    assert b"/DisplayDocTitle true" in found.catalogue
    assert b"/StructElem" in b"".join(found.objects.values())
    assert b"/StructTreeRoot" in found.reference(found.catalogue, b"StructTreeRoot")
    metadata = found.stream(found.reference(found.catalogue, b"Metadata"))
    assert b"<pdfuaid:part>1</pdfuaid:part>" in metadata
    assert briefing(language=language).front.title.encode() in metadata


def test_headings_tables_and_figures_are_structure() -> None:
    found = paper()
    roles = re.findall(rb"/S/(\w+)", b"".join(found.objects.values()))
    figures = [one for section in briefing().sections for one in section.blocks if isinstance(one, Figure)]
    assert roles.count(b"Figure") == len(figures)
    assert len(re.findall(rb"/S/Figure[^>]*/Alt", found.content)) == len(figures)
    assert roles.count(b"TH") > roles.count(b"Table") > 20
    assert {b"H1", b"H2", b"L", b"LI", b"Link", b"Caption"} <= set(roles)


def shown_numbers(text: str) -> set[str]:
    return set(NUMBER.findall(plain(text)))


def cells(found: Briefing) -> list[str]:
    """Every cell with a number, as the page writes it."""
    text = html.render(found, found.language)
    rows = re.findall(r'<td class="number">(.*?)</td>', text)
    return [html_module.unescape(re.sub(r"<sup.*?</sup>|<[^>]+>", "", one)) for one in rows]


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("name", FOLDERS)
def test_page_word_file_and_pdf_say_the_same_numbers(name: str, language: str) -> None:
    found = briefing(name, language)
    page = html.render(found, language)
    page = re.sub(r"<style>.*?</style>|<svg.*?</svg>|<sup.*?</sup>", " ", page, flags=re.S)
    page = html_module.unescape(re.sub(r"<[^>]+>", " ", page))
    passages = read(docx.write(found, has_pictures=False)).passages
    word = " ".join(f"{one.caption} {one.text}" for one in passages)
    own = re.sub(r"\[\d+\]", " ", paper(name, language).text())
    assert shown_numbers(page) <= shown_numbers(own) | shown_numbers(word)
    for cell in {one for one in cells(found) if one.strip()}:
        flat = plain(cell)
        assert flat in plain(word), flat
        assert flat in plain(own) or flat.replace(" ", "") in plain(own).replace(" ", ""), flat
    assert shown_numbers(word) - shown_numbers(page) <= {str(n) for n in range(1, 400)}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_letter_has_a_glyph(language: str) -> None:
    """A letter without one would be set from no font, and would have no code to be read by."""
    text = plain(paper(language=language).text())
    assert "\ufffd" not in text
    title = briefing(language=language).front.title
    assert all(word in text for word in title.split() if "-" not in word)


def test_the_same_results_give_the_same_bytes() -> None:
    assert pdf.write(briefing()) == paper().content
    other = replace(briefing(), dated=UNDATED.replace(year=2001))
    assert pdf.write(other) != paper().content


def test_the_template_can_be_replaced() -> None:
    own = (
        b'#let doc = json("briefing.json")\n#set document(title: doc.title)\n'
        b"#set text(lang: doc.language)\n= Mine\n#doc.sections.len() sections"
    )
    made_of_it = Pdf(pdf.write(briefing(), own))
    assert f"{len(briefing().sections)} sections" in made_of_it.text()
    with pytest.raises(NotPossible, match="typst_refuses"):
        pdf.write(briefing(), b"#nonsense(")


def test_a_folded_main_part_is_short() -> None:
    """Pages before the annex, of the longest questionnaire with everybody answering."""
    found = pdf.write(briefing())
    assert len(Pdf(found).pages()) <= 34
