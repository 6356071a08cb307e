"""A long CSV of ratings, row by row, into ``Ratings``: any size in constant memory.

Columns ``round, expert, item, rating``; where wanted ``criterion``, ``group`` (of the expert) and
``state`` (why there is no rating, one of ``NO_ANSWER``). Rows may come in any order and pass
through memory once. A rating outside its scale is refused, never clipped.
"""

import csv
import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from analysis.protocol.protocol import NO_ANSWER, Scale
from analysis.ratings_file.coded_ratings import BadRow, ExpertIndex, Ratings, Variable
from analysis.ratings_file.header import COLUMNS, columns_of, separated
from analysis.ratings_file.names import clean
from analysis.ratings_file.spelling import ExpertNames, Spellings

if TYPE_CHECKING:
    from _csv import Reader

_BLANK = NO_ANSWER.index("blank")
_CHUNK = 1 << 16

Points = dict[str, int]


class _Chunk:
    """Rows read and not yet written, column by column; experts by a number of their own."""

    def __init__(self) -> None:
        self.lines: list[int] = []
        self.experts: list[int] = []
        self.variables: list[int] = []
        self.codes: list[int] = []
        self.groups: list[int] = []
        self.names = ExpertNames()


def read_ratings(
    lines: Iterable[str],
    scales: Mapping[str, Scale],
    refuse: Callable[[BadRow], None],
    progress: Callable[[int], None] | None = None,
    default_scale: Scale | None = None,
    missing: Collection[str] = (),
    declared: Sequence[str] = (),
) -> Ratings:
    """Read a long CSV. Every bad row goes to ``refuse`` as it is met; the others are kept.

    ``scales``: the scale of each criterion; without a ``criterion`` column the first one is meant.
    With ``default_scale`` a criterion not named there is taken on that scale instead of being
    refused. ``progress`` is told the rows read, every 65,536. ``missing``: what else than an empty
    cell means that there is no rating. ``declared``: the rounds in their order. Raises
    HeaderInvalid. Where ``result.bad`` is not 0 the tables are not those of the file: do not use
    them.
    """
    reader = _Reader(dict(scales), refuse, progress, default_scale)
    reader.missing = frozenset(clean(word) for word in missing)
    reader.result.declared = tuple(clean(name) for name in declared)
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
        self.missing: frozenset[str] = frozenset()
        self.known = ExpertIndex()
        self.spellings = Spellings(self.refuse, self.result.merged)
        self.index: dict[tuple[str, str, str], tuple[int, dict[str, int]]] = {}
        self.points: dict[str, dict[str, int]] = {}
        self.group_index: dict[str, int] = {}

    def refuse(self, line: int, code: str, word: str = "") -> None:
        self.result.bad += 1
        self.told(BadRow(line, code, word))

    def read(self, lines: Iterable[str]) -> Ratings:
        stream = iter(lines)
        header, separator, first = separated(stream)
        columns = columns_of(header)
        self.result.unread = [name for name in header if name not in COLUMNS]
        reader = csv.reader(stream, delimiter=separator, strict=True)
        rows = self._numbered(reader, first)
        read = 1
        while read:
            read, chunk = self._chunk(rows, columns, len(header))
            self.result.rows += read
            self._keep(chunk)
            del chunk  # not two of them in memory at once
            if read and self.progress is not None:
                self.progress(self.result.rows)
        self.result.experts = len(self.known)
        return self.result

    def _numbered(self, reader: "Reader", first: int) -> Iterator[tuple[int, list[str]]]:
        """Rows with the line they end on; rows that hold nothing are passed over."""
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self.refuse(reader.line_num + first - 1, "not_csv", str(error))
                continue
            if any(map(str.strip, row)):
                yield reader.line_num + first - 1, row

    def _chunk(
        self, rows: Iterator[tuple[int, list[str]]], columns: Mapping[str, int], width: int
    ) -> tuple[int, _Chunk]:
        """How many rows were read, and the good ones."""
        round_at, expert_at, item_at, rating_at, criterion_at, group_at, state_at, wording_at = (
            columns.get(name, -1) for name in COLUMNS
        )
        default = next(iter(self.result.scales), "rating")
        chunk, read = _Chunk(), 0
        experts = chunk.names.known
        for line, row in itertools.islice(rows, _CHUNK):
            read += 1
            if len(row) != width and (len(row) < width or any(map(str.strip, row[width:]))):
                self.refuse(line, "columns", str(len(row)))
                continue
            criterion = default if criterion_at < 0 else row[criterion_at]
            item = row[item_at] if wording_at < 0 else _worded(row[item_at], row[wording_at])
            key = (row[round_at], item, criterion)
            known = self.index.get(key) or self._variable(line, key)
            cell = row[expert_at]
            expert = experts.get(cell, -1)
            if expert == -1:
                expert = self.spellings.expert(line, cell, chunk.names)
            if known is None or expert is None:
                continue
            state = "" if state_at < 0 else row[state_at]
            code = None if state else known[1].get(row[rating_at])
            if code is None:
                code = self._code(line, known[1], clean(row[rating_at]), clean(state))
            if code is not None:
                chunk.lines.append(line)
                chunk.experts.append(expert)
                chunk.variables.append(known[0])
                chunk.codes.append(code)
                chunk.groups.append(-1 if group_at < 0 else self._group(line, row[group_at]))
        return read, chunk

    def _variable(self, line: int, key: tuple[str, str, str]) -> tuple[int, dict[str, int]] | None:
        """Number and points of a variable met in this spelling for the first time."""
        parts = []
        for name, cell in zip(("round", "item", "criterion"), key, strict=True):
            part = self.spellings.name(line, name, cell)
            if part is None:
                return None
            parts.append(part)
        variable = Variable(*parts)
        scales = self.result.scales
        if variable.criterion not in scales:
            if self.default_scale is None:
                self.refuse(line, "unknown_criterion", variable.criterion)
                return None
            scales[variable.criterion] = self.default_scale
        if variable.criterion not in self.points:
            scale = scales[variable.criterion]
            points = {str(point): point - scale.lo for point in range(scale.lo, scale.hi + 1)}
            self.points[variable.criterion] = (
                points | {f"{p}.0": code for p, code in points.items()} | {f"{p},0": code for p, code in points.items()}
            )
        known = self.index.get(variable)
        if known is None:
            known = (len(self.result.variables), self.points[variable.criterion])
            self.result.variables.append(variable)
        self.index[key] = self.index[variable] = known
        return known

    def _code(self, line: int, points: dict[str, int], rating: str, state: str) -> int | None:
        """Code of a rating or of why there is none; None for what is neither."""
        k = len(points) // 3
        if state and rating:
            self.refuse(line, "rating_and_state", f"{rating}, {state}")
        elif state:
            if state in NO_ANSWER:
                return k + NO_ANSWER.index(state)
            self.refuse(line, "unknown_state", state)
        elif not rating or rating in self.missing:
            return k + _BLANK
        elif rating in points:
            return points[rating]
        else:
            self.refuse(line, "not_on_scale", rating)
        return None

    def _group(self, line: int, cell: str) -> int:
        known = self.group_index.get(cell)
        if known is not None:
            return known
        if not clean(cell):
            return -1
        name = self.spellings.name(line, "group", cell)
        if name is None:
            return -1
        if name not in self.group_index:
            self.group_index[name] = len(self.result.groups)
            self.result.groups.append(name)
        self.group_index[cell] = self.group_index[name]
        return self.group_index[name]

    def _keep(self, chunk: _Chunk) -> None:
        """Write a chunk to the files of its experts."""
        places = self.known.places(chunk.names.met)
        self.spellings.refuse_twins(places, chunk.names, len(self.known))
        who = places[np.asarray(chunk.experts, np.int64)]
        self._note_groups(who, np.asarray(chunk.groups, np.int16), chunk.lines)
        self.result.append(who, chunk.variables, chunk.codes, chunk.lines)

    def _note_groups(self, who: npt.NDArray[np.int64], groups: npt.NDArray[np.int16], lines: list[int]) -> None:
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


def _worded(item: str, wording: str) -> str:
    """A later wording is an item of its own: the file cannot tell whether it means the same."""
    number = clean(wording)
    return item if number in ("", "1") else f"{clean(item)} (wording {number})"
