"""What the registry says of a statistic, and what a statistic says of ratings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Generic, NamedTuple, TypeVar

from analysis.statistics.agreement import Coefficient
from analysis.statistics.uncertainty import normal_quantile
from analysis.statistics.value import NO_DATA, Interval, Significance, Value

T = TypeVar("T")
LEAST_ERROR = 1e-6
"""A smaller standard error is 0 but for rounding."""


class Needs(StrEnum):
    """What a statistic is computed from; all but rows add up over experts."""

    HISTOGRAM = "H"
    TWO_CRITERIA = "HH"
    GROUPS = "HG"
    PAIRS = "P"
    MEASURES = "U"
    SUMS = "A"
    PREFERENCES = "K"
    ROWS = "R"
    P_VALUES = "p"


class Figure(NamedTuple):
    """One figure: a number, or a word where it is a class, with what belongs to it.

    ``of``: the band, point, item or groups it is about. Undefined: no number, no word, and why.
    Of a test ``value`` is its statistic.
    """

    name: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    df: float | None = None
    p: float | None = None
    method: str = ""
    reason: str | None = None
    of: str = ""
    word: str = ""


@dataclass(frozen=True, slots=True)
class Statistic(Generic[T]):
    """One line of the registry. ``figures`` is None where every result holds it already.

    ``is_drawn``: it rests on random draws, which are seeded.
    """

    name: str
    title: str
    answers: str
    caution: str
    source: str
    figures: Callable[[T], Iterator[Figure]] | None = None
    is_drawn: bool = False


def number(
    name: str,
    found: Value | Fraction | float | None,
    of: str = "",
    interval: Interval | None = None,
    why: str = NO_DATA,
) -> Figure:
    """A figure of a number. ``why``: the reason where a function gives a bare None."""
    value, reason = found if isinstance(found, Value) else (found, None)
    ends = interval or Interval(None, None)
    whole = Figure(name, None if value is None else float(value), ends.low, ends.high, of=of)
    return whole if value is not None else whole._replace(reason=reason or why)


def word(name: str, found: str | None, of: str = "", why: str = NO_DATA) -> Figure:
    """A figure that is a class."""
    return Figure(name, of=of, word=found or "", reason=None if found else why)


def truth(name: str, found: bool | None, of: str = "", why: str = NO_DATA) -> Figure:
    """A figure that is yes or no."""
    return word(name, None if found is None else "yes" if found else "no", of, why)


def span(name: str, found: Interval, of: str = "") -> Figure:
    """A figure of which only the interval is new."""
    return Figure(name, None, found.low, found.high, of=of, reason=found.reason)


def test(name: str, found: Significance, of: str = "") -> Figure:
    """A figure of a test."""
    return Figure(name, found.statistic, None, None, found.df, found.p, found.method, found.reason, of)


def normal_interval(value: float, error: float | None) -> Interval | None:
    """95 % interval of a coefficient of at most 1 by its standard error.

    None without an error, or with none but that of rounding: no width would claim to be certain.
    """
    if error is None or error < LEAST_ERROR:
        return None
    width = normal_quantile(0.95) * error
    return Interval(value - width, min(1.0, value + width))


def coefficient(name: str, found: Coefficient, drawn: Interval | None = None) -> Figure:
    """A coefficient of agreement with its 95 % interval: drawn, or by its error over measures."""
    figure = Figure(name, found.value, reason=found.reason)
    if found.value is None:
        return figure
    if drawn is not None:
        return figure._replace(low=drawn.low, high=drawn.high, method="measures drawn again")
    ends = normal_interval(found.value, found.error)
    return figure if ends is None else figure._replace(low=ends.low, high=ends.high, method="normal")
