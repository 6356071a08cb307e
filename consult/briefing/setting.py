"""Setting pages and pictures with typst: its own fonts only, nothing fetched, no clock."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import typst

FONT = "Libertinus Serif"
"""Inside typst; it holds Latin and Cyrillic letters."""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


def pdf(files: Mapping[str, bytes], dated: datetime) -> bytes:
    """Files, the first of them `main`, set as a tagged PDF after PDF/UA-1. Raises TypstError."""
    return _compiled(files, format="pdf", pdf_standards="ua-1", timestamp=int(dated.timestamp()))


def png(files: Mapping[str, bytes], pixels_per_inch: int) -> bytes:
    """Files, the first of them `main`, of one page, as a picture. Raises TypstError."""
    return _compiled(files, format="png", ppi=pixels_per_inch)


def _compiled(files: Mapping[str, bytes], **options: Any) -> bytes:
    # typst takes files from memory as a dictionary, which its type hints do not know.
    compiled: Any = typst.compile
    made = compiled(dict(files), font_paths=_fonts(), ignore_system_fonts=True, **options)
    assert isinstance(made, bytes)
    return made
