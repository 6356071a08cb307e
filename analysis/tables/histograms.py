"""Additive tables: the seam between sources of answers and statistics.

A code is ``point - lo`` for an answer on a scale of ``k`` points; the states of not answering
follow, ``k + index in NO_ANSWER``. Both tables are sums over experts: from arrays, from the rows
of a SQL ``GROUP BY``, or from chunks added with ``+``, they come out the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.protocol.protocol import NO_ANSWER, NO_OPINIONS
from analysis.protocol.states import NoAnswer

Counts = npt.NDArray[np.int64]
Codes = npt.NDArray[np.integer]
STATES = len(NO_ANSWER)
_MAX_POINTS = 127 - STATES  # codes are int8


class UnknownCode(ValueError):
    """A code that is neither a point of the scale nor a state of not answering."""


def _counts(values: npt.ArrayLike, shape: tuple[int, ...]) -> Counts:
    array = np.asarray(values)
    if array.shape != shape:
        raise ValueError(f"a table of shape {array.shape} where {shape} was expected")
    if array.dtype.kind not in "iu" and array.size:
        raise TypeError(f"counts are integers, not {array.dtype}")
    if array.size and int(array.min()) < 0:
        raise ValueError("a count is negative")
    counts = array.astype(np.int64)
    counts.setflags(write=False)
    return counts


def require_codes(codes: Codes, k: int) -> None:
    """Raises UnknownCode if a code is neither a point of ``k`` nor a state of not answering."""
    if not 1 <= k <= _MAX_POINTS:
        raise ValueError(f"a scale of {k} points; 1 to {_MAX_POINTS} can be coded")
    if codes.size and (int(codes.min()) < 0 or int(codes.max()) >= k + STATES):
        raise UnknownCode(f"a code outside 0..{k + STATES - 1}")


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many chose each point (``counts``, int64[k]) or did not answer (int64[7])."""

    counts: Counts
    no_answer: Counts

    def __post_init__(self) -> None:
        counts = np.asarray(self.counts)
        object.__setattr__(self, "counts", _counts(counts, (counts.size,)))
        object.__setattr__(self, "no_answer", _counts(self.no_answer, (STATES,)))

    @classmethod
    def of(cls, counts: npt.ArrayLike, no_answer: Mapping[str, int] | None = None) -> "Histogram":
        """From counts per point and counts per named state. Raises KeyError on another name."""
        states = np.zeros(STATES, np.int64)
        for state, count in (no_answer or {}).items():
            if state not in NO_ANSWER:
                raise KeyError(state)
            states[NO_ANSWER.index(state)] = count
        return cls(np.asarray(counts), states)

    @classmethod
    def empty(cls, k: int) -> "Histogram":
        """No answers yet, on a scale of ``k`` points."""
        return cls(np.zeros(k, np.int64), np.zeros(STATES, np.int64))

    @classmethod
    def from_codes(cls, codes: Codes, k: int) -> "Histogram":
        """From one code per expert. Raises UnknownCode; nothing is clipped."""
        require_codes(codes, k)
        cells = np.bincount(codes, minlength=k + STATES)
        return cls(cells[:k], cells[k:])

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[int, int]], k: int) -> "Histogram":
        """From ``(code, count)`` rows, as ``GROUP BY`` gives them; rows of one code add up."""
        cells = np.zeros(k + STATES, np.int64)
        for code, count in rows:
            require_codes(np.asarray([code]), k)
            cells[code] += count
        return cls(cells[:k], cells[k:])

    @property
    def k(self) -> int:
        """Number of points."""
        return int(self.counts.size)

    @property
    def n(self) -> int:
        """How many rated (chose a point)."""
        return int(self.counts.sum())

    @property
    def answered(self) -> int:
        """How many rated or withheld an opinion (do not know, not my field, ...)."""
        return self.n + int(self.no_answer[: len(NO_OPINIONS)].sum())

    def states(self) -> dict[NoAnswer, int]:
        """Counts of not answering, by state."""
        return {state: int(n) for state, n in zip(NoAnswer, self.no_answer, strict=True)}

    def __add__(self, other: "Histogram") -> "Histogram":
        return Histogram(self.counts + other.counts, self.no_answer + other.no_answer)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Histogram):
            return NotImplemented
        return np.array_equal(self.counts, other.counts) and np.array_equal(self.no_answer, other.no_answer)

    __hash__ = None  # type: ignore[assignment]


def histograms(rows: Iterable[tuple[str, int, int]], points: Mapping[str, int]) -> dict[str, Histogram]:
    """Histograms from ``(variable, code, count)`` rows; ``points`` gives k per variable.

    A variable without rows gets an empty histogram. Raises KeyError on an undeclared variable.
    """
    sorted_rows: dict[str, list[tuple[int, int]]] = {key: [] for key in points}
    for key, code, count in rows:
        sorted_rows[key].append((code, count))
    return {key: Histogram.from_rows(own, points[key]) for key, own in sorted_rows.items()}


def total(tables: Sequence[Histogram]) -> Histogram:
    """The sum of at least one histogram of the same scale."""
    first, *rest = tables
    for table in rest:
        first = first + table
    return first
