"""Setting pages and pictures with typst: packaged fonts only, nothing fetched, no clock.

Libertinus Serif is inside typst and holds Latin, Greek and Cyrillic letters; what it lacks comes
from the Noto fonts of two packages. The fonts of the machine are not looked at, so that the same
briefing gives the same bytes everywhere.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from typing import Any

import typst

FONT = "Libertinus Serif"
PACKAGES = ("manimgx_fonts", "manimgx_fonts_cjk")
HAN = {
    "ja": "Noto Sans CJK JP",
    "ko": "Noto Sans CJK KR",
    "zh-Hant": "Noto Sans CJK TC",
    "zh-TW": "Noto Sans CJK TC",
    "zh-HK": "Noto Sans CJK HK",
}
"""Han characters are drawn as the language of the briefing draws them."""
SIMPLIFIED = "Noto Sans CJK SC"
SCRIPTS = (
    "Arabic",
    "Armenian",
    "Bengali",
    "Devanagari",
    "Ethiopic",
    "Georgian",
    "Gujarati",
    "Gurmukhi",
    "Hebrew",
    "Kannada",
    "Khmer",
    "Lao",
    "Malayalam",
    "Myanmar",
    "Oriya",
    "Sinhala",
    "Tamil",
    "Telugu",
    "Thai",
)
SIGNS = ("Noto Emoji", "Noto Sans Symbols", "New Computer Modern Math", "DejaVu Sans Mono")
NO_CHARACTER = "\U0010ffff"
"""No font has a glyph of it: what is drawn for it is drawn for whatever a font lacks."""
STEP = 100
"""Points from one text of a proof to the next."""
PROOF = b"""
#let proof = json("proof.json")
#set page(width: auto, height: auto, margin: 0pt)
#for (row, family) in proof.families.enumerate() {
  place(dy: row * 100pt, text(font: family, fallback: false, proof.nothing))
}
#set text(font: proof.families)
#for (row, one) in proof.texts.enumerate(start: proof.families.len()) {
  place(dy: row * 100pt, one)
}
"""
GROUP = re.compile(r'<g transform="matrix\(\S+ \S+ \S+ \S+ \S+ (\S+)\)">(.*?)</g>', re.S)
GLYPH = re.compile(r'xlink:href="#(\w+)"')
MEASURE = b"""
#let proof = json("proof.json")
#set text(font: proof.families, size: 100pt, top-edge: "baseline", bottom-edge: "baseline")
#context [#metadata(proof.texts.map(one => measure(one).width.pt())) <widths>]
"""


class NotSet(Exception):
    """typst does not set this; its words."""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=list(_folders()))


def _folders() -> Iterator[str]:
    """Where the packaged fonts are; without them only typst's own are used."""
    for package in PACKAGES:
        found = find_spec(package)
        if found is not None:
            yield from found.submodule_search_locations or ()


@cache
def families(language: str = "") -> tuple[str, ...]:
    """The fonts to set a text of that language in, each standing in for those before it."""
    wanted = (FONT, "Noto Sans", *(f"Noto Sans {script}" for script in SCRIPTS), HAN.get(language, SIMPLIFIED), *SIGNS)
    there = frozenset(_fonts().families())
    return tuple(name for name in wanted if name in there)


def missing(clusters: Iterable[str], language: str = "") -> frozenset[str]:
    """Those of these clusters that cannot be set whole: the fonts hold no glyph of a part.

    All are set at once as a picture, below what each font draws for a character it lacks.
    """
    texts, names = sorted(set(clusters)), families(language)
    if not texts:
        return frozenset()
    proof = {"families": names, "texts": texts, "nothing": NO_CHARACTER}
    try:
        drawn = _compiled({"main": PROOF, "proof.json": json.dumps(proof).encode()}, format="svg")
    except NotSet:  # one of them breaks typst even alone: found by halves
        if len(texts) == 1:
            return frozenset(texts)
        half = len(texts) // 2
        return missing(texts[:half], language) | missing(texts[half:], language)
    rows: dict[int, set[str]] = {}
    for depth, shapes in GROUP.findall(drawn.decode()):
        rows.setdefault(int(float(depth) // STEP), set()).update(GLYPH.findall(shapes))
    nothing = set().union(*(rows.get(row, set()) for row in range(len(names))))
    return frozenset(text for row, text in enumerate(texts, start=len(names)) if rows.get(row, set()) & nothing)


def widths(texts: Iterable[str], language: str = "") -> dict[str, float]:
    """How wide each text is when set, in parts of the size of its letters. Raises NotSet."""
    known = sorted(set(texts))
    proof = {"families": families(language), "texts": known}
    files = {"main": MEASURE, "proof.json": json.dumps(proof).encode()}
    told = _asked(typst.query, files, selector="<widths>", field="value", one=True)
    return {text: points / 100 for text, points in zip(known, json.loads(told), strict=True)}


def pdf(files: Mapping[str, bytes], dated: datetime) -> bytes:
    """Files, the first of them `main`, set as a tagged PDF after PDF/UA-1. Raises NotSet."""
    return _compiled(files, format="pdf", pdf_standards="ua-1", timestamp=int(dated.timestamp()))


def png(files: Mapping[str, bytes], pixels_per_inch: int) -> bytes:
    """Files, the first of them `main`, of one page, as a picture. Raises NotSet."""
    return _compiled(files, format="png", ppi=pixels_per_inch)


def _compiled(files: Mapping[str, bytes], **options: Any) -> bytes:
    made = _asked(typst.compile, files, **options)
    assert isinstance(made, bytes)
    return made


def _asked(ask: Callable[..., Any], files: Mapping[str, bytes], **options: Any) -> Any:
    # typst takes files from memory as a dictionary, which its type hints do not know.
    try:
        return ask(dict(files), font_paths=_fonts(), ignore_system_fonts=True, **options)
    except typst.TypstError as error:
        raise NotSet(str(error)) from error
    except BaseException as error:
        # A fault inside typst: some rare neighbours of scripts meet one. It is no `Exception`.
        if type(error).__name__ == "PanicException":
            raise NotSet(str(error)) from error
        raise
