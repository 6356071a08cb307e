"""What characters a text leaves with: those that no reader sees and no file holds are replaced.

Stored texts stay as they were typed. At the edge, where a text goes into a document, a mail, a
file or a chart, it passes through `readable`; a name, which people are told apart by, is refused
while it holds what `hidden` finds. The tables are written out, so that every version of Python
gives the same bytes.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
"""Stands for what was no character: half a surrogate pair, a code point that never is one."""
BOX = "\N{WHITE VERTICAL RECTANGLE}"
MOST_MARKS = 8
"""Accents on one letter; no language stacks more, and more cover the lines above and below."""

# The private-use characters that word processors leave when they mean a sign of the fonts Symbol
# and Wingdings.
MEANT = {
    0xF02D: "−",
    0xF04A: "☺",
    0xF04B: "\N{NEUTRAL FACE}",
    0xF04C: "☹",
    0xF06C: "●",
    0xF06E: "■",
    0xF06F: "□",
    0xF071: "❑",
    0xF075: "◆",
    0xF076: "❖",
    0xF077: "◆",
    0xF09F: "•",
    0xF0A3: "≤",
    0xF0A7: "▪",
    0xF0A8: "□",
    0xF0B0: "°",
    0xF0B1: "±",
    0xF0B3: "≥",
    0xF0B4: "×",
    0xF0B7: "•",
    0xF0B8: "÷",
    0xF0B9: "≠",
    0xF0BB: "≈",
    0xF0D8: "➢",
    0xF0DF: "←",
    0xF0E0: "→",
    0xF0E1: "↑",
    0xF0E2: "↓",
    0xF0E8: "➔",
    0xF0FB: "✗",
    0xF0FC: "✓",
    0xF0FE: "☑",
}

_LINE_ENDS = (0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029)
_CONTROLS = [code for code in (*range(0x20), *range(0x7F, 0xA0)) if code not in (9, 10, *_LINE_ENDS)]
# Nothing to see: turned directions of writing, marks and blanks without a width, old annotation
# marks, and tags.
_NOTHING = [
    0x061C,
    0x180E,
    0x200B,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    *range(0x1D173, 0x1D17B),
    *range(0xE0000, 0xE0080),
]
_NEVER = [
    *range(0xD800, 0xE000),
    *range(0xFDD0, 0xFDF0),
    *(plane * 0x10000 + end for plane in range(17) for end in (0xFFFE, 0xFFFF)),
]
_TABLE: dict[int, str] = (
    dict.fromkeys(_LINE_ENDS, "\n")
    | dict.fromkeys(_NEVER, REPLACEMENT)
    | dict.fromkeys((*_CONTROLS, *_NOTHING), "")
    | {0x1E: "\N{NON-BREAKING HYPHEN}", 0x1F: ""}  # Word's hyphens that do not or may break
    | MEANT
)
# Joiners belong behind letters of scripts that join, and inside emoji; elsewhere they only hide.
_STRAY_JOINER = re.compile("(?<![\u0590-\u1fff\u2070-\u2fff\u3001-\U0010ffff])[\u200c\u200d]")
_MARK = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_TOO_MANY = re.compile(f"({_MARK}{{{MOST_MARKS}}}){_MARK}+")

_JOINING = "\u200c\u200d\ufe0e\ufe0f"

# Letters and signs that are drawn as nothing: two names that differ only by them look alike.
_BLANK = frozenset((0x00AD, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0))
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_NAMELESS = {0x00: "NULL", 0x09: "TAB", 0x0A: "LINE FEED", 0x0D: "CARRIAGE RETURN"}


def readable(text: str) -> str:
    """The text as it may leave: every file format holds it, and all of it is seen by a reader.

    Lines end in a line feed; tabs stay. What is in no font is kept: a font may hold it elsewhere.
    """
    if text.isascii() and text.isprintable():
        return text
    kept = text.replace("\r\n", "\n").translate(_TABLE)
    return _TOO_MANY.sub(r"\1", _STRAY_JOINER.sub("", kept))


def one_line(text: str) -> str:
    """The same on one line, for a head of a mail, a name or a terminal: blanks and ends joined."""
    return " ".join(readable(text).split())


def plain_name(text: str) -> str:
    """A name as it is stored: letters composed, blanks of any kind and number made one."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def hidden(text: str) -> list[str]:
    """The characters of a name that nobody sees, or that turn its letters around, in words.

    Each once, in order: `U+202E RIGHT-TO-LEFT OVERRIDE`.
    """
    stray = {match.start() for match in _STRAY_JOINER.finditer(text)}
    found = [
        sign
        for place, sign in enumerate(text)
        if place in stray or ord(sign) in _TABLE or ord(sign) in _BLANK or sign in "\t\n" or is_private(sign)
    ]
    return [f"{code(sign)} {_name(sign)}".strip() for sign in dict.fromkeys(found)]


def code(sign: str) -> str:
    """A code point as it is written: `U+1F9FF`."""
    return f"U+{ord(sign):04X}"


def is_private(sign: str) -> bool:
    """Whether a character means something in one font only, and there not always the same."""
    return _PRIVATE.match(sign) is not None


def _name(sign: str) -> str:
    return unicodedata.name(sign, _NAMELESS.get(ord(sign), ""))


def box(sign: str) -> str:
    """What stands in a document for a character that none of its fonts holds."""
    return f"{BOX}{code(sign)}"


def clusters(text: str) -> Iterator[str]:
    """The text cut where no letter is torn from its accents, and no emoji in two."""
    start = 0
    for place, sign in enumerate(text):
        if place > start and not _continues(text[place - 1], sign):
            yield text[start:place]
            start = place
    if text:
        yield text[start:]


def _continues(before: str, sign: str) -> bool:
    return (
        before == "\u200d"
        or sign in _JOINING
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or unicodedata.category(sign).startswith("M")
    )


def boxed(text: str, missing: Iterable[str]) -> str:
    """The text with a box for each cluster of `missing`; what stands alone of it is kept."""
    gone = frozenset(missing)
    if not gone or not any(one in text for one in gone):
        return text
    return "".join(_boxed(one, gone) if one in gone else one for one in clusters(text))


def _boxed(cluster: str, gone: frozenset[str]) -> str:
    """A letter that is there on its own stays, its accents become boxes."""
    first, rest = cluster[0], cluster[1:]
    kept = first if rest and first not in gone else box(first)
    return kept + "".join(box(sign) for sign in rest if sign not in _JOINING)
