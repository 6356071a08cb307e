"""Figures of change between two stages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.model.stage import PairResult
from consult.briefing.context import BriefingContext, StageGiven, number, reference
from consult.briefing.figure import Item, figure, mean
from consult.briefing.model import Cell, Figure, FigureRow
from consult.definition.scale import Scale
from consult.words.missing import missing_sentence


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a dot plot: its name and, by row key, its variable."""

    name: str
    items: Mapping[str, Item]


def dots(
    ctx: BriefingContext, title: str, labels: Mapping[str, str], series: Sequence[Series], scale: Scale
) -> Figure | None:
    """Means on a scale, one dot per series; rows without any mean stand in the table only."""
    _ = ctx.t.gettext
    rows = [
        FigureRow(label, tuple(_mean(one.items.get(key)) for one in series), _answers(series, key))
        for key, label in labels.items()
    ]
    shown = tuple(row for row in rows if any(value is not None for value in row.values))
    if not shown:
        return None
    rises = sum(_moves(row) > 0 for row in shown)
    falls = sum(_moves(row) < 0 for row in shown)
    description = _(
        "%(rows)d rows on a scale from %(low)d to %(high)d. From “%(first)s” to “%(last)s” the "
        "mean is higher in %(rises)d and lower in %(falls)d."
    ) % {
        "rows": len(shown),
        "low": scale.min,
        "high": scale.max,
        "rises": rises,
        "falls": falls,
        "first": series[0].name,
        "last": series[-1].name,
    }
    message = _("From “%(first)s” to “%(last)s” the mean rises in %(rises)d of %(rows)d.") % {
        "first": series[0].name,
        "last": series[-1].name,
        "rises": rises,
        "rows": len(shown),
    }
    return figure(
        "dots",
        title,
        description,
        message,
        tuple(one.name for one in series),
        shown,
        (_("Row"), *(name for one in series for name in (one.name, "n", _("source")))),
        _cells_of_means(ctx, labels, series),
        low=scale.min,
        high=scale.max,
    )


def _cells_of_means(
    ctx: BriefingContext, labels: Mapping[str, str], series: Sequence[Series]
) -> list[tuple[Cell, ...]]:
    """The table of a dot plot: every row that somebody answered."""
    return [
        _mean_cells(ctx, label, [one.items.get(key) for one in series])
        for key, label in labels.items()
        if any(key in one.items and one.items[key].block.n for one in series)
    ]


def _mean(item: Item | None) -> float | None:
    return None if item is None else item.block.mean


def _answers(series: Sequence[Series], key: str) -> str:
    found = [str(one.items[key].block.n) for one in series if key in one.items]
    return "n = " + ", ".join(dict.fromkeys(found))


def _moves(row: FigureRow) -> float:
    known = [value for value in row.values if value is not None]
    return known[-1] - known[0] if len(known) > 1 else 0.0


def _mean_cells(ctx: BriefingContext, label: str, items: Sequence[Item | None]) -> tuple[Cell, ...]:
    cells = [Cell(label)]
    for item in items:
        if item is None:
            cells += [Cell("–"), Cell("–"), Cell("–")]
            continue
        source = ctx.cite_variable(item.stage, item.variable, item.block.n, item.label)
        value = _mean(item)
        why = ctx.t.gettext("Not shown: too few answered.")
        cells += [
            number(mean(value, ctx.t)) if value is not None else Cell(why),
            number(str(item.block.n)),
            reference(source),
        ]
    return tuple(cells)


def changes(
    ctx: BriefingContext, title: str, pairs: Sequence[tuple[StageGiven, str, str, PairResult]]
) -> Figure | None:
    """People who went down, stayed and went up. `pairs`: stage, variable, label, figures."""
    _ = ctx.t.gettext
    shown = [(label, pair.n, moved) for _stage, _variable, label, pair in pairs if (moved := pair.moved()) is not None]
    if not shown:
        return None
    series = (_("lower than before"), _("the same"), _("higher than before"))
    rows = tuple(FigureRow(label, tuple(float(people) for people in moved), f"n = {n}") for label, n, moved in shown)
    up = sum(moved.up > moved.down for *_rest, moved in shown)
    down = sum(moved.down > moved.up for *_rest, moved in shown)
    description = _(
        "%(rows)d rows of people who answered both times. More went up than down in %(up)d rows, "
        "more went down than up in %(down)d."
    ) % {"rows": len(rows), "up": up, "down": down}
    cells = []
    for stage, variable, label, pair in pairs:
        key = f"{stage.key} {variable} ({pair.earlier}) n={pair.n}"
        source = ctx.cite(key, f"{ctx.read(stage.title)}: {label}")
        why = missing_sentence(pair, ctx.t)
        counts = [
            number(str(people)) if people is not None else Cell(why) for people in (pair.down, pair.same, pair.up)
        ]
        cells.append((Cell(label), *counts, number(str(pair.n)), reference(source)))
    return figure(
        "changes",
        title,
        description,
        description,
        series,
        rows,
        (_("Question"), *series, _("answered both times"), _("source")),
        cells,
    )
