"""Cells that several tables share: a measure's first cells, percentages, why one is missing."""

from collections.abc import Iterable

from flask_babel import gettext as _

from analysis.model.criterion import CriterionResult
from analysis.model.figures import Block, Share, Shares
from analysis.model.stage import VariableResult
from consult.definition.scale import Band
from consult.services.frozen.codebook import Cell
from consult.web.access import RequestContext
from consult.web.results.charting.asking import ChartColumn
from consult.web.results.rated import LatestRating
from consult.web.staff.pages import plain, translate
from consult.words.missing import missing_sentence


def start() -> list[ChartColumn]:
    """The columns every table of measures begins with."""
    return [ChartColumn(_("Key"), False), ChartColumn(_("Measure"), False), ChartColumn(_("Round"))]


def first(ctx: RequestContext, item: LatestRating) -> list[Cell]:
    """Key, title and round of a measure."""
    return [item.key, plain(ctx, item.wording.title), item.stage.round_number]


def titles(ctx: RequestContext, found: list[LatestRating]) -> dict[str, str]:
    """Titles of measures by key."""
    return {item.key: plain(ctx, item.wording.title) for item in found}


def withheld(ctx: RequestContext, block: Block | None) -> str:
    """Why a figure is not shown, in words; empty where it is."""
    return missing_sentence(block, translate(ctx))


def percent(share: float | None) -> float | None:
    """A share in percent at one decimal."""
    return None if share is None else round(100 * share, 1)


def share_cells(share: Share | None) -> list[Cell]:
    """Count, share and its interval in percent."""
    if not share:
        return [None, None, None, None]
    return [share.count, *(percent(part) for part in (share.share, share.low, share.high))]


def band_counts(shares: Shares | None, known: Iterable[Band]) -> list[Cell]:
    """How many in each band, the lowest first."""
    found = ((shares or {}).get(band.key) for band in known)
    return [None if share is None else share.count for share in found]


def share_columns(band: str) -> list[ChartColumn]:
    """The columns of `share_cells`."""
    return [
        ChartColumn(_("Rated %(band)s", band=band)),
        ChartColumn(_("Share in percent")),
        ChartColumn(_("Interval from")),
        ChartColumn(_("Interval to")),
    ]


def middle_cells(block: CriterionResult | VariableResult | None) -> list[Cell]:
    """n, median and quartiles; empty where it was not asked."""
    if block is None:
        return [None, None, None, None]
    return [block.n, block.median, block.q1, block.q3]


def middle_columns(name: str = "") -> list[ChartColumn]:
    """The columns of `middle_cells`, under a name where there are several."""
    before = f"{name}: " if name else ""
    labels = (_("n"), _("Median"), _("First quartile"), _("Third quartile"))
    return [ChartColumn(before + label) for label in labels]


def top_share(block: CriterionResult) -> Share | None:
    """The share of the highest band; None where it is withheld."""
    shares = list((block.shares or {}).values())
    return shares[-1] if shares else None


def withheld_words(ctx: RequestContext, *blocks: Block | None) -> str:
    return " ".join(dict.fromkeys(filter(None, (withheld(ctx, one) for one in blocks))))


def why_column() -> ChartColumn:
    return ChartColumn(_("Not shown because"), False)
