"""Where the tables for the registry's statistics come from."""

from collections.abc import Iterator
from typing import NamedTuple, TypeVar

from analysis.protocol.protocol import Protocol
from analysis.registry.given import Groups, OneMeasure, Panel, Preferred, Rows, Sums, TwoCriteria, TwoRounds

T = TypeVar("T")


class Where(NamedTuple):
    """What a figure is about. ``item`` is empty for the whole panel, ``earlier`` for one round."""

    round: str
    criterion: str
    item: str = ""
    earlier: str = ""


Placed = Iterator[tuple[Where, T]]


class Tables:
    """Tables by what statistics need; a source that has none of a kind gives none."""

    def measures(self) -> Placed[OneMeasure]:
        """H: every item under every criterion of every round."""
        yield from ()

    def criteria(self) -> Placed[TwoCriteria]:
        """HH: every item under the deciding and under another criterion."""
        yield from ()

    def groups(self) -> Placed[Groups]:
        """HG: every item that two groups or more have rated."""
        yield from ()

    def rounds(self) -> Placed[TwoRounds]:
        """P: every item with the last round before in which it was rated."""
        yield from ()

    def panels(self) -> Placed[Panel]:
        """U: every criterion under which two items or more were rated."""
        yield from ()

    def sums(self) -> Placed[Sums]:
        """A: the same, over those who rated everything."""
        yield from ()

    def preferences(self) -> Placed[Preferred]:
        """K: the same, item against item."""
        yield from ()

    def rows(self) -> Placed[Rows]:
        """R: the same, where rows were kept."""
        yield from ()


def two_criteria(protocol: Protocol, measures: list[tuple[Where, OneMeasure]]) -> Placed[TwoCriteria]:
    """Every item under the deciding criterion with itself under each other one."""
    if not protocol.criteria:
        return
    deciding = protocol.deciding.key
    first = {(where.round, where.item): one for where, one in measures if where.criterion == deciding}
    for where, second in measures:
        one = first.get((where.round, where.item))
        if one is not None and where.criterion != deciding:
            yield where._replace(criterion=f"{deciding} / {where.criterion}"), TwoCriteria(one, second)
