"""The first answer to "which measures": by the panel's picks, and what would change it."""

from collections.abc import Sequence
from typing import Any

from consult.definition.text import Shown
from consult.services.measures import measures
from consult.web.access import RequestContext
from consult.web.results.frozen import FrozenStage
from consult.web.results.rated import LatestRating, board_row, criteria, how_sure, sorter
from consult.web.staff.pages import text
from consult.words.certainty import redraws_of

TOP = 5
"""How many measures the first screen names where the protocol does not say."""


def top(ctx: RequestContext, frozen: Sequence[FrozenStage], found: list[LatestRating]) -> dict[str, Any]:
    """The first measures: by the panel's picks where it picked, else by share, provisionally."""
    deciding = criteria(ctx)[0].key
    rule = ctx.definition.protocol.priorities
    wanted = rule.pick if rule else TOP
    picked = next((item for item in reversed(frozen) if item.numbers.priorities), None)
    newest = next(item for item in reversed(frozen) if item.stage.kind == "round")
    drawn = newest if picked is None else picked
    redraws = {one.key: redraws_of(drawn.numbers, one.key, by_picks=picked is not None) for one in found}
    rows = {
        one.key: board_row(ctx, one, deciding) | {"certainty": how_sure(ctx, one, deciding, redraws[one.key])}
        for one in found
    }
    if picked is None:
        ordered = sorted(rows.values(), key=sorter("share"))[:wanted]
        return {"is_final": False, "wanted": wanted, "rows": ordered, "pickers": None}
    titles = _titles(ctx)
    ranked = [
        {
            **rows.get(one.key, {"key": one.key, "title": titles.get(one.key)}),
            "rank": one.rank,
            "tied": one.tied,
            "picks": one.picks,
        }
        for one in picked.numbers.priorities or ()
        if one.rank <= wanted and one.picks
    ]
    pickers = picked.numbers.participation.submitted
    return {"is_final": True, "wanted": wanted, "rows": ranked, "pickers": pickers}


def _titles(ctx: RequestContext) -> dict[str, Shown]:
    found = measures.newest_wordings(ctx.session, ctx.consultation.id)
    return {item.key: text(ctx, item.title) for item in found}
