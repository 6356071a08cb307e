"""Figures as data: each with a sentence that says what it shows, and its table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.briefing.given import Desk, StageGiven, number, reference, sentence
from consult.briefing.model import Cell, Plate, PlateRow, Table
from consult.definition.scale import Scale
from consult.words.missing import missing_sentence
from consult.words.wording import PERCENT_FROM, counted, point


@dataclass(frozen=True, slots=True)
class Item:
    """One variable of one stage, with the words that name it in a figure."""

    stage: StageGiven
    variable: str
    label: str
    block: Mapping[str, Any]


def band_words(desk: Desk, scale: Scale) -> dict[str, str]:
    """Bands as a reader knows them: the label, or the points."""
    return {
        band.key: desk.read(band.label) if band.label else span(band.start, band.end)
        for band in scale.bands
    }


def span(start: int, end: int) -> str:
    """A run of points: `7–9`."""
    return f"{start}–{end}" if start != end else str(start)


def mean(value: float | None) -> str:
    """A mean at one decimal."""
    return "–" if value is None else f"{value:.1f}"


def diverging(desk: Desk, title: str, items: Sequence[Item], scale: Scale) -> Plate | None:
    """Shares by band, the highest on top; None where nothing may be shown."""
    _ = desk.t.gettext
    shown = [item for item in items if item.block["shares"]]
    if not shown or not scale.bands:
        return None
    top = scale.bands[-1].key
    if len({item.stage.key for item in shown}) == 1:  # else the order is that of the stages
        shown.sort(key=lambda item: -_share(item, top))
    words = band_words(desk, scale)
    rows = tuple(
        PlateRow(
            item.label,
            tuple(float(item.block["shares"][band.key]["count"]) for band in scale.bands),
            f"n = {item.block['n']}",
        )
        for item in shown
    )
    description, message = _said_of_bars(desk, shown, top, words[top])
    return _plate(
        "diverging", title, description, message, tuple(words.values()), rows,
        (_("Answer"), *words.values(), _("median"), "n", _("source")),
        [_band_cells(desk, item, scale) for item in (*shown, *_withheld(items))],
    )  # fmt: skip


def _said_of_bars(desk: Desk, shown: Sequence[Item], top: str, band: str) -> tuple[str, str]:
    """What a diverging plate shows, for those who do not see it and for the summary."""
    _ = desk.t.gettext
    first, last = _ends(shown, top)
    facts = {
        "bars": len(shown), "first": first.label, "last": last.label, "band": band,
        "count": _band_count(desk, first, top), "other": _band_count(desk, last, top),
        "counts": "; ".join(f"{item.label}, {_band_count(desk, item, top)}" for item in shown),
    }  # fmt: skip
    description = _(
        "%(bars)d bars. Highest: %(first)s, %(count)s “%(band)s”. Lowest: %(last)s, %(other)s."
    )
    message = _("“%(band)s” most often: %(first)s, %(count)s; least often: %(last)s, %(other)s.")
    if first.stage.key != last.stage.key:
        message = _("“%(band)s”: %(counts)s.")
    return description % facts, message % facts


def _ends(shown: Sequence[Item], band: str) -> tuple[Item, Item]:
    """The items with the highest and the lowest share of a band."""
    ordered = sorted(shown, key=lambda item: -_share(item, band))
    return ordered[0], ordered[-1]


def _share(item: Item, band: str) -> float:
    return float(item.block["shares"][band]["share"] or 0)


def _band_count(desk: Desk, item: Item, band: str) -> str:
    return counted(item.block["shares"][band]["count"], item.block["n"], desk.t)


def _withheld(items: Sequence[Item]) -> list[Item]:
    return [item for item in items if not item.block["shares"]]


def _band_cells(desk: Desk, item: Item, scale: Scale) -> tuple[Cell, ...]:
    block = item.block
    source = desk.cite_variable(item.stage, item.variable, block["n"], item.label)
    if not block["shares"]:
        why = missing_sentence(block, desk.t)
        empty = [Cell("–")] * len(scale.bands)
        return (Cell(f"{item.label}. {why}"), *empty, Cell("–"), number(str(block["n"])),
                reference(source))  # fmt: skip
    counts = [number(_cell_count(block["shares"][band.key], desk)) for band in scale.bands]
    return (Cell(item.label), *counts, number(point(block["median"])), number(str(block["n"])),
            reference(source))  # fmt: skip


def _cell_count(share: Mapping[str, Any], desk: Desk) -> str:
    if share["n"] < PERCENT_FROM:
        return str(share["count"])
    return counted(share["count"], share["n"], desk.t)


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a dot plot: its name and, by row key, its variable."""

    name: str
    items: Mapping[str, Item]


