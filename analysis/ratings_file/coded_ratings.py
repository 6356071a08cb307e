"""Ratings of any number of experts as coded tables, a few thousand experts at a time.

The codes lie on disk, in files of 4,096 experts each; of the experts themselves 16 bytes are kept,
to know them again. ``analysis.ratings_file.reading`` fills them from a long CSV.
"""

import hashlib
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from analysis.protocol.protocol import Scale
from analysis.ratings_file.round_order import OrderBy, in_order

BLOCK = 4096  # experts in one file, and in memory at once
ABSENT = -1  # no row at all
RECORD = np.dtype([("expert", "<u4"), ("variable", "<u4"), ("line", "<u8"), ("code", "i1")])


class BadRow(NamedTuple):
    """A row that was refused: its line, a code, and the word at fault.

    Codes: ``columns`` (too few or too many cells), ``empty`` (no round, expert or item; the word
    names the column), ``unknown_criterion``, ``not_on_scale``, ``unknown_state``,
    ``rating_and_state``, ``two_groups``, ``repeated`` (the same rating given before), ``twin``
    (a name that differs from one before only in case, leading zeros or ``.0``), ``not_csv``.
    """

    line: int
    code: str
    word: str = ""


class Variable(NamedTuple):
    """One column of the coded table."""

    round: str
    item: str
    criterion: str


class Block(NamedTuple):
    """Some experts: int8 codes variables x experts (``ABSENT`` without a row), and their groups."""

    codes: npt.NDArray[np.int8]
    groups: npt.NDArray[np.int16]


class ExpertIndex:
    """Who has been met, in 16 bytes each: a table of digests that only grows."""

    def __init__(self) -> None:
        self._digests = np.empty(0, dtype="S16")
        self._places = np.empty(0, dtype=np.int64)

    def __len__(self) -> int:
        return int(self._places.size)

    def places(self, names: Iterable[str]) -> npt.NDArray[np.int64]:
        """The number of each of these different names, in the order of first meeting."""
        digests = name_digests(names)
        at = np.searchsorted(self._digests, digests)
        found = np.full(digests.size, -1, np.int64)
        inside = at < self._digests.size
        same = np.zeros(digests.size, dtype=np.bool_)
        same[inside] = self._digests[at[inside]] == digests[inside]
        found[same] = self._places[at[same]]
        new = np.flatnonzero(~same)
        found[new] = len(self) + np.arange(new.size)
        if new.size:
            digests, places = np.concatenate((self._digests, digests[new])), found[new]
            order = np.argsort(digests, kind="stable")
            self._digests = digests[order]
            self._places = np.concatenate((self._places, places))[order]
        return found


def name_digests(names: Iterable[str]) -> npt.NDArray[np.bytes_]:
    """16 bytes for each name, to know it again."""
    return np.asarray([hashlib.blake2b(name.encode(), digest_size=16).digest() for name in names], "S16")


class Merged(NamedTuple):
    """A name taken as one with another spelling of it that looks the same."""

    line: int
    column: str
    name: str


@dataclass
class Ratings:
    """What was read: names in the order of the file, and the codes on disk. Close it after use."""

    scales: dict[str, Scale]
    variables: list[Variable] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    experts: int = 0
    rows: int = 0
    bad: int = 0
    unread: list[str] = field(default_factory=list)
    """Columns of the file that were not looked at."""
    merged: list[Merged] = field(default_factory=list)
    """Names written in a way that cannot be seen, as ``names.clean`` takes them; the first 20."""
    declared: tuple[str, ...] = ()
    """Rounds in their order, where it was declared."""
    group_of: npt.NDArray[np.int16] = field(default_factory=lambda: np.empty(0, np.int16))
    """The group of each expert, -1 without one."""
    _folder: tempfile.TemporaryDirectory[str] = field(
        default_factory=lambda: tempfile.TemporaryDirectory(prefix="ratings-")
    )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Delete the codes on disk."""
        self._folder.cleanup()

    @property
    def rounds(self) -> list[str]:
        """Rounds in the order in which they were held. Raises RoundsUnclear."""
        return self._in_order()[0]

    @property
    def ordered_by(self) -> OrderBy:
        """What the order of rounds was taken from. Raises RoundsUnclear."""
        return self._in_order()[1]

    def _in_order(self) -> tuple[list[str], OrderBy]:
        found = list(dict.fromkeys(variable.round for variable in self.variables))
        return in_order(found, self.declared)

    def append(self, who: npt.NDArray[np.int64], variables: list[int], codes: list[int], lines: list[int]) -> None:
        """Write codes to the files of their experts (``who``: numbers of ``ExpertIndex``)."""
        records = np.empty(who.size, RECORD)
        records["expert"], records["variable"] = who % BLOCK, variables
        records["line"], records["code"] = lines, codes
        block = who // BLOCK
        order = np.argsort(block, kind="stable")
        cuts = np.flatnonzero(np.diff(block[order])) + 1
        for part in np.split(order, cuts):
            if part.size:
                with self.path(int(block[part[0]])).open("ab") as file:
                    records[part].tofile(file)

    def path(self, number: int) -> Path:
        """The file of one block."""
        return Path(self._folder.name) / f"{number}.codes"

    def blocks(self, refuse: Callable[[BadRow], None] | None = None) -> Iterator[Block]:
        """The coded experts, block by block. Rows that repeat a rating go to ``refuse``."""
        for start in range(0, self.experts, BLOCK):
            path = self.path(start // BLOCK)
            records = np.fromfile(path, RECORD) if path.exists() else np.empty(0, RECORD)
            size = min(BLOCK, self.experts - start)
            codes = np.full((len(self.variables), size), ABSENT, np.int8)
            codes[records["variable"], records["expert"]] = records["code"]
            if refuse is not None and np.count_nonzero(codes != ABSENT) < records.size:
                self._repeated(records, size, refuse)
            yield Block(codes, self.group_of[start : start + size])

    def _repeated(self, records: npt.NDArray[np.void], size: int, refuse: Callable[[BadRow], None]) -> None:
        cells = records["variable"].astype(np.int64) * size + records["expert"]
        order = np.lexsort((records["line"], cells))
        again = order[1:][cells[order][1:] == cells[order][:-1]]
        for place in sorted(again.tolist(), key=lambda at: int(records["line"][at])):
            variable = self.variables[int(records["variable"][place])]
            self.bad += 1
            refuse(BadRow(int(records["line"][place]), "repeated", ", ".join(variable)))


def natural(name: str) -> list[tuple[int, int, str]]:
    """A sorting key: runs of digits by their value, everything else by letters."""
    parts = re.findall(r"\d+|\D+", name)
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts]
