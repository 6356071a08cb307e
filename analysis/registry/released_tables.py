"""The registry's tables of released results."""

from collections.abc import Iterator, Mapping

import numpy as np

from analysis.model.stage import Stage
from analysis.protocol.protocol import Protocol
from analysis.registry.given import OneMeasure, Panel, TwoCriteria
from analysis.registry.tables import Placed, Tables, Where, two_criteria
from analysis.tables.histograms import Counts


class ReleasedTables(Tables):
    """The tables that a released result shows: whole histograms, and nothing beyond them.

    A panel of items is told only where every item's histogram is.
    """

    def __init__(self, protocol: Protocol, stages: Mapping[str, Stage]) -> None:
        self._protocol, self._stages = protocol, stages

    def _shown(self) -> Iterator[tuple[Where, OneMeasure | None]]:
        for key, stage in self._stages.items():
            for criterion in self._protocol.criteria:
                for item in stage.measures:
                    block = stage.criterion(item, criterion.key)
                    if block is not None:
                        yield Where(key, criterion.key, item), self._one(criterion.scale, block.counts)

    def _one(self, scale: str, counts: tuple[int, ...] | None) -> OneMeasure | None:
        if counts is None:
            return None
        held: Counts = np.asarray(counts, dtype=np.int64)
        return OneMeasure(held, self._protocol.scale(scale), self._protocol)

    def measures(self) -> Placed[OneMeasure]:
        for where, one in self._shown():
            if one is not None:
                yield where, one

    def criteria(self) -> Placed[TwoCriteria]:
        yield from two_criteria(self._protocol, list(self.measures()))

    def panels(self) -> Placed[Panel]:
        by_criterion: dict[Where, dict[str, OneMeasure | None]] = {}
        for where, one in self._shown():
            by_criterion.setdefault(Where(where.round, where.criterion), {})[where.item] = one
        for where, items in by_criterion.items():
            held = tuple(one for one in items.values() if one is not None)
            if len(items) == len(held) > 1:
                yield where, Panel(tuple(items), held, held[0].scale)