def dots(
    desk: Desk, title: str, labels: Mapping[str, str], series: Sequence[Series], scale: Scale
) -> Plate | None:
    """Means on a scale, one dot per series; rows without any mean stand in the table only."""
    _ = desk.t.gettext
    rows = [
        PlateRow(label, tuple(_mean(one.items.get(key)) for one in series), _answers(series, key))
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
        "rows": len(shown), "low": scale.min, "high": scale.max, "rises": rises, "falls": falls,
        "first": series[0].name, "last": series[-1].name,
    }  # fmt: skip
    asked = {
        key: label
        for key, label in labels.items()
        if any(key in one.items and one.items[key].block["n"] for one in series)
    }
    header = [_("Row")]
    for one in series:
        header += [one.name, "n", _("source")]
    cells = [_mean_cells(desk, label, [one.items.get(key) for one in series])
             for key, label in asked.items()]  # fmt: skip
    message = _("From “%(first)s” to “%(last)s” the mean rises in %(rises)d of %(rows)d.") % {
        "first": series[0].name, "last": series[-1].name, "rises": rises, "rows": len(shown),
    }  # fmt: skip
    return _plate(
        "dots", title, description, message, tuple(one.name for one in series), shown,
        tuple(header), cells, low=scale.min, high=scale.max,
    )  # fmt: skip


def _mean(item: Item | None) -> float | None:
    return None if item is None else item.block.get("mean")


def _answers(series: Sequence[Series], key: str) -> str:
    found = [str(one.items[key].block["n"]) for one in series if key in one.items]
    return "n = " + ", ".join(dict.fromkeys(found))


def _moves(row: PlateRow) -> float:
    known = [value for value in row.values if value is not None]
    return known[-1] - known[0] if len(known) > 1 else 0.0


def _mean_cells(desk: Desk, label: str, items: Sequence[Item | None]) -> tuple[Cell, ...]:
    cells = [Cell(label)]
    for item in items:
        if item is None:
            cells += [Cell("–"), Cell("–"), Cell("–")]
            continue
        source = desk.cite_variable(item.stage, item.variable, item.block["n"], item.label)
        value = _mean(item)
        why = desk.t.gettext("Not shown: too few answered.")
        cells += [number(mean(value)) if value is not None else Cell(why),
                  number(str(item.block["n"])), reference(source)]  # fmt: skip
    return tuple(cells)


def changes(
    desk: Desk, title: str, pairs: Sequence[tuple[StageGiven, str, str, Mapping[str, Any]]]
) -> Plate | None:
    """People who went down, stayed and went up. `pairs`: stage, variable, label, figures."""
    _ = desk.t.gettext
    shown = [pair for pair in pairs if pair[3]["up"] is not None]
    if not shown:
        return None
    series = (_("lower than before"), _("the same"), _("higher than before"))
    names = ("down", "same", "up")
    rows = tuple(
        PlateRow(label, tuple(float(pair[name]) for name in names), f"n = {pair['n']}")
        for _stage, _variable, label, pair in shown
    )
    up = sum(pair["up"] > pair["down"] for *_rest, pair in shown)
    down = sum(pair["down"] > pair["up"] for *_rest, pair in shown)
    description = _(
        "%(rows)d rows of people who answered both times. More went up than down in %(up)d rows, "
        "more went down than up in %(down)d."
    ) % {"rows": len(rows), "up": up, "down": down}
    cells = []
    for stage, variable, label, pair in pairs:
        key = f"{stage.key} {variable} ({pair['earlier']}) n={pair['n']}"
        source = desk.cite(key, f"{desk.read(stage.title)}: {label}")
        why = missing_sentence(pair, desk.t)
        counts = [number(str(pair[name])) if pair[name] is not None else Cell(why)
                  for name in names]  # fmt: skip
        cells.append((Cell(label), *counts, number(str(pair["n"])), reference(source)))
    return _plate(
        "changes", title, description, description, series, rows,
        (_("Question"), *series, _("answered both times"), _("source")), cells,
    )  # fmt: skip


def plot_map(
    desk: Desk,
    title: str,
    axes: tuple[str, str],
    places: Sequence[tuple[str, float, float, tuple[Cell, ...]]],
    header: Sequence[str],
    ends: tuple[float, float],
) -> Plate:
    """Rows by two values, `places` holding name, across, up and the cells of the table."""
    _ = desk.t.gettext
    middle = (ends[0] + ends[1]) / 2
    both = [name for name, across, up, _cells in places if across > middle and up > middle]
    description = _(
        "%(count)d measures; right and high, above the middle of both scales: %(both)s."
    ) % {"count": len(places), "both": ", ".join(both) or _("none")}
    rows = tuple(PlateRow(name, (across, up)) for name, across, up, _cells in places)
    return _plate(
        "map", title, description, description, axes, rows, tuple(header),
        [cells for _name, _across, _up, cells in places], low=ends[0], high=ends[1], axes=axes,
    )  # fmt: skip


def _plate(
    form: str,
    title: str,
    description: str,
    message: str,
    series: tuple[str, ...],
    rows: tuple[PlateRow, ...],
    header: tuple[str, ...],
    cells: Sequence[tuple[Cell, ...]],
    *,
    low: float = 0,
    high: float = 1,
    axes: tuple[str, str] = ("", ""),
) -> Plate:
    table = Table(title, header, tuple(cells), is_compact=True)
    whole = f"{sentence(title)} {message}"
    return Plate(form, title, description, whole, series, rows, table, low, high, axes)
