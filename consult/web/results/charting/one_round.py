"""Charts of measures as they stand: shares, ranking, two criteria, other thresholds."""

from collections.abc import Mapping

from flask_babel import gettext as _

from analysis.figures.drawing import Figure
from analysis.figures.measures import dot_ranking, threshold_sensitivity
from analysis.figures.rows import RankedRow
from analysis.model.criterion import ThresholdRun
from analysis.model.stage import Priority
from consult.services.frozen.codebook import Cell
from consult.web.access import RequestContext
from consult.web.results.charting import cells, plots
from consult.web.results.charting.asking import Chart, ChartChoices, ChartColumn, Selection, frozen_rounds, select
from consult.web.results.charts import shares_chart
from consult.web.results.rated import band_names, bands
from consult.web.staff.pages import plain, said
from consult.words import wording as words


def shares(ctx: RequestContext, asked: ChartChoices) -> Chart:
    """Diverging bars: low ratings to the left, high ones to the right."""
    chosen = select(ctx, asked, frozen_rounds(ctx, asked), ("share", "median", "list"))
    known = bands(ctx, chosen.criterion)
    drawn = shares_chart(ctx, chosen.found, chosen.criterion)
    figures = []
    if drawn is not None:
        figure = plots.in_rows(drawn["figure"], chosen.keys)
        figures = [plots.drawn("shares", _("Shares of low, middle and high ratings"), figure, drawn["alt"])]
    names = band_names(ctx, chosen.criterion)
    labels = [f"{names[band.key]} {plain(ctx, band.label)}".strip() for band in known]
    rows = []
    for item in chosen.found:
        block = chosen.block(item)
        counts = cells.band_counts(block.shares, known)
        rows.append([*cells.first(ctx, item), *cells.middle_cells(block), *counts, cells.withheld(ctx, block)])
    columns = [*cells.start(), *cells.middle_columns(), *map(ChartColumn, labels), cells.why_column()]
    return Chart(figures, columns, rows, keys=chosen.pages)


def ranking(ctx: RequestContext, asked: ChartChoices) -> Chart:
    """Share of high ratings with its interval, and the panel's picks where it picked."""
    rounds = frozen_rounds(ctx, asked)
    chosen = select(ctx, asked, rounds, ("share", "list", "margin"))
    figure = dot_ranking(chosen.released, chosen.criterion)
    titles = cells.titles(ctx, chosen.found)
    picked = next((item for item in reversed(rounds) if item.numbers.priorities), None)
    picks = {one.key: one for one in picked.numbers.priorities or ()} if picked else {}
    rank = {row.key: row.found and row.found.rank for row in figure.rows}
    rows: list[list[Cell]] = [
        [
            *cells.first(ctx, item),
            rank[item.key],
            chosen.block(item).n,
            *cells.share_cells(cells.top_share(chosen.block(item))),
            *_pick_cells(picks.get(item.key)),
            cells.withheld(ctx, chosen.block(item)),
        ]
        for item in chosen.found
    ]
    high = list(band_names(ctx, chosen.criterion).values())
    columns = [
        *cells.start(),
        ChartColumn(_("Place by share")),
        ChartColumn(_("n")),
        *cells.share_columns(high[-1] if high else ""),
        ChartColumn(_("Place by picks")),
        ChartColumn(_("Picked by")),
        cells.why_column(),
    ]
    note = _("Bars: Wilson’s interval at 95 percent.")
    return Chart(_ranking_figure(chosen, figure, titles), columns, rows, note, chosen.pages)


def _pick_cells(pick: Priority | None) -> list[Cell]:
    return [None, None] if pick is None else [pick.rank, pick.picks]


def _ranking_figure(chosen: Selection, figure: Figure[RankedRow], titles: Mapping[str, str]) -> list[plots.Drawn]:
    if not figure.alt["dots"]:
        return []
    alt = plots.alt_rows(
        _("One dot for each of %(dots)s measures: its share of high ratings, with an interval.", **figure.alt),
        figure.alt["dots"],
        figure.alt["suppressed"],
    )
    if figure.alt["needed"] is not None:
        alt.append(
            _(
                "%(reaching)s reach the %(needed)s %% that the rule asks for (dotted line).",
                reaching=figure.alt["reaching"],
                needed=f"{figure.alt['needed']:.0f}",
            )
        )
    shown = plots.named(plots.in_rows(figure.data, chosen.keys), titles)
    return [plots.drawn("ranking", _("Share of high ratings, with its interval"), shown, alt)]


def thresholds(ctx: RequestContext, asked: ChartChoices) -> Chart:
    """The verdict each measure would have under a stricter or a milder rule."""
    chosen = select(ctx, asked, frozen_rounds(ctx, asked), ("share", "list", "margin"))
    figure = threshold_sensitivity(chosen.released, chosen.criterion)
    runs = {row.key: row.runs or () for row in figure.rows}
    rows: list[list[Cell]] = [
        [
            *cells.first(ctx, item),
            chosen.block(item).n,
            said(ctx, words.VERDICTS, chosen.block(item).verdict.verdict),
            "; ".join(_run(ctx, run) for run in runs[item.key]) or None,
            cells.withheld(ctx, chosen.block(item)),
        ]
        for item in chosen.found
    ]
    columns = [
        *cells.start(),
        ChartColumn(_("n")),
        ChartColumn(_("Verdict of the rule"), False),
        ChartColumn(_("Verdict by threshold"), False),
        cells.why_column(),
    ]
    figures = []
    if figure.alt["rows"]:
        alt = plots.alt_rows(
            _(
                "One row for each of %(rows)s measures, from a threshold of %(from)s to %(to)s %%. "
                "Blue: in, grey: no verdict, orange: out. The same verdict all along: %(steady)s.",
                **figure.alt,
            ),
            figure.alt["rows"],
            figure.alt["without"],
        )
        # A row of a heat map without a value would break the drawing of all.
        drawn = set(figure.data["data"][0]["y"])
        keys = [key for key in chosen.keys if key in drawn]
        titles = cells.titles(ctx, chosen.found)
        shown = plots.named(plots.in_rows(figure.data, keys), titles)
        figures = [plots.drawn("thresholds", _("Verdict by threshold"), shown, alt)]
    return Chart(figures, columns, rows, keys=chosen.pages)


def _run(ctx: RequestContext, run: ThresholdRun) -> str:
    return _(
        "%(start)s–%(end)s %%: %(verdict)s",
        start=run.start,
        end=run.end,
        verdict=said(ctx, words.VERDICTS, run.verdict),
    )
