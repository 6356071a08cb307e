"""What those who stopped would have changed: cases from the worst to the best."""

from flask_babel import gettext as _

from analysis.figures.drawing import HIGH, LOW
from analysis.model.criterion import Case, CriterionResult
from consult.services.frozen.codebook import Cell
from consult.web.access import RequestContext
from consult.web.results.charting import cells, plots
from consult.web.results.charting.asking import Chart, ChartChoices, ChartColumn, Selection, frozen_rounds, select
from consult.web.results.charting.rounds import verdict_cell
from consult.web.results.rated import band_names, bands, how_sure


def attrition(ctx: RequestContext, asked: ChartChoices) -> Chart:
    """What the share and verdict would be had all who stopped rated lowest, or highest."""
    rounds = frozen_rounds(ctx, asked, least=2)
    chosen = select(ctx, asked, rounds, ("share", "list", "margin"))
    band = bands(ctx, chosen.criterion)[-1].key
    rows: list[list[Cell]] = []
    for item in chosen.found:
        block = chosen.block(item)
        found = block.sensitivity
        rows.append(
            [
                *cells.first(ctx, item),
                found.leavers,
                block.n,
                *(_case_share(one, band) for one in (found.worst, block, found.best)),
                *(verdict_cell(ctx, one) for one in (found.worst, block.verdict, found.best)),
                how_sure(ctx, item, chosen.criterion),
                cells.withheld_words(ctx, found, block) if found.leavers and not found.worst else "",
            ]
        )
    worst, best = _worst_and_best()
    high = band_names(ctx, chosen.criterion)[band]
    share = _("Rated %(band)s", band=high) + ", %: "
    verdict = _("Verdict") + ": "
    columns = [
        *cells.start(),
        ChartColumn(_("Rated in the round before, not now")),
        ChartColumn(_("n")),
        *(ChartColumn(share + name) for name in (worst, _("as rated"), best)),
        *(ChartColumn(verdict + name, False) for name in (worst, _("as rated"), best)),
        ChartColumn(_("What would change this, all who stopped counted"), False),
        ChartColumn(_("Not shown because"), False),
    ]
    return Chart(_cases(ctx, chosen), columns, rows, keys=chosen.pages)


def _worst_and_best() -> tuple[str, str]:
    return (
        _("all who stopped since the round before had rated lowest"),
        _("all who stopped since the round before had rated highest"),
    )


def _case_share(case: Case | CriterionResult | None, band: str) -> float | None:
    if case is None or not case.shares:
        return None
    return cells.percent(case.shares[band].share)


def _cases(ctx: RequestContext, chosen: Selection) -> list[plots.Drawn]:
    band = bands(ctx, chosen.criterion)[-1].key
    ends: list[dict[str, float | None]] = [{}, {}, {}]
    flips = 0
    for item in chosen.found:
        block = chosen.block(item)
        found = block.sensitivity
        if not found.leavers or found.worst is None or found.best is None or not block.shares:
            continue
        cases: tuple[Case | CriterionResult, ...] = (found.worst, block, found.best)
        for into, one in zip(ends, cases, strict=True):
            into[item.key] = _case_share(one, band)
        flips += found.worst.flips or found.best.flips
    keys = [item.key for item in chosen.found if item.key in ends[0]]
    if not keys:
        return []
    names = (_worst_and_best()[0], _("as rated"), _worst_and_best()[1])
    series = [plots.Shares(name, one) for name, one in zip(names, ends, strict=True)]
    figure = plots.shares(series, keys)
    for trace, colour in zip(figure["data"][1:], (LOW[0], "#555555", HIGH[1]), strict=True):
        trace["marker"] |= {"color": colour, "symbol": "circle", "size": 10}
    alt = plots.alt_rows(
        _(
            "One line for each of %(count)s measures that somebody stopped rating: the share of high "
            "ratings in the worst and in the best case.",
            count=len(keys),
        ),
        len(keys),
        len(chosen.found) - len(keys),
    )
    alt.append(_("Another verdict in one of the cases: %(count)s.", count=flips))
    titles = {key: words for key, words in cells.titles(ctx, chosen.found).items() if key in keys}
    return [plots.drawn("attrition", _("Worst and best case for those who stopped"), plots.named(figure, titles), alt)]
