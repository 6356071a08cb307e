"""Tables of every round of a file of ratings, added up over blocks of experts."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analysis.protocol.protocol import NO_ANSWER, Scale
from analysis.ratings_file.coded_ratings import BadRow, Block, Ratings, natural
from analysis.ratings_file.round_order import OrderBy
from analysis.result.stage_input import PanelSums
from analysis.tables.pairs import PairTable
from analysis.tables.panels import CrossProducts, Preferences, UnitTable
from analysis.tables.ranks import RankSums

Codes = npt.NDArray[np.int8]
ROWS_KEPT = 2_000  # experts up to whom rows are kept for what only rows can tell
_NOT_REACHED = NO_ANSWER.index("not_reached")


@dataclass
class RoundTables:
    """One criterion in one round: its items in natural order, and their tables."""

    round: str
    criterion: str
    scale: Scale
    items: list[str]
    rows: list[int]
    """Where each item's codes stand in a block."""
    units: UnitTable = field(init=False)
    sums: PanelSums = field(init=False)
    preferences: Preferences = field(init=False)
    by_group: dict[str, UnitTable] = field(default_factory=dict)
    kept: list[Codes] = field(default_factory=list)
    """Codes of small panels, items x experts of the round."""

    def __post_init__(self) -> None:
        size = len(self.items)
        self.units = UnitTable.empty(size, self.scale.k)
        self.sums = PanelSums(RankSums.empty(size), CrossProducts.empty(size))
        self.preferences = Preferences.empty(size)

    def coded(self, block: Block, active: npt.NDArray[np.bool_]) -> Codes:
        """Codes of the experts who are ``active``; no row at all is ``not_reached``."""
        codes = block.codes[self.rows][:, active]
        return np.where(codes < 0, np.int8(self.scale.k + _NOT_REACHED), codes)

    def matrix(self) -> npt.NDArray[np.float64]:
        """Experts x items in points, NaN missing, of a panel small enough; else empty."""
        if not self.kept:
            return np.empty((0, len(self.items)))
        codes = np.concatenate(self.kept, axis=1).T
        return np.where(codes < self.scale.k, codes + float(self.scale.lo), np.nan)


@dataclass
class Rounds:
    """All rounds: sheets, pairs with the last earlier rating, and who took part."""

    rounds: list[str]
    groups: list[str]
    sheets: dict[tuple[str, str], RoundTables]
    pairs: dict[tuple[str, str, str], tuple[str, PairTable]]
    """(round, item, criterion) -> the round rated before, and the table."""
    experts: int = 0
    took_part: dict[str, int] = field(default_factory=dict)
    flow: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    """(round, next round) -> experts in both, in the first only, in the second only."""
    group_numbers: dict[str, int] = field(default_factory=dict)
    ordered_by: OrderBy = OrderBy.NUMBERS

    def rated_before(self, round_key: str, item: str, criterion: str) -> int:
        """In how many rounds up to this one the item was rated."""
        upto = self.rounds[: self.rounds.index(round_key) + 1]
        sheets = (self.sheets.get((each, criterion)) for each in upto)
        return sum(sheet is not None and item in sheet.items for sheet in sheets)


def collect(ratings: Ratings, refuse: Callable[[BadRow], None] | None = None) -> Rounds:
    """One pass over the blocks; rows that repeat a rating go to ``refuse`` (``Ratings.blocks``)."""
    found = _prepared(ratings)
    at = {
        (variable.round, variable.item, variable.criterion): place for place, variable in enumerate(ratings.variables)
    }
    for block in ratings.blocks(refuse):
        _add_block(found, block, at, keep=ratings.experts <= ROWS_KEPT)
    found.experts, found.ordered_by = ratings.experts, ratings.ordered_by
    return found


def _prepared(ratings: Ratings) -> Rounds:
    sheets: dict[tuple[str, str], RoundTables] = {}
    rounds = ratings.rounds
    criteria = sorted({variable.criterion for variable in ratings.variables})
    for round_key in rounds:
        for criterion in criteria:
            own = [
                (variable.item, place)
                for place, variable in enumerate(ratings.variables)
                if (variable.round, variable.criterion) == (round_key, criterion)
            ]
            own.sort(key=lambda pair: natural(pair[0]))
            if own:
                scale = ratings.scales[criterion]
                items, rows = [item for item, _ in own], [place for _, place in own]
                sheets[round_key, criterion] = RoundTables(round_key, criterion, scale, items, rows)
    pairs = {}
    for (round_key, criterion), sheet in sheets.items():
        for item in sheet.items:
            earlier = _rated_last(rounds, sheets, round_key, item, criterion)
            if earlier is not None:
                pairs[round_key, item, criterion] = (earlier, PairTable.empty(sheet.scale.k))
    took_part = dict.fromkeys(rounds, 0)
    flow = {pair: [0, 0, 0] for pair in itertools.pairwise(rounds)}
    numbers = {group: number for number, group in enumerate(ratings.groups)}
    groups = sorted(numbers, key=natural)
    return Rounds(rounds, groups, sheets, pairs, 0, took_part, flow, numbers)


def _rated_last(
    rounds: list[str], sheets: Mapping[tuple[str, str], RoundTables], round_key: str, item: str, criterion: str
) -> str | None:
    """The last round before this one in which the item was rated."""
    for earlier in reversed(rounds[: rounds.index(round_key)]):
        sheet = sheets.get((earlier, criterion))
        if sheet is not None and item in sheet.items:
            return earlier
    return None


def _add_block(found: Rounds, block: Block, at: Mapping[tuple[str, str, str], int], keep: bool) -> None:
    active = {
        round_key: np.logical_or.reduce(
            [(block.codes[sheet.rows] >= 0).any(axis=0) for sheet in found.sheets.values() if sheet.round == round_key]
        )
        for round_key in found.rounds
    }
    for sheet in found.sheets.values():
        _add_sheet(found, sheet, block, active[sheet.round], keep)
    for (round_key, item, criterion), (earlier, table) in found.pairs.items():
        k = found.sheets[round_key, criterion].scale.k
        either = active[earlier] | active[round_key]
        before, now = (
            np.where(codes < 0, np.int8(k + _NOT_REACHED), codes)
            for codes in (
                block.codes[at[earlier, item, criterion]][either],
                block.codes[at[round_key, item, criterion]][either],
            )
        )
        added = table + PairTable.from_codes(before, now, k)
        found.pairs[round_key, item, criterion] = (earlier, added)
    for round_key, present in active.items():
        found.took_part[round_key] += int(present.sum())
    for (first, second), counts in found.flow.items():
        one, two = active[first], active[second]
        for place, who in enumerate((one & two, one & ~two, two & ~one)):
            counts[place] += int(who.sum())


def _add_sheet(found: Rounds, sheet: RoundTables, block: Block, active: npt.NDArray[np.bool_], keep: bool) -> None:
    codes, k = sheet.coded(block, active), sheet.scale.k
    sheet.units = sheet.units + UnitTable.from_codes(codes, k)
    sheet.sums = sheet.sums + PanelSums(RankSums.from_codes(codes, k), CrossProducts.from_codes(codes, k))
    sheet.preferences = sheet.preferences + Preferences.from_codes(codes, k)
    groups = block.groups[active]
    for group in found.groups:
        own = UnitTable.from_codes(codes[:, groups == found.group_numbers[group]], k)
        held = sheet.by_group.get(group)
        sheet.by_group[group] = own if held is None else held + own
    if keep:
        sheet.kept.append(codes)
