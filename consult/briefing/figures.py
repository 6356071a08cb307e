"""Figures as data: each with a sentence that says what it shows, and its table."""

from collections.abc import Sequence

from analysis.model.figures import PlainShare, Share
from consult.briefing.context import BriefingContext, number, reference
from consult.briefing.figure import Item, figure, span
from consult.briefing.model import Cell, Figure, FigureRow
from consult.definition.scale import Scale
from consult.words.missing import missing_sentence
from consult.words.wording import PERCENT_FROM, counted, point


def band_words(ctx: BriefingContext, scale: Scale) -> dict[str, str]:
    """Bands as a reader knows them: the label, or the points."""
    return {band.key: ctx.read(band.label) if band.label else span(band.start, band.end) for band in scale.bands}


def diverging(ctx: BriefingContext, title: str, items: Sequence[Item], scale: Scale) -> Figure | None:
    """Shares by band, the highest on top; None where nothing may be shown."""
    _ = ctx.t.gettext
    shown = [item for item in items if item.block.shares]
    if not shown or not scale.bands:
        return None
    top = scale.bands[-1].key
    if len({item.stage.key for item in shown}) == 1:  # else the order is that of the stages
        shown.sort(key=lambda item: -_share(item, top))
    words = band_words(ctx, scale)
    rows = tuple(
        FigureRow(
            item.label, tuple(float(_band_of(item, band.key).count) for band in scale.bands), f"n = {item.block.n}"
        )
        for item in shown
    )
    description, message = _said_of_bars(ctx, shown, top, words[top])
    return figure(
        "diverging",
        title,
        description,
        message,
        tuple(words.values()),
        rows,
        (_("Answer"), *words.values(), _("median"), "n", _("source")),
        [_band_cells(ctx, item, scale) for item in (*shown, *_withheld(items))],
    )


def _said_of_bars(ctx: BriefingContext, shown: Sequence[Item], top: str, band: str) -> tuple[str, str]:
    """What a diverging figure shows, for those who do not see it and for the summary."""
    _ = ctx.t.gettext
    first, last = _ends(shown, top)
    facts = {
        "bars": len(shown),
        "first": first.label,
        "last": last.label,
        "band": band,
        "count": _band_count(ctx, first, top),
        "other": _band_count(ctx, last, top),
        "counts": "; ".join(f"{item.label}, {_band_count(ctx, item, top)}" for item in shown),
    }
    description = _("%(bars)d bars. Highest: %(first)s, %(count)s “%(band)s”. Lowest: %(last)s, %(other)s.")
    message = _("“%(band)s” most often: %(first)s, %(count)s; least often: %(last)s, %(other)s.")
    if first.stage.key != last.stage.key:
        message = _("“%(band)s”: %(counts)s.")
    return description % facts, message % facts


def _ends(shown: Sequence[Item], band: str) -> tuple[Item, Item]:
    """The items with the highest and the lowest share of a band."""
    ordered = sorted(shown, key=lambda item: -_share(item, band))
    return ordered[0], ordered[-1]


def _share(item: Item, band: str) -> float:
    return float(_band_of(item, band).share or 0)


def _band_of(item: Item, band: str) -> Share:
    """The share of a band, of a variable whose shares are shown."""
    assert item.block.shares is not None
    return item.block.shares[band]


def _band_count(ctx: BriefingContext, item: Item, band: str) -> str:
    return counted(_band_of(item, band).count, item.block.n, ctx.t)


def _withheld(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if not item.block.shares]


def _band_cells(ctx: BriefingContext, item: Item, scale: Scale) -> tuple[Cell, ...]:
    block = item.block
    source = ctx.cite_variable(item.stage, item.variable, block.n, item.label)
    if not block.shares:
        why = missing_sentence(block, ctx.t)
        empty = [Cell("–")] * len(scale.bands)
        return (Cell(f"{item.label}. {why}"), *empty, Cell("–"), number(str(block.n)), reference(source))
    counts = [number(_cell_count(block.shares[band.key], ctx)) for band in scale.bands]
    return (Cell(item.label), *counts, number(point(block.median, ctx.t)), number(str(block.n)), reference(source))


def _cell_count(share: PlainShare, ctx: BriefingContext) -> str:
    if share.n < PERCENT_FROM:
        return str(share.count)
    return counted(share.count, share.n, ctx.t)


def plot_map(
    ctx: BriefingContext,
    title: str,
    axes: tuple[str, str],
    places: Sequence[tuple[str, float, float, tuple[Cell, ...]]],
    header: Sequence[str],
    ends: tuple[float, float],
) -> Figure:
    """Rows by two values, `places` holding name, across, up and the cells of the table."""
    _ = ctx.t.gettext
    middle = (ends[0] + ends[1]) / 2
    both = [name for name, across, up, _cells in places if across > middle and up > middle]
    description = _("%(count)d measures; right and high, above the middle of both scales: %(both)s.") % {
        "count": len(places),
        "both": ", ".join(both) or _("none"),
    }
    rows = tuple(FigureRow(name, (across, up)) for name, across, up, _cells in places)
    return figure(
        "map",
        title,
        description,
        description,
        axes,
        rows,
        tuple(header),
        [cells for _name, _across, _up, cells in places],
        low=ends[0],
        high=ends[1],
        axes=axes,
    )
