"""The ranking of a ratings file, with how sure its places are."""

import numpy as np

from analysis.model.file import Kemeny, RankedMeasure, Ranking
from analysis.ratings_file.round_tables import RoundTables
from analysis.statistics.kemeny import kemeny
from analysis.statistics.ranking import borda, copeland
from analysis.statistics.top import mean_rank_intervals, top_of_sums, top_probabilities

NORMAL_FROM = 100  # experts from whom the means are as good as normal


def ranking_result(sheet: RoundTables, picks: int) -> Ranking | None:
    """Orders of the measures by pairs of ratings, and how sure a place among the first is.

    A higher rating is preferred, equal ratings tie, only measures rated by the same expert are
    compared. ``p_first``: probability of being among the ``picks`` highest means were the panel
    drawn again, of the experts who rated everything. None for fewer than two measures.
    """
    if len(sheet.items) < 2:
        return None
    table = sheet.preferences.table
    best = kemeny(table)
    scores = list(zip(borda(table), copeland(table), strict=True))
    chances, method = _chances(sheet, picks)
    intervals = _place_intervals(sheet)
    return Ranking(
        round=sheet.round,
        criterion=sheet.criterion,
        picks=picks,
        p_first_method=method,
        experts=sheet.sums.products.experts,
        kemeny=Kemeny(
            orders=tuple(tuple(sheet.items[i] for i in order) for order in best.orders),
            all_optima=best.complete and best.reason is None,
            distance=best.distance,
            bound=best.bound,
        ),
        measures={
            item: RankedMeasure(
                borda=scores[place][0],
                copeland=scores[place][1],
                mean_rank_of_rating=_at(sheet.sums.ranks.mean_ranks(), place),
                p_first=_at(chances, place),
                place_low=intervals[place][0] if intervals else None,
                place_high=intervals[place][1] if intervals else None,
            )
            for place, item in enumerate(sheet.items)
        },
    )


def _at(values: list[float], place: int) -> float | None:
    return values[place] if values else None


def _chances(sheet: RoundTables, picks: int) -> tuple[list[float], str | None]:
    sums = sheet.sums.products
    if sums.experts >= NORMAL_FROM:
        return top_of_sums(sums, picks), "normal"
    if sums.experts < 2:
        return [], None
    matrix = sheet.matrix()
    return top_probabilities(matrix[~np.isnan(matrix).any(axis=1)], picks), "resampled"


def _place_intervals(sheet: RoundTables) -> list[tuple[float | None, float | None]]:
    matrix = sheet.matrix()
    complete = matrix[~np.isnan(matrix).any(axis=1)]
    if not 2 <= len(complete) < NORMAL_FROM:
        return []
    return [(interval.low, interval.high) for interval in mean_rank_intervals(complete)]
