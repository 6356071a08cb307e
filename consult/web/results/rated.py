"""Where the measures stand: the verdict board, and what would change a result."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from flask_babel import gettext as _

from analysis.model.criterion import CriterionResult
from analysis.model.figures import Share, Shares
from analysis.model.stage import MeasureResult, VariableResult
from analysis.protocol.states import StabilityState
from analysis.verdict.leaning import READINGS, reading
from consult.definition.measure import Criterion
from consult.definition.scale import Band
from consult.models import Stage
from consult.services.measures import measures
from consult.services.measures.measures import Wording
from consult.statuses import CODES, Status
from consult.web.access import RequestContext
from consult.web.results.frozen import FrozenStage
from consult.web.results.rows import BoardRow, Order, SortKey
from consult.web.staff.pages import said, text, translate
from consult.web.staff.statuses import came_to
from consult.words import wording as words
from consult.words.certainty import Redraws, stopped, what_would_change
from consult.words.missing import missing_sentence
from consult.words.readings import reading_words
from consult.words.without import stability_of


@dataclass(frozen=True, slots=True)
class LatestRating:
    """A measure in the last round in which it was rated.

    `earlier`: what was released of it in the rounds before. `status`: what it came to by now, or
    for good; `came_to` says that in words.
    """

    place: int
    wording: Wording
    stage: Stage
    released: MeasureResult
    status: Status
    came_to: str
    earlier: tuple[MeasureResult, ...] = ()

    @property
    def key(self) -> str:
        return self.wording.key


def standings(
    ctx: RequestContext, frozen: Sequence[FrozenStage], among: Sequence[FrozenStage] = ()
) -> list[LatestRating]:
    """Every measure rated in one of these stages, as it stood in the last of them.

    `among`: all frozen stages where `frozen` is a part, for what came before.
    """
    found: dict[str, LatestRating] = {}
    known = came_to(ctx)
    for item in frozen:
        for wording in measures.wordings_in_stage(ctx.session, item.stage):
            released = item.numbers.measures.get(wording.key)
            if released is None:
                continue
            status, words = known[wording.key]
            found[wording.key] = LatestRating(
                wording.measure.position,
                wording,
                item.stage,
                in_order(ctx, released),
                status,
                words,
                _earlier(among or frozen, item.stage, wording.key),
            )
    return sorted(found.values(), key=lambda standing: standing.place)


def _earlier(among: Sequence[FrozenStage], stage: Stage, key: str) -> tuple[MeasureResult, ...]:
    """What was released of a measure in the rounds before this one."""
    number = stage.round_number or 0
    return tuple(
        item.numbers.measures[key]
        for item in among
        if 0 < (item.stage.round_number or 0) < number and key in item.numbers.measures
    )


def in_order(ctx: RequestContext, released: MeasureResult) -> MeasureResult:
    """A released measure with its bands from low to high: stored numbers know no such order."""
    criteria = {
        key: replace(block, shares=shares_in_order(block.shares, bands(ctx, key)))
        for key, block in released.criteria.items()
    }
    return replace(released, criteria=criteria)


def shares_in_order(shares: Shares | None, known: Sequence[Band]) -> Shares | None:
    """Shares by band, the lowest band first; None where they are withheld."""
    return {band.key: shares[band.key] for band in known} if shares else None


def criteria(ctx: RequestContext) -> tuple[Criterion, ...]:
    """What measures are rated on, the deciding criterion first."""
    found = ctx.definition.measures.criteria if ctx.definition.measures else ()
    return tuple(sorted(found, key=lambda criterion: not criterion.decides))


def bands(ctx: RequestContext, criterion: str) -> tuple[Band, ...]:
    """The named bands of a criterion's scale, the lowest first."""
    return ctx.definition.scale_of(criterion).bands


def band_names(ctx: RequestContext, criterion: str) -> dict[str, str]:
    """The points of each band, such as `7–9`."""
    return {band.key: points(band) for band in bands(ctx, criterion)}


def points(band: Band) -> str:
    """The points of a band, such as `7–9`, or `3` where it has one."""
    return str(band.start) if band.start == band.end else f"{band.start}–{band.end}"


