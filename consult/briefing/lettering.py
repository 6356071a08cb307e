"""What stands in a printed briefing for characters that no font holds, and where that is."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from consult.briefing import setting
from consult.briefing.model import Briefing, Figure, Heading, Listing, Paragraph, Piece, Quotes, Table, mapped, texts
from consult.characters import BOX, REPLACEMENT, boxed, clusters, code, is_private

Whole = TypeVar("Whole", Briefing, Figure)
WORDS = 60
"""Letters of the text that are told with a character that was replaced."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A text with characters that cannot be printed: where it stands, which they are, its words."""

    place: str
    codes: tuple[str, ...]
    words: str


def unset(part: Piece, language: str) -> frozenset[str]:
    """The letters with their accents, in a piece of a briefing, that no font holds.

    What a font draws for a private-use character was not what its writer saw: it counts as not
    held.
    """
    found = {one for text in texts(part) if not text.isascii() for one in clusters(text) if not one.isascii()}
    gone = setting.missing(found, language) | {one for one in found if is_private(one[0])}
    # Of what cannot be set whole, the letter may be there, or not.
    firsts = {one[0] for one in gone if len(one) > 1}
    return gone | setting.missing(firsts, language) | {one for one in firsts if is_private(one)}


def settable(part: Whole, language: str) -> Whole:
    """The same with a box and a code for each character that no font holds."""
    gone = unset(part, language)
    return mapped(part, lambda text: boxed(text, gone)) if gone else part


def gaps(briefing: Briefing) -> list[Gap]:
    """The texts in which a character is replaced on paper, in the order of the briefing."""
    gone = unset(briefing, briefing.language) | {REPLACEMENT}
    found = [*_gaps("", (briefing.front,), gone)]
    for section in briefing.sections:
        found += _gaps(f"{section.number} {section.title}".strip(), section.blocks, gone)
    return list(dict.fromkeys(found))


def _gaps(place: str, blocks: Iterable[Piece], gone: frozenset[str]) -> Iterator[Gap]:
    for block in blocks:
        there = ", ".join(part for part in (place, named(block)) if part)
        for text in texts(block):
            codes = [code(sign) for one in clusters(text) if one in gone for sign in one]
            if codes:
                yield Gap(there, tuple(dict.fromkeys(codes)), _short(text))


def named(block: Piece) -> str:
    """What a block is known by: its label, its title, or its first words."""
    match block:
        case Table() | Figure():
            return block.label or block.title
        case Quotes():
            return block.title
        case Heading():
            return _short(block.text)
        case Paragraph():
            return _short("".join(run.text for run in block.line))
        case Listing():
            return _short("".join(run.text for line in block.items for run in line))
    return ""


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= WORDS else f"{flat[: WORDS - 1]}…"


def plainest(text: str) -> str:
    """The text in the letters of Europe and their punctuation, all others in boxes.

    For what a renderer takes alone and does not take beside something else.
    """
    odd = {one for one in clusters(text) if not one.isascii() and not _is_plain(one)}
    return boxed(text, odd | {one[0] for one in odd if not _is_plain(one[0])})


def _is_plain(cluster: str) -> bool:
    sign = ord(cluster[0])
    return len(cluster) == 1 and (
        sign < 0x300 or 0x370 <= sign < 0x530 or 0x2010 <= sign < 0x2200 or cluster in (BOX, REPLACEMENT)
    )
