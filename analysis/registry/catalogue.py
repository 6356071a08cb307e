"""The registry: every statistic there is a door to, by name."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import NamedTuple

from analysis.registry.agreement_of_one import AGREEMENT_OF_ONE
from analysis.registry.centre import CENTRE
from analysis.registry.changes import CHANGES
from analysis.registry.entry import Needs, Statistic
from analysis.registry.given import Groups, OneMeasure, Panel, Preferred, Rows, Sums, TwoCriteria, TwoRounds
from analysis.registry.groups import GROUPS
from analysis.registry.keeping import KEEPING
from analysis.registry.orders import PLACES, PREFERRED
from analysis.registry.panels import PANELS, SUMS
from analysis.registry.relevance import RELEVANCE
from analysis.registry.rows import BY_ROWS
from analysis.registry.shape import SHAPE
from analysis.registry.shares import QUADRANTS, SHARES

AnyStatistic = (
    Statistic[OneMeasure]
    | Statistic[TwoCriteria]
    | Statistic[Groups]
    | Statistic[TwoRounds]
    | Statistic[Panel]
    | Statistic[Sums]
    | Statistic[Preferred]
    | Statistic[Rows]
)

OF_ONE = (*CENTRE, *SHAPE, *SHARES, *RELEVANCE, *AGREEMENT_OF_ONE)
OF_ROUNDS = (*CHANGES, *KEEPING)
OF_ROWS = (*BY_ROWS, *PLACES)
IN_RESULTS: tuple[tuple[Needs, Statistic[OneMeasure]], ...] = (
    (
        Needs.HISTOGRAM,
        Statistic(
            "rule",
            "consensus rule, margin",
            "is the panel agreed, how many votes from not",
            "choosing the threshold after the data",
            "Diamond 2014; Harman et al. 2013",
        ),
    ),
    (
        Needs.HISTOGRAM,
        Statistic(
            "sure",
            "P(verdict), P(another panel agrees)",
            "how likely the rule holds beyond this panel",
            "as a stopping rule not registered before",
            "Dirichlet-multinomial, 1/k each",
        ),
    ),
    (
        Needs.HISTOGRAM,
        Statistic(
            "chance",
            "chance alone",
            "how often random ratings would meet the rule",
            "as a test of a measure",
            "multinomial, exact or drawn",
        ),
    ),
    (
        Needs.HISTOGRAM,
        Statistic(
            "robustness",
            "leave one out, thresholds, quantile types",
            "does the verdict hang on one expert or one choice",
            "to choose the rule after the data",
            "—",
        ),
    ),
    (
        Needs.P_VALUES,
        Statistic(
            "adjustment",
            "Holm, Hochberg, Bonferroni, BH, BY",
            "p-values of many tests: beside every p, by the method named",
            "leaving them out",
            "Holm 1979; Benjamini & Hochberg 1995",
        ),
    ),
)
"""What stands in every result or beside every test, and is not asked for by name."""


class Listed(NamedTuple):
    """One line of the registry with what it is computed from."""

    needs: Needs
    statistic: AnyStatistic


def _lines() -> Iterator[Listed]:
    for needs, found in (
        (Needs.HISTOGRAM, OF_ONE),
        (Needs.TWO_CRITERIA, QUADRANTS),
        (Needs.GROUPS, GROUPS),
        (Needs.PAIRS, OF_ROUNDS),
        (Needs.MEASURES, PANELS),
        (Needs.SUMS, SUMS),
        (Needs.PREFERENCES, PREFERRED),
        (Needs.ROWS, OF_ROWS),
    ):
        yield from (Listed(needs, statistic) for statistic in found)
    yield from (Listed(needs, statistic) for needs, statistic in IN_RESULTS)


LINES: tuple[Listed, ...] = tuple(_lines())
BY_NAME: Mapping[str, Listed] = {line.statistic.name: line for line in LINES}
COMPUTED: tuple[str, ...] = tuple(line.statistic.name for line in LINES if line.statistic.figures is not None)
"""The names that may be asked for."""
HEAD = ("name", "statistic", "what it answers", "when not to use it", "source", "data")


class UnknownStatistic(LookupError):
    """A name that the registry does not know; ``near`` are those most like it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
        self.in_results = name in BY_NAME
        self.near = tuple(get_close_matches(name, COMPUTED, 3, 0.5))


def require_names(names: tuple[str, ...]) -> None:
    """Raises UnknownStatistic for the first name that cannot be asked for."""
    for name in names:
        if name not in COMPUTED:
            raise UnknownStatistic(name)


def rows() -> Iterator[tuple[str, ...]]:
    """The registry as cells, in the order of ``HEAD``."""
    for needs, one in LINES:
        name = f"`{one.name}`" if one.figures is not None else ""
        yield name, one.title, one.answers, one.caution, one.source, needs.value


def markdown() -> str:
    """The table of ``analysis/README.md``."""
    lines = (HEAD, ("---",) * len(HEAD), *rows())
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
