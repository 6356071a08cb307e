"""A statistic is a number, or None with a named reason; never a silent 0 or 1."""

from typing import NamedTuple

NO_DATA = "no_data"
N_BELOW_MINIMUM = "n_below_minimum"
NO_VARIATION = "no_variation"
ALL_TIED = "all_tied"
NO_PAIRS = "no_pairs"
NO_CHANGE = "no_change"
OUT_OF_RANGE = "out_of_range"
SCALE_TOO_SHORT = "scale_too_short"
INFINITE = "infinite"
TOO_LARGE = "too_large"
NO_SINGLE_PATTERN = "no_single_pattern"


class Value(NamedTuple):
    """A number, or None and why it is undefined."""

    value: float | None
    reason: str | None = None


class Interval(NamedTuple):
    """Lower and upper end, or None twice and why."""

    low: float | None
    high: float | None
    reason: str | None = None


class Significance(NamedTuple):
    """A test: its statistic, degrees of freedom where it has them, p and how p was had."""

    statistic: float | None
    df: float | None = None
    p: float | None = None
    method: str = ""
    reason: str | None = None


def undefined(reason: str) -> Value:
    """No number, for that reason."""
    return Value(None, reason)
