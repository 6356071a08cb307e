"""What was taken for granted about a file of ratings, and what in it speaks against that."""

from collections.abc import Iterable, Iterator
from enum import StrEnum

from analysis.model.file import AssumedDoubt
from analysis.ratings_file.round_tables import Rounds

USUAL = (5, 7)
"""Highest points of the scales most used beside 1 to 9 (Likert 1932; Diamond et al. 2014)."""


class Assumed(StrEnum):
    """What nobody declared."""

    SCALE = "scale"
    BANDS = "bands"
    RULE = "rule"


def doubts(rounds: Rounds, assumed: Iterable[Assumed]) -> Iterator[AssumedDoubt]:
    """Where ratings do not look like the scale that was assumed: none above 5 or 7 of 9."""
    if Assumed.SCALE not in assumed:
        return
    for criterion in sorted({criterion for _, criterion in rounds.sheets}):
        sheets = [sheet for (_, key), sheet in rounds.sheets.items() if key == criterion]
        used = [
            sheet.scale.lo + place
            for sheet in sheets
            for place in range(sheet.scale.k)
            if sheet.units.units[:, place].any()
        ]
        if used and max(used) <= max(USUAL) and max(used) < sheets[0].scale.hi:
            yield AssumedDoubt(code="scale_not_used", criterion=criterion, highest=max(used))
