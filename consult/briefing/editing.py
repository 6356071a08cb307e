"""The editor's own words: a side file beside the results, merged into the briefing each time.

One block per section, in Markdown:

    ## summary
    A paragraph. A cited number stands before its key: 15 of 18 [round-3 M01 importance n=18].

    - a bullet

    ## measures ru
    Абзац только для русского текста.

    ## accord
    I1: Why a consensus exercise: ...

Nothing here is ever written over: the file is read, and only made when there is none.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from consult.briefing.model import Block, Briefing, Heading, Line, Listing, Paragraph, Run, Section, SourceEntry
from consult.errors import NotPossible
from consult.refusals.codes import Code, Refusal
from consult.refusals.file_facts import AtLine, SectionAtLine

TITLE = re.compile(r"##\s+([a-z0-9-]+)(?:\s+([a-z]{2,3}))?\s*")
CHECKLIST = "accord"
CHECKLIST_LINE = re.compile(r"([TIMRDO]\d{1,2}):\s*(.+)", re.S)
CITED = re.compile(r"\s*\[([^\]\n]{3,200})\]")
COMMENT = re.compile(r"<!--.*?-->", re.S)


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines of the file that belong together, and the number of the first."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Notes:
    """What stands in a side file for one language, by section."""

    pieces: Mapping[str, tuple[Piece, ...]]
    lines: Mapping[str, int]

    def merged(self, sections: Sequence[Section], sources: Mapping[str, str]) -> list[Section]:
        """The sections, each opening with the editor's words for it.

        Raises NotPossible for a section that is not there, so that no words are lost.
        """
        known = {section.key for section in sections}
        for key in self.pieces:
            if key not in known and key != CHECKLIST:
                there = (*(section.key for section in sections), CHECKLIST)
                about = SectionAtLine(self.lines[key], key, there)
                raise NotPossible(Refusal(Code.NO_SUCH_SECTION, about))
        return [
            replace(section, blocks=(*_blocks(self.pieces[section.key], sources), *section.blocks))
            if section.key in self.pieces
            else section
            for section in sections
        ]

    def checklist(self, sources: Mapping[str, str]) -> dict[str, Line]:
        """What was written to lines of the reporting checklist. Raises NotPossible."""
        found = {}
        for piece in self.pieces.get(CHECKLIST, ()):
            match = CHECKLIST_LINE.fullmatch(piece.text)
            if match is None:
                raise NotPossible(Refusal(Code.NO_LINE_OF_CHECKLIST, AtLine(piece.line)))
            found[match[1]] = _line(match[2], sources)
        return found


def read_notes(text: str, language: str) -> Notes:
    """The blocks of a side file that are for this language or for all.

    Raises NotPossible for words before the first section.
    """
    pieces: dict[str, list[Piece]] = {}
    lines: dict[str, int] = {}
    here: str | None = None
    for piece in _pieces(COMMENT.sub(_blank, text)):
        title = TITLE.fullmatch(piece.text)
        if title is not None:
            here = title[1] if title[2] in (None, language) else ""
            if here:
                pieces.setdefault(here, [])
                lines.setdefault(here, piece.line)
        elif here is None:
            raise NotPossible(Refusal(Code.WORDS_BEFORE_SECTION, AtLine(piece.line)))
        elif here:
            pieces[here].append(piece)
    found = {key: tuple(own) for key, own in pieces.items() if own}
    return Notes(found, lines)


def _blank(match: re.Match[str]) -> str:
    """A comment leaves its line ends, so that lines keep their numbers."""
    return "\n" * match[0].count("\n")


def _pieces(text: str) -> Iterator[Piece]:
    """Titles, and paragraphs between empty lines."""
    open_: list[str] = []
    first = 0
    for place, line in enumerate([*text.splitlines(), ""], start=1):
        is_title = line.startswith("#")
        if (not line.strip() or is_title) and open_:
            yield Piece("\n".join(open_), first)
            open_ = []
        if is_title:
            yield Piece(line.strip(), place)
        elif line.strip():
            first = first if open_ else place
            open_.append(line.strip())


def _blocks(pieces: Sequence[Piece], sources: Mapping[str, str]) -> Iterator[Block]:
    for piece in pieces:
        if piece.text.startswith("#"):
            yield Heading(piece.text.lstrip("# "))
        elif piece.text.startswith(("- ", "* ")):
            items = re.split(r"\n(?=[-*] )", piece.text)
            yield Listing(tuple(_line(item[2:], sources) for item in items))
        else:
            yield Paragraph(_line(piece.text, sources), "editor")


def _line(text: str, sources: Mapping[str, str]) -> Line:
    """Words with the sources they cite; brackets around anything else stay as they are."""
    words, runs, start = " ".join(text.split()), [], 0
    for match in CITED.finditer(words):
        if match[1] in sources:
            runs.append(Run(words[start : match.start()], match[1]))
            start = match.end()
    rest = words[start:]
    return tuple([*runs, Run(rest)] if rest else runs)


def skeleton(briefing: Briefing) -> str:
    """An empty side file for this briefing: its sections, and the keys that can be cited."""
    parts = [
        "<!-- Words of your own, one block per section; they open the section.\n"
        "A number is cited by the key behind it: 15 of 18 [round-3 M01 importance n=18].\n"
        "'## summary ru' is for one language only. Comments are not printed. -->"
    ]
    for section in briefing.sections:
        parts.append(f"## {section.key}\n\n<!-- {section.number} {section.title} -->")
    parts.append(f"## {CHECKLIST}\n\n<!-- Lines of the checklist: 'I1: words', an empty line between them. -->")
    parts.append(_keys(briefing.sources))
    return "\n\n".join(parts) + "\n"


def _keys(sources: Sequence[SourceEntry]) -> str:
    listed = "\n".join(f"[{entry.key}] {entry.text}".replace("--", "–") for entry in sources)
    return f"<!-- Keys:\n{listed}\n-->"
