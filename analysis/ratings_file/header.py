"""The first line of a file of ratings, whatever program wrote it: its columns, their separator."""

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from analysis.ratings_file.names import clean

REQUIRED = ("round", "expert", "item", "rating")
OPTIONAL = ("criterion", "group", "state", "wording")
COLUMNS = (*REQUIRED, *OPTIONAL)
OTHERWISE = {"expert": "pseudonym", "item": "measure", "group": "reporting_group"}
"""Columns of our own row files that stand for those above where these are not there."""
SEPARATORS = ",;\t|"


class HeaderInvalid(ValueError):
    """The first line lacks a column or names one twice; ``missing`` and ``twice`` tell which."""

    def __init__(self, missing: list[str], twice: list[str]) -> None:
        super().__init__(f"missing {missing}, twice {twice}")
        self.missing, self.twice = missing, twice


class Separated(NamedTuple):
    """The lines of a file behind its header."""

    header: list[str]
    separator: str
    first: int
    """The number of the first line behind the header."""


def separated(lines: Iterator[str]) -> Separated:
    """Read the header, without empty cells at its end.

    The separator is the one that finds most of the columns known. A line `sep=;` in front, as some
    spreadsheets write it, decides.
    """
    first, number, told = next(lines, "").lstrip("\ufeff"), 2, ""
    if first.lower().startswith("sep=") and len(first.rstrip("\r\n")) == len("sep=") + 1:
        first, number, told = next(lines, ""), 3, first[4]

    def cells(separator: str) -> list[str]:
        row = next(csv.reader([first], delimiter=separator), [])
        return [clean(name).casefold() for name in row]

    known = {*COLUMNS, *OTHERWISE.values()}
    best = max(told or SEPARATORS, key=lambda sign: sum(name in known for name in cells(sign)))
    header = cells(best)
    while header and not header[-1]:
        header.pop()
    instead = {other: own for own, other in OTHERWISE.items() if own not in header}
    return Separated([instead.get(name, name) for name in header], best, number)


def columns_of(header: list[str]) -> dict[str, int]:
    """Where each known column stands. Raises HeaderInvalid."""
    twice = sorted({name for name in header if name and header.count(name) > 1})
    missing = [name for name in REQUIRED if name not in header]
    if missing or twice:
        raise HeaderInvalid(missing, twice)
    return {name: header.index(name) for name in COLUMNS if name in header}


def encoding_of(file: Path) -> str:
    """UTF-16 where a mark says so, else UTF-8. Raises OSError."""
    with file.open("rb") as stream:
        first = stream.read(2)
    return "utf-16" if first in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"
