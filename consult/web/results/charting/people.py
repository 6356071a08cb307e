"""Charts of who: reporting groups and dissent with its reasons, and how many came how far."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from analysis.figures.plotly import Drawing, Trace
from analysis.figures.rounds import participation_flow
from analysis.model.criterion import CriterionResult
from analysis.model.stage import GroupBlock
from analysis.verdict.leaning import is_divided
from consult.services.frozen.codebook import Cell
from consult.web.access import RequestContext
from consult.web.results.charting import cells, plots
from consult.web.results.charting.asking import (
    Chart,
    ChartChoices,
    ChartColumn,
    NothingToShow,
    Selection,
    frozen_rounds,
    select,
)
from consult.web.results.detail import reasons_by_round
from consult.web.results.frozen import FrozenStage, frozen_stages, stage_title
from consult.web.results.rated import LatestRating
from consult.web.results.tables import MeasureReasons
from consult.web.staff.pages import plain, translate
from consult.words.readings import reading_words

STEPS = ("invited", "consented", "started", "submitted")


def groups(ctx: RequestContext, asked: ChartChoices) -> Chart:
    """Medians by reporting group where disclosure allows, spread, and reasons from both sides."""
    rounds = frozen_rounds(ctx, asked)
    declared = ctx.definition.panel.reporting_groups
    chosen = select(ctx, asked, rounds, ("share", "list", "median"))
    only = asked.choose("dissent", _("Measures"), [("all", _("all")), ("yes", _("divided"))])
    found = [item for item in chosen.found if only == "all" or _is_split(ctx, chosen.block(item))]
    chosen = Selection(chosen.criterion, found, chosen.numbers)
    names = {one.key: plain(ctx, one.label) for one in declared.groups} if declared else {}
    rows: list[list[Cell]] = []
    for item in found:
        block = chosen.block(item)
        own = [_group(chosen, item, key) for key in names]
        why = dict.fromkeys(cells.withheld(ctx, one) for one in (block, *own) if one is None or one.median is None)
        rows.append(
            [
                *cells.first(ctx, item),
                block.n,
                block.median,
                *(cell for one in own for cell in ((one.n, one.median) if one else (None, None))),
                _camps(block),
                reading_words(block, ctx.definition.rules.dissent, translate(ctx)),
                " ".join(filter(None, why)),
            ]
        )
    panel = _("whole panel")
    columns = [
        *cells.start(),
        *(ChartColumn(f"{name}: {head}") for name in (panel, *names.values()) for head in (_("n"), _("Median"))),
        ChartColumn(_("Wide spread (IPRAS)"), False),
        # Translators: outcome: how the ratings of one criterion read, over the rounds.
        ChartColumn(_("Outcome"), False),
        ChartColumn(_("Not shown because"), False),
    ]
    return Chart(
        _by_group(ctx, chosen, names),
        columns,
        rows,
        keys=chosen.pages,
        texts=[_reasons(ctx, item, rounds) for item in found if _is_split(ctx, chosen.block(item))],
    )


def _is_split(ctx: RequestContext, block: CriterionResult) -> bool:
    """Whether both sides have people by the rule; a wide spread alone is no split."""
    rule, shares = ctx.definition.rules.dissent, block.shares or {}
    if any(band not in shares for band in rule.bands):
        return False
    low, high = (shares[band].count for band in (rule.bands[0], rule.bands[-1]))
    return is_divided(low, high, block.n, rule.each_band)


def _camps(block: CriterionResult) -> str | None:
    if block.ipras is None or block.ipras.disagreement is None:
        return None
    return _("yes") if block.ipras.disagreement else _("no")


def _group(chosen: Selection, item: LatestRating, group: str) -> GroupBlock | None:
    known = chosen.numbers[item.stage.key].groups.get(group, {})
    return known.get(f"{item.key}.{chosen.criterion}")


def _reasons(ctx: RequestContext, item: LatestRating, rounds: Sequence[FrozenStage]) -> MeasureReasons:
    """Released reasons of a split measure, the two sides beside each other."""
    title = plain(ctx, item.wording.title)
    return MeasureReasons(item.key, title, reasons_by_round(ctx, item, rounds))


def _by_group(ctx: RequestContext, chosen: Selection, names: Mapping[str, str]) -> list[plots.Drawn]:
    whole = {item.key: chosen.block(item) for item in chosen.found}
    series = [plots.Series(_("whole panel"), plots.middles(whole))]
    for group, name in names.items():
        own = {
            item.key: plots.Middle(block.median)
            for item in chosen.found
            if (block := _group(chosen, item, group)) is not None
        }
        series.append(plots.Series(name, own))
    keys = [key for key in chosen.keys if whole[key].median is not None]
    if not keys:
        return []
    compared = sum(all(plots.median(one, key) is not None for one in series) for key in keys)
    scale = whole[keys[0]].scale
    figure = plots.medians(series, keys, scale.lo, scale.hi)
    alt = plots.alt_rows(
        _(
            "One row for each of %(count)s measures: the median of the panel, with its middle half, "
            "and of each group. For %(compared)s the groups may be shown.",
            count=len(keys),
            compared=compared,
        ),
        len(keys),
        len(chosen.found) - len(keys),
    )
    titles = {key: one for key, one in cells.titles(ctx, chosen.found).items() if key in keys}
    caption = _("Medians by reporting group")
    return [plots.drawn("groups", caption, plots.named(figure, titles), alt)]


def participation(ctx: RequestContext, asked: ChartChoices) -> Chart:
    """Invited, consented, started, submitted, stage by stage; frozen stages only."""
    frozen = frozen_stages(ctx)
    if not frozen:
        raise NothingToShow(_("No stage is closed and frozen yet."))
    titles = {item.stage.key: stage_title(ctx, item.stage) for item in frozen}
    # Translators: counts of experts; so are the next three.
    steps = {"invited": _("invited"), "consented": _("consented"), "started": _("started"), "submitted": _("submitted")}
    figure = participation_flow([item.numbers for item in frozen], (), steps)
    data = plots.in_rows(_lying(figure.data, len(frozen)), list(titles))
    alt = [
        _("Four bars for each of %(stages)s stages. %(first)s submitted the first, %(last)s the last.", **figure.alt)
    ]
    shown = plots.named(data, titles, has_codes=False)
    rows: list[list[Cell]] = [[row.key, titles[row.key], *(row.steps[step] for step in STEPS)] for row in figure.rows]
    columns = [
        ChartColumn(_("Key"), False),
        ChartColumn(_("Stage"), False),
        # Translators: heads of counts of experts; so are the next three.
        ChartColumn(_("Invited")),
        ChartColumn(_("Consented")),
        ChartColumn(_("Started")),
        ChartColumn(_("Submitted")),
    ]
    caption = _("From the invitation to the answer")
    return Chart([plots.drawn("participation", caption, shown, alt)], columns, rows)


def _lying(figure: Drawing, stages: int) -> Drawing:
    """The bars of the flow lying down: stages have long names."""
    turned: list[Trace] = [{**trace, "x": trace["y"], "y": trace["x"], "orientation": "h"} for trace in figure["data"]]
    layout = figure["layout"]
    layout |= {
        "xaxis": {"fixedrange": True, "rangemode": "tozero"},
        "yaxis": {"fixedrange": True, "automargin": True, "autorange": "reversed"},
        "height": 140 + 74 * stages,
    }
    return {"data": turned, "layout": layout}
