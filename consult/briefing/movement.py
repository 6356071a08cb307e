"""What people who answered twice say: of the same people only, and no direction from a few."""

from collections.abc import Sequence

from analysis.model.stage import PairResult
from consult.briefing.choices import Placed
from consult.briefing.context import BriefingContext
from consult.definition.question import AnyQuestion

LEAST_PAIRS, LEAST_NET = 8, 3
"""A direction is said from so many pairs on, so many more one way, and twice as many."""


def direction(pair: PairResult) -> int | None:
    """1 up, -1 down, 0 neither; None where too few answered both times or it is withheld."""
    moved = pair.moved()
    if moved is None or pair.n < LEAST_PAIRS:
        return None
    more, less = max(moved.up, moved.down), min(moved.up, moved.down)
    if more - less < LEAST_NET or more < 2 * less:
        return 0
    return 1 if moved.up > moved.down else -1


def moved_rows(ctx: BriefingContext, first: AnyQuestion, placed: Sequence[Placed]) -> str:
    """In how many rows more people put the latest time that was paired with the first higher."""
    for stage, later in reversed(placed[1:]):
        found = [
            direction(pair)
            for variable, pair in stage.pairs.items()
            if variable.startswith(f"{later.key}.") and pair.earlier.startswith(f"{first.key}.")
        ]
        known = [one for one in found if one is not None]
        if known:
            return ctx.t.ngettext(
                "Of %(rows)d row that enough people answered for both times, more put the later "
                "time higher in %(up)d and lower in %(down)d; in %(same)d there is no direction.",
                "Of %(rows)d rows that enough people answered for both times, more put the later "
                "time higher in %(up)d and lower in %(down)d; in %(same)d there is no direction.",
                len(known),
            ) % {"rows": len(known), "up": known.count(1), "down": known.count(-1), "same": known.count(0)}
    return ""


def moved_people(ctx: BriefingContext, placed: Sequence[Placed]) -> str:
    """How many of those who answered a question both times went up and down."""
    stage, last = placed[-1]
    pair = stage.pairs.get(last.key)
    moved = pair.moved() if pair is not None else None
    if len(placed) < 2 or pair is None or moved is None:
        return ""
    return ctx.t.ngettext(
        "Of %(n)d who answered both times, %(up)d gave a higher answer the second time, %(down)d a lower one.",
        "Of %(n)d who answered both times, %(up)d gave a higher answer the second time, %(down)d a lower one.",
        pair.n,
    ) % {"n": pair.n, "up": moved.up, "down": moved.down}
