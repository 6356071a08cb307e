"""A Word file of a briefing read back: its passages, their numbers and the sources behind them."""

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from consult.errors import NotPossible
from consult.refusals.codes import Code, Refusal

NUMBER = re.compile(r"(?<![^\W\d_]-)(?<!\w)\d+(?:[.,]\d+)?(?!\w)")
"""A number by itself: `15`, `7.5`; not those in names such as M01 or PRE-25."""
MARK = re.compile(r"\[(\d+)\]")
ENTRY = re.compile(r"\[(\d+)\]\s+(\S.*)")
AROUND = 45


@dataclass(frozen=True, slots=True)
class Number:
    """A number, where it stands in its passage, and the mark of the source behind it."""

    text: str
    start: int
    mark: int | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, or a row of a table with its caption. `masked`: without its numbers."""

    section: str
    caption: str
    text: str
    masked: str
    numbers: tuple[Number, ...]
    is_row: bool

    @property
    def key(self) -> tuple[str, str]:
        return NUMBER.sub("#", self.caption), self.masked

    def context(self, number: Number) -> str:
        """The words around a number, and the table it stands in."""
        start = max(0, number.start - AROUND)
        words = " ".join(self.text[start : number.start + len(number.text) + AROUND].split())
        return f"{self.caption}: {words}" if self.caption else words


@dataclass(frozen=True, slots=True)
class ReadPaper:
    """A file read: its passages in order, its sources by mark, and what it says of itself."""

    passages: tuple[Passage, ...]
    sources: Mapping[int, str]
    slug: str
    language: str

    def key_of(self, number: Number) -> str:
        """The source key behind a number; empty where none is cited."""
        return self.sources.get(number.mark or 0, "")


def read(content: bytes) -> ReadPaper:
    """Read a file. Text that tracked changes have deleted is left out.

    Raises NotPossible when it is no Word file.
    """
    try:
        paper = docx.Document(io.BytesIO(content))
    except Exception as error:  # python-docx lets errors of zip and XML through
        raise NotPossible(Refusal(Code.NO_WORD_FILE)) from error
    sources: dict[int, str] = {}
    passages = tuple(_passages(paper, sources))
    own = paper.core_properties
    return ReadPaper(passages, sources, own.identifier or "", (own.language or "")[:2])


def _passages(paper: Document, sources: dict[int, str]) -> Iterator[Passage]:
    section = before = ""
    for element in paper.element.body:
        if element.tag == qn("w:tbl"):
            for row in element.iter(qn("w:tr")):
                cells = [_words(cell) for cell in row.iterchildren(qn("w:tc"))]
                yield _row(section, before, cells)
        elif element.tag == qn("w:p"):
            words, style = _words(element), _style(element)
            entry = ENTRY.fullmatch(words) if style == "SourceEntry" else None
            if entry is not None:
                sources[int(entry[1])] = entry[2].split("\t")[0].strip()
                continue
            if style.startswith("Heading"):
                section = words
            if words:
                yield _paragraph(section, words)
                before = words


def _style(element: BaseOxmlElement) -> str:
    properties = element.pPr
    found = properties.pStyle if properties is not None else None
    return found.val if found is not None else ""


def _words(element: BaseOxmlElement) -> str:
    """The text as it is read, without what is deleted and without codes of fields."""
    parts = []
    for item in element.iter(qn("w:t"), qn("w:tab"), qn("w:br"), qn("w:noBreakHyphen")):
        if item.tag == qn("w:t"):
            parts.append(item.text or "")
        elif item.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        elif item.getparent().tag == qn("w:r"):  # not the tab stops of a paragraph
            parts.append("\t" if item.tag == qn("w:tab") else " ")
    return re.sub(r"[ \u00a0\u202f]+", " ", "".join(parts)).strip()


def _paragraph(section: str, words: str) -> Passage:
    numbers = []
    marks = [(match.start(), int(match[1])) for match in MARK.finditer(words)]
    bare = MARK.sub(lambda match: " " * len(match[0]), words)
    for match in NUMBER.finditer(bare):
        mark = next((mark for start, mark in marks if start >= match.end()), None)
        numbers.append(Number(match[0], match.start(), mark))
    return Passage(section, "", bare, _masked(bare), tuple(numbers), False)


def _row(section: str, caption: str, cells: list[str]) -> Passage:
    """A number's source is the one behind it in its cell, else the last one of the row."""
    last = None
    for cell in cells:
        for match in MARK.finditer(cell):
            last = int(match[1])
    numbers: list[Number] = []
    text = ""
    for cell in cells:
        own = _paragraph("", cell)
        numbers += [Number(one.text, one.start + len(text), one.mark or last) for one in own.numbers]
        text += own.text + " | "
    return Passage(section, caption, text, _masked(text), tuple(numbers), True)


def _masked(text: str) -> str:
    return " ".join(NUMBER.sub("#", text).split())
