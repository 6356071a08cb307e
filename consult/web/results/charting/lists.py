"""Charts of lists: what was put first before and after, and how items of a list were rated."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from flask_babel import gettext as _

from analysis.figures.drawing import Shown, diverging_bars
from consult.services.frozen.codebook import Cell, Reader, reader
from consult.web.access import RequestContext
from consult.web.results.charting import cells, plots
from consult.web.results.charting.asking import Chart, ChartChoices, ChartColumn, NothingToShow, sort_words
from consult.web.results.charting.questions import ALONE, LETTERS, Times, asked_questions, families
from consult.web.results.charts import cut, escaped, outwards_from_middle
from consult.web.results.frozen import stage_title
from consult.web.results.rated import points, shares_in_order
from consult.web.staff.pages import plain


def lists(ctx: RequestContext, asked: ChartChoices) -> Chart:
    """Drivers, barriers and the like: put in order before and after, or rated one by one."""
    ranked = families(asked_questions(ctx, ("rank",)))
    rated = {
        key: family
        for key, family in families(asked_questions(ctx, ("ordinal", "interval"))).items()
        if len(family) == 1
        and ALONE not in family[0].variables
        and ctx.definition.scales[family[0].any.scale or ""].bands
    }
    known = ranked | rated
    if not known:
        raise NothingToShow(_("No frozen questionnaire has questions for this chart."))
    read = reader(ctx.session, ctx.consultation, ctx.language)
    options = [(key, cut(read(family[0].any.text), LETTERS)) for key, family in known.items()]
    key = asked.choose("question", _("Question"), options)
    orders = [(one, sort_words(one)) for one in ("share", "list")]
    sort = asked.choose("sort", _("Order"), orders)
    if key in ranked:
        return _in_order(ctx, read, ranked[key], sort)
    return _rated(ctx, read, rated[key][0], sort)


def _in_order(ctx: RequestContext, read: Reader, family: Sequence[Times], sort: str) -> Chart:
    names = [f"{stage_title(ctx, one.stage.stage)} ({one.key})" for one in family]
    rows = list(family[0].variables)
    placed = [{row: _placed(one, row) for row in rows} for one in family]
    series = [
        plots.Shares(name, {row: one.share for row, one in own.items()})
        for name, own in zip(names, placed, strict=True)
    ]
    if sort == "share":
        rows.sort(key=lambda row: -(placed[0][row].share or 0))
    labels = {row: read(family[0].variables[row].item) or _("an item of one’s own") for row in rows}
    table: list[list[Cell]] = []
    for row in rows:
        why = {cells.withheld(ctx, one.block(row)): 1 for one in family}
        table.append([row, labels[row], *(cell for own in placed for cell in own[row]), " ".join(filter(None, why))])
    drawn = [row for row in rows if any(own[row].share is not None for own in placed)]
    figures = []
    if drawn:
        alt = plots.alt_rows(
            _(
                "One row for each of %(count)s items: the share of those who answered that put it "
                "into one of the places.",
                count=len(drawn),
            ),
            len(drawn),
            len(rows) - len(drawn),
        )
        figure = plots.named(plots.shares(series, drawn), {row: labels[row] for row in drawn}, has_codes=False)
        figures = [plots.drawn("lists", read(family[0].any.text), figure, alt)]
    columns = [ChartColumn(_("Key"), False), ChartColumn(_("Item"), False)]
    for name in names:
        heads = (_("n"), _("First place"), _("In one of the places"), _("Share in percent"))
        columns += [ChartColumn(f"{name}: {head}") for head in heads]
    columns.append(ChartColumn(_("Not shown because"), False))
    note = _("Everyone who answered, before and after: not only those who answered both times.")
    return Chart(figures, columns, table, note if len(family) > 1 else "")


class Placed(NamedTuple):
    """How many answered, put an item first, and into any place; the last in percent too."""

    n: int | None = None
    first: int | None = None
    in_top: int | None = None
    share: float | None = None


def _placed(one: Times, row: str) -> Placed:
    """How many put an item first, and how many into any place; the last label is "in none"."""
    block = one.block(row)
    counts = block.counts if block else None
    if not block or not counts:
        return Placed(block.n if block else None)
    within = sum(counts[:-1])
    share = cells.percent(within / block.n) if block.n else None
    return Placed(block.n, counts[0], within, share)


def _rated_columns(bands: Sequence[str]) -> list[ChartColumn]:
    return [
        ChartColumn(_("Key"), False),
        ChartColumn(_("Item"), False),
        *cells.middle_columns(),
        *map(ChartColumn, bands),
        ChartColumn(_("Not shown because"), False),
    ]


def _rated(ctx: RequestContext, read: Reader, one: Times, sort: str) -> Chart:
    scale = ctx.definition.scales[one.any.scale or ""]
    names = [f"{points(band)} {plain(ctx, band.label)}".strip() for band in scale.bands]
    blocks = {
        row: replace(block, shares=shares_in_order(block.shares, scale.bands))
        for row in one.variables
        if (block := one.block(row)) is not None
    }
    labels = {row: read(one.variables[row].item) or row for row in blocks}
    given = Shown(variables=blocks)
    words = {band.key: name for band, name in zip(scale.bands, names, strict=True)}
    figure = diverging_bars(given, None, escaped(words))
    rows = [row.key for row in figure.rows] if sort == "share" else list(blocks)
    table: list[list[Cell]] = [
        [
            row,
            labels[row],
            *cells.middle_cells(blocks[row]),
            *cells.band_counts(blocks[row].shares, scale.bands),
            cells.withheld(ctx, blocks[row]),
        ]
        for row in rows
    ]
    columns = _rated_columns(names)
    if not figure.alt["bars"]:
        return Chart([], columns, table)
    data = plots.in_rows(outwards_from_middle(figure, names).data, rows)
    alt = plots.alt_rows(
        _(
            "One bar for each of %(bars)s items, from low to high answers; highest: %(item)s.",
            bars=figure.alt["bars"],
            item=labels[figure.alt["highest"]],
        ),
        figure.alt["bars"],
        figure.alt["suppressed"],
        sum(block.n == 0 for block in blocks.values()),
    )
    shown = plots.named(data, labels, has_codes=False)
    return Chart([plots.drawn("lists", read(one.any.text), shown, alt)], columns, table)
