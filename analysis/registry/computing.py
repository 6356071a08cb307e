"""Statistics of the registry, computed wherever their tables are."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from analysis.model.statistic import StatisticRow
from analysis.registry.adjusting import USUAL, adjusted
from analysis.registry.catalogue import BY_NAME, OF_ONE, OF_ROUNDS, OF_ROWS, require_names
from analysis.registry.entry import Figure, Needs, Statistic
from analysis.registry.groups import GROUPS
from analysis.registry.orders import PREFERRED
from analysis.registry.panels import PANELS, SUMS
from analysis.registry.shares import QUADRANTS
from analysis.registry.tables import Placed, Tables, Where

T = TypeVar("T")


class NeedsUnmet(LookupError):
    """The ratings do not hold what a statistic is computed from."""

    def __init__(self, name: str, needs: Needs) -> None:
        super().__init__(name)
        self.name, self.needs = name, needs


def computed(tables: Tables, names: Sequence[str], method: str = USUAL) -> list[StatisticRow]:
    """One row for each figure of the statistics named, in the order of the registry.

    P-values are adjusted by ``method`` over all items of a round and criterion. Raises
    UnknownStatistic; NeedsUnmet where a statistic can be computed nowhere; KeyError on another
    method.
    """
    require_names(tuple(names))
    rows = list(computable(tables, names))
    told = {row.statistic for row in rows}
    for name in names:
        if name not in told:
            raise NeedsUnmet(name, BY_NAME[name].needs)
    return _adjusted(rows, method)


def computable(tables: Tables, names: Collection[str]) -> Iterator[StatisticRow]:
    """The same, not adjusted, and without what cannot be computed."""
    yield from _rows(OF_ONE, tables.measures, names)
    yield from _rows(QUADRANTS, tables.criteria, names)
    yield from _rows(GROUPS, tables.groups, names)
    yield from _rows(OF_ROUNDS, tables.rounds, names)
    yield from _rows(PANELS, tables.panels, names)
    yield from _rows(SUMS, tables.sums, names)
    yield from _rows(PREFERRED, tables.preferences, names)
    yield from _rows(OF_ROWS, tables.rows, names)


def _rows(
    known: Iterable[Statistic[T]], source: Callable[[], Placed[T]], names: Collection[str]
) -> Iterator[StatisticRow]:
    for statistic in known:
        if statistic.name in names and statistic.figures is not None:
            for where, given in source():
                for figure in statistic.figures(given):
                    yield _row(statistic.name, where, figure)


def _row(name: str, where: Where, figure: Figure) -> StatisticRow:
    return StatisticRow(
        statistic=name,
        round=where.round,
        earlier=where.earlier,
        criterion=where.criterion,
        item=where.item,
        figure=figure.name,
        of=figure.of,
        value=figure.value,
        word=figure.word,
        low=figure.low,
        high=figure.high,
        df=figure.df,
        p=figure.p,
        p_adjusted=None,
        method=figure.method,
        reason=figure.reason,
    )


def _adjusted(rows: list[StatisticRow], method: str) -> list[StatisticRow]:
    families: dict[tuple[str, ...], list[int]] = {}
    for place, row in enumerate(rows):
        families.setdefault((row.statistic, row.figure, row.round, row.criterion), []).append(place)
    found = list(rows)
    for places in families.values():
        values = adjusted([rows[place].p for place in places], method)
        for place, value in zip(places, values, strict=True):
            found[place] = replace(rows[place], p_adjusted=value)
    return found
