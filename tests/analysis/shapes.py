"""Ways to hand a case to a statistic, and to read what comes back."""

import math
from collections.abc import Callable
from typing import Any

from analysis.statistics.value import Interval, Value
from tests.analysis.cases import Case

Compute = Callable[[Case], Any]


def of_counts(function: Callable[..., Any], *arguments: Any) -> Compute:
    return lambda case: function(case.counts, *arguments)


def from_lo(function: Callable[..., Any]) -> Compute:
    return lambda case: function(case.counts, lo=case.lo)


def ends(interval: Interval) -> Any:
    return None if interval.low is None else [interval.low, interval.high]


def value_of(found: Any) -> Any:
    """The number of a Value; other results as they are. Refuses NaN."""
    if isinstance(found, Value):
        if found.value is None and not found.reason:
            raise AssertionError("undefined without a reason")
        found = found.value
    if isinstance(found, float) and math.isnan(found):
        raise AssertionError("NaN is not a result")
    return found
