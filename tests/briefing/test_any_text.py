"""One unusual character stops nothing: a briefing full of them is printed, its losses are told."""

import io
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import docx as python_docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from consult.briefing import docx, figure_images, html, lettering, pdf, setting
from consult.briefing.contents import BriefingInput, build
from consult.briefing.model import Briefing, Figure, Quotes, texts
from consult.characters import BOX, readable
from consult.errors import NotPossible
from consult.released_texts import MeasureTexts, SidedReasons
from tests.briefing.made import made
from tests.briefing.pdf_text import Pdf
from tests.oddtexts import ODD

BREAKING = "\u077f \u07f2 \u07f3 \u07fd \u0859 \u085a \u085b \u0871"
"""Letters of three scripts that typst sets one by one, and whose neighbourhood breaks it."""


def told(words: str) -> BriefingInput:
    """A finished consultation in which a reason, a proposal, a title and a deviation say this."""
    found = made("town-library")
    stages = tuple(replace(stage, texts=_reasons(stage.texts, words)) for stage in found.stages)
    return replace(
        found,
        stages=stages,
        proposals=({"title": words, "text": words, "fate": "withheld", "reason": words, "measure": None},),
        deviations=({"stage": "round-1", "kind": "close moved", "reason": words},),
    )


def _reasons(known: Mapping[str, MeasureTexts], words: str) -> Mapping[str, MeasureTexts]:
    one = SidedReasons(high=({"en": words},), low=({"en": f"No: {words}"},))
    return {key: MeasureTexts(dict.fromkeys(texts.criteria, one)) for key, texts in known.items()}


@cache
def briefing() -> Briefing:
    return build(told(" | ".join(ODD.values())))


def packed(found: Briefing) -> str:
    """The words of the printed file without blanks: a change of fonts is read as one."""
    return "".join(Pdf(pdf.write(found)).text().split())


@pytest.mark.parametrize("name", ODD)
def test_every_text_is_printed(name: str) -> None:
    found = build(told(ODD[name]))
    assert Pdf(pdf.write(found)).pages()


def test_what_the_fonts_hold_is_printed_as_it_is() -> None:
    text = packed(briefing())
    for words in ("文化创意产业", "文化産業", "문화산업", "• first", "▪ second → third", "🧿", "amount 001"):
        assert "".join(words.split()) in text, words
    assert "วัฒนธรรม" in text and "🤝" in text and "𝒳" in text


def test_what_no_font_holds_is_a_box_with_its_code_and_its_place_is_told() -> None:
    text = packed(briefing())
    for code in ("U+E123", "U+0378", "U+10348", "U+10FFFD"):
        assert f"{BOX}{code}" in text, code
    found = lettering.gaps(briefing())
    assert any("U+E123" in gap.codes and "Reasons" in gap.place for gap in found), found
    assert all(gap.place and gap.codes and gap.words for gap in found)
    assert lettering.gaps(build(made("town-library"))) == []


def test_no_text_of_a_briefing_is_unreadable() -> None:
    assert [text for text in texts(briefing()) if readable(text) != text] == []


def test_word_opens_it_with_every_text() -> None:
    paper = python_docx.Document(io.BytesIO(docx.write(briefing(), has_pictures=False)))
    whole = "\n".join(one.text for one in paper.paragraphs)
    quotes = [one for section in briefing().sections for one in section.blocks if isinstance(one, Quotes)]
    assert quotes
    for one in quotes:
        for item in one.items:
            assert item in whole


def test_the_page_is_whole() -> None:
    page = html.render(briefing(), "en")
    assert readable(page) == page
    assert "👩‍👩‍👧‍👦" in page and "&lt;b&gt;&amp;amp;" in page


@pytest.mark.parametrize("name", ODD)
def test_figures_hold_any_label(name: str) -> None:
    figure = next(one for section in briefing().sections for one in section.blocks if isinstance(one, Figure))
    words = readable(ODD[name])
    rows = tuple(replace(row, label=words, note=words) for row in figure.rows)
    odd = replace(figure, series=tuple(words for _ in figure.series), rows=rows)
    assert figure_images.png(odd).startswith(b"\x89PNG")
    root = etree.fromstring(figure_images.svg(lettering.settable(odd, "en")))
    assert root.tag.endswith("svg")


def test_neighbours_that_break_the_renderer_stop_nothing() -> None:
    """They are set in boxes; the blocks beside them stay as they are."""
    found = build(told(f"中文 {BREAKING}"))
    with pytest.raises(setting.NotSet):
        setting.pdf(pdf._files(lettering.settable(found, "en"), None), found.dated)
    text = packed(found)
    assert f"{BOX}U+077F" in text and "townlibrary" in text.lower()


def test_what_the_template_breaks_is_said_to_be_the_templates() -> None:
    with pytest.raises(NotPossible, match="typst_refuses"):
        pdf.write(briefing(), b"#nonsense(")


def test_the_same_bytes_with_and_without_the_fonts_of_the_machine() -> None:
    assert "Noto Sans CJK SC" in setting.families() and "Noto Emoji" in setting.families()
    assert all(font.path is None or "manimgx_fonts" in font.path for font in setting._fonts().fonts())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=30))
def test_any_text_at_all_is_printed(words: list[str]) -> None:
    said = made("town-library")
    paper = build(said)
    only = replace(
        paper,
        sections=(replace(paper.sections[0], blocks=(Quotes("Reasons", tuple(readable(one) for one in words)),)),),
    )
    assert Pdf(pdf.write(only)).pages()
