"""The registry's tables of a file of ratings."""

from collections.abc import Iterator

import numpy as np

from analysis.protocol.protocol import Protocol
from analysis.ratings_file.round_tables import Rounds, RoundTables
from analysis.registry.given import Groups, OneMeasure, Panel, Preferred, Rows, Sums, TwoCriteria, TwoRounds
from analysis.registry.tables import Placed, Tables, Where, two_criteria
from analysis.statistics.descriptive import median


class FileTables(Tables):
    """The tables of a file of ratings."""

    def __init__(self, protocol: Protocol, rounds: Rounds) -> None:
        self._protocol, self._rounds = protocol, rounds
        known = {criterion.key for criterion in protocol.criteria}
        self._sheets = [sheet for (_, criterion), sheet in rounds.sheets.items() if criterion in known]

    def _several(self) -> Iterator[tuple[Where, RoundTables]]:
        for sheet in self._sheets:
            if len(sheet.items) > 1:
                yield Where(sheet.round, sheet.criterion), sheet

    def _one(self, sheet: RoundTables, place: int) -> OneMeasure:
        return OneMeasure(sheet.units.histogram(place).counts, sheet.scale, self._protocol)

    def measures(self) -> Placed[OneMeasure]:
        for sheet in self._sheets:
            for place, item in enumerate(sheet.items):
                yield Where(sheet.round, sheet.criterion, item), self._one(sheet, place)

    def criteria(self) -> Placed[TwoCriteria]:
        yield from two_criteria(self._protocol, list(self.measures()))

    def groups(self) -> Placed[Groups]:
        for sheet in self._sheets:
            for place, item in enumerate(sheet.items):
                counts = {name: table.histogram(place).counts for name, table in sheet.by_group.items()}
                held = {name: own for name, own in counts.items() if own.sum()}
                if len(held) > 1:
                    found = Groups(tuple(held), tuple(held.values()), sheet.scale)
                    yield Where(sheet.round, sheet.criterion, item), found

    def rounds(self) -> Placed[TwoRounds]:
        for sheet in self._sheets:
            for item in sheet.items:
                pair = self._rounds.pairs.get((sheet.round, item, sheet.criterion))
                if pair is not None:
                    earlier, table = pair
                    before = self._rounds.sheets[earlier, sheet.criterion]
                    shown = self._one(before, before.items.index(item))
                    found = TwoRounds(table, sheet.scale, median(shown.counts, sheet.scale.lo).value)
                    yield Where(sheet.round, sheet.criterion, item, earlier), found

    def panels(self) -> Placed[Panel]:
        for where, sheet in self._several():
            measures = tuple(self._one(sheet, place) for place in range(len(sheet.items)))
            yield where, Panel(tuple(sheet.items), measures, sheet.scale)

    def sums(self) -> Placed[Sums]:
        for where, sheet in self._several():
            yield where, Sums(tuple(sheet.items), sheet.sums)

    def preferences(self) -> Placed[Preferred]:
        for where, sheet in self._several():
            yield where, Preferred(tuple(sheet.items), sheet.preferences.table)

    def rows(self) -> Placed[Rows]:
        rule = self._protocol.priorities
        for where, sheet in self._several():
            if sheet.kept:
                picks = min(rule.pick if rule else len(sheet.items), len(sheet.items))
                yield where, Rows(tuple(sheet.items), np.concatenate(sheet.kept, axis=1), sheet.scale, picks)