def board_row(ctx: RequestContext, standing: LatestRating, criterion: str) -> BoardRow:
    """One line of the verdict board."""
    block = standing.released.criteria[criterion]
    catalogue, names = translate(ctx), band_names(ctx, criterion)
    verdict, high = block.verdict, _high(block)
    return {
        "key": standing.key,
        "title": text(ctx, standing.wording.title),
        "stage": standing.stage.key,
        "round": standing.stage.round_number,
        "n": block.n,
        "median": words.point(block.median, catalogue),
        "half": half(block),
        "high": _("%(count)s of %(n)s", count=high.count, n=high.n) if high else "–",
        "interval": interval(high),
        "share": _share(high),
        "verdict": {
            "label": said(ctx, words.VERDICTS, verdict.verdict),
            "kind": {"in": "good", "out": "bad", "none": "you"}.get(verdict.verdict.value, ""),
        },
        "reason": words.verdict_reason(verdict.code, verdict.numbers, catalogue, names),
        "certainty": how_sure(ctx, standing, criterion),
        "stability": stability_of(block, catalogue, ctx.definition.protocol.stability.within),
        "is_stable": block.stability.state == "stable",
        "outcome": reading_words(block, ctx.definition.rules.dissent, catalogue),
        "status": standing.came_to,
        "suppressed": missing_sentence(block, catalogue),
        "order": _order(ctx, standing, block, high),
    }


def how_sure(ctx: RequestContext, standing: LatestRating, criterion: str, redraws: Redraws | None = None) -> str:
    """What would change a result; with the redraws where it is about the first places."""
    rules, block = ctx.definition.rules, standing.released.criteria[criterion]
    before = [one.criteria[criterion].respondents for one in standing.earlier if criterion in one.criteria]
    missing = stopped(rules, criterion, block, before, standing.stage.round_number)
    return what_would_change(block, rules.dissent.bands, translate(ctx), missing, redraws)


def read_as(ctx: RequestContext, block: CriterionResult) -> str:
    """What the panel says under one criterion, as a code to choose by."""
    return reading(block, ctx.definition.rules.dissent)


def half(block: CriterionResult | VariableResult) -> str:
    """How many rated around the median, such as `12 of 14 at 7–8`: counts, never a quartile."""
    found = None
    if block.scale is not None:
        found = words.middle_points(block.counts, block.scale.lo, block.q1, block.q3)
    if found is None:
        return "–"
    count, low, high = found
    where = str(low) if low == high else f"{low}–{high}"
    return _("%(count)s of %(n)s at %(points)s", count=count, n=block.n, points=where)


def interval(share: Share | None) -> str:
    """The Wilson 95 % interval of a share in whole percent."""
    if share is None or share.low is None or share.high is None:
        return "–"
    return f"{100 * share.low:.0f}–{100 * share.high:.0f} %"


def _high(block: CriterionResult) -> Share | None:
    shares = list((block.shares or {}).values())
    return shares[-1] if shares else None


def _share(share: Share | None) -> Fraction | None:
    return Fraction(share.count, share.n) if share and share.n else None


def _order(ctx: RequestContext, standing: LatestRating, block: CriterionResult, high: Share | None) -> Order:
    """What each column sorts by; None goes last."""
    share = _share(high)
    return {
        "list": standing.place,
        "n": -block.n,
        "median": None if block.median is None else -block.median,
        "share": None if share is None else -share,
        "margin": block.verdict.margin,
        "verdict": list(words.VERDICTS).index(block.verdict.verdict),
        "stability": list(StabilityState).index(block.stability.state),
        "outcome": READINGS.index(read_as(ctx, block)),
        "status": CODES.index(standing.status.code),
    }


SORTS = ("share", "list", "n", "median", "margin", "verdict", "stability", "outcome", "status")
"""Columns the board can be sorted by, the default first."""


def sorter(column: str) -> Callable[[BoardRow], SortKey]:
    """A sort key for board rows: the column, then share, median and place in the list."""

    def key(row: BoardRow) -> SortKey:
        order = row["order"]
        values = (order[column], order["share"], order["median"])
        return (*((value is None, value or 0) for value in values), (False, order["list"] or 0))

    return key
