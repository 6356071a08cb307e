"""A long CSV of ratings, row by row, into ``Ratings``: any size in constant memory.

Columns ``round, expert, item, rating``; where wanted ``criterion``, ``group`` (of the expert) and
``state`` (why there is no rating, one of ``NO_ANSWER``). Rows may come in any order and pass
through memory once. A rating outside its scale is refused, never clipped.
"""

import csv
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.protocol import NO_ANSWER, Scale
from analysis.ratings import BadRow, Known, Ratings, Variable

REQUIRED = ("round", "expert", "item", "rating")
OPTIONAL = ("criterion", "group", "state")
_BLANK = NO_ANSWER.index("blank")
_CHUNK = 1 << 16

Points = dict[str, int]


class HeaderInvalid(ValueError):
    """The first line lacks a column or names one twice; ``missing`` and ``twice`` tell which."""

    def __init__(self, missing: list[str], twice: list[str]) -> None:
        super().__init__(f"missing {missing}, twice {twice}")
        self.missing, self.twice = missing, twice


class _Chunk:
    """Rows read and not yet written, column by column; experts by a number of their own."""

    def __init__(self) -> None:
        self.lines: list[int] = []
        self.experts: list[int] = []
        self.variables: list[int] = []
        self.codes: list[int] = []
        self.groups: list[int] = []
        self.names: dict[str, int] = {}


def read_ratings(
    lines: Iterable[str],
    scales: Mapping[str, Scale],
    refuse: Callable[[BadRow], None],
    progress: Callable[[int], None] | None = None,
    default_scale: Scale | None = None,
) -> Ratings:
    """Read a long CSV. Every bad row goes to ``refuse`` as it is met; the others are kept.

    ``scales``: the scale of each criterion; without a ``criterion`` column the first one is meant.
    With ``default_scale`` a criterion not named there is taken on that scale instead of being
    refused. ``progress`` is told the rows read, every 65,536. Raises HeaderInvalid. Where
    ``result.bad`` is not 0 the tables are not those of the file: do not use them.
    """
    reader = _Reader(dict(scales), refuse, progress, default_scale)
    try:
        return reader.read(lines)
    except BaseException:
        reader.result.close()
        raise


class _Reader:
    def __init__(
        self,
        scales: dict[str, Scale],
        refuse: Callable[[BadRow], None],
        progress: Callable[[int], None] | None,
        default_scale: Scale | None,
    ) -> None:
        self.result = Ratings(scales)
        self.told, self.progress, self.default_scale = refuse, progress, default_scale
        self.known = Known()
        self.index: dict[tuple[str, str, str], tuple[int, dict[str, int]]] = {}
        self.points: dict[str, dict[str, int]] = {}
        self.group_index: dict[str, int] = {}

    def refuse(self, line: int, code: str, word: str = "") -> None:
        self.result.bad += 1
        self.told(BadRow(line, code, word))

    def read(self, lines: Iterable[str]) -> Ratings:
        stream = iter(lines)
        first = next(stream, "").lstrip("\ufeff")
        separator = ";" if first.count(";") > first.count(",") else ","
        header = [
            name.strip().lower() for name in next(csv.reader([first], delimiter=separator), [])
        ]
        columns = self._columns(header)
        reader = csv.reader(stream, delimiter=separator, strict=True)
        rows = self._numbered(reader)
        read = 1
        while read:
            read, chunk = self._chunk(rows, columns, len(header))
            self.result.rows += read
            self._keep(chunk)
            if read and self.progress is not None:
                self.progress(self.result.rows)
        self.result.experts = len(self.known)
        return self.result

    def _columns(self, header: list[str]) -> dict[str, int]:
        twice = sorted({name for name in header if name and header.count(name) > 1})
        missing = [name for name in REQUIRED if name not in header]
        if missing or twice:
            raise HeaderInvalid(missing, twice)
        self.result.unread = [name for name in header if name not in (*REQUIRED, *OPTIONAL)]
        return {name: header.index(name) for name in (*REQUIRED, *OPTIONAL) if name in header}

    def _numbered(self, reader: Any) -> Iterator[tuple[int, list[str]]]:
        """Rows with the line they end on; empty lines are passed over."""
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.refuse(reader.line_num + 1, "not_csv", str(error))
                continue
            if row:
                yield reader.line_num + 1, row

    def _chunk(
        self, rows: Iterator[tuple[int, list[str]]], columns: Mapping[str, int], width: int
    ) -> tuple[int, _Chunk]:
        """How many rows were read, and the good ones."""
        round_at, expert_at, item_at, rating_at, criterion_at, group_at, state_at = (
            columns.get(name, -1) for name in (*REQUIRED, *OPTIONAL)
        )
        default = next(iter(self.result.scales), "rating")
        chunk, read = _Chunk(), 0
        for line, row in itertools.islice(rows, _CHUNK):
            read += 1
            if len(row) != width:
                self.refuse(line, "columns", str(len(row)))
                continue
            criterion = default if criterion_at < 0 else row[criterion_at]
            key = (row[round_at], row[item_at], criterion)
            known = self.index.get(key) or self._variable(line, key)
            expert = row[expert_at].strip()
            if not expert:
                self.refuse(line, "empty", "expert")
                continue
            if known is None:
                continue
            state = "" if state_at < 0 else row[state_at]
            code = None if state else known[1].get(row[rating_at])
            if code is None:
                code = self._code(line, known[1], row[rating_at].strip(), state.strip())
            if code is not None:
                chunk.lines.append(line)
                chunk.experts.append(chunk.names.setdefault(expert, len(chunk.names)))
                chunk.variables.append(known[0])
                chunk.codes.append(code)
                chunk.groups.append(-1 if group_at < 0 else self._group(row[group_at]))
        return read, chunk

    def _variable(self, line: int, key: tuple[str, str, str]) -> tuple[int, dict[str, int]] | None:
        """Number and points of a variable met in this spelling for the first time."""
        clean = Variable(*(part.strip() for part in key))
        for name, part in zip(("round", "item", "criterion"), clean, strict=True):
            if not part:
                self.refuse(line, "empty", name)
                return None
        scales = self.result.scales
        if clean.criterion not in scales:
            if self.default_scale is None:
                self.refuse(line, "unknown_criterion", clean.criterion)
                return None
            scales[clean.criterion] = self.default_scale
        if clean.criterion not in self.points:
            scale = scales[clean.criterion]
            points = {str(point): point - scale.lo for point in range(scale.lo, scale.hi + 1)}
            self.points[clean.criterion] = points | {f"{p}.0": c for p, c in points.items()}
        known = self.index.get(clean)
        if known is None:
            known = (len(self.result.variables), self.points[clean.criterion])
            self.result.variables.append(clean)
        self.index[key] = self.index[clean] = known
        return known

    def _code(self, line: int, points: dict[str, int], rating: str, state: str) -> int | None:
        """Code of a rating or of why there is none; None for what is neither."""
        k = len(points) // 2
        if state and rating:
            self.refuse(line, "rating_and_state", f"{rating}, {state}")
        elif state:
            if state in NO_ANSWER:
                return k + NO_ANSWER.index(state)
            self.refuse(line, "unknown_state", state)
        elif not rating:
            return k + _BLANK
        elif rating in points:
            return points[rating]
        else:
            self.refuse(line, "not_on_scale", rating)
        return None

    def _group(self, name: str) -> int:
        known = self.group_index.get(name)
        if known is not None:
            return known
        name = name.strip()
        if not name:
            return -1
        if name not in self.group_index:
            self.group_index[name] = len(self.group_index)
            self.result.groups.append(name)
        return self.group_index[name]

    def _keep(self, chunk: _Chunk) -> None:
        """Write a chunk to the files of its experts."""
        who = self.known.places(chunk.names)[np.asarray(chunk.experts, np.int64)]
        self._note_groups(who, np.asarray(chunk.groups, np.int16), chunk.lines)
        self.result.append(who, chunk.variables, chunk.codes, chunk.lines)

    def _note_groups(
        self, who: npt.NDArray[np.int64], groups: npt.NDArray[np.int16], lines: list[int]
    ) -> None:
        held = self.result.group_of
        grown = np.full(len(self.known) - held.size, -1, np.int16)
        self.result.group_of = held = np.concatenate((held, grown))
        named = np.flatnonzero(groups >= 0)
        # The first row that names a group decides; assigning backwards leaves the first one.
        first = named[::-1]
        fresh = first[held[who[first]] < 0]
        held[who[fresh]] = groups[fresh]
        for place in named[held[who[named]] != groups[named]].tolist():
            self.refuse(lines[place], "two_groups", self.result.groups[int(groups[place])])
