"""The chart of first places: would the same measures come first if the panel were drawn again?"""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from analysis.model.stage import FirstPlaces, Priority
from consult.services.frozen.codebook import Cell
from consult.web.access import RequestContext
from consult.web.results.charting import cells, plots
from consult.web.results.charting.asking import (
    Chart,
    ChartChoices,
    ChartColumn,
    NothingToShow,
    frozen_rounds,
    round_options,
)
from consult.web.results.frozen import FrozenStage
from consult.web.results.rated import LatestRating, band_names, board_row, criteria, sorter, standings


def first_places(ctx: RequestContext, asked: ChartChoices) -> Chart:
    """Each measure's probability of being among the first, by picks and by share."""
    rounds = [item for item in frozen_rounds(ctx, asked) if item.numbers.first]
    if not rounds:
        raise NothingToShow(_("Of no round the first places were drawn again."))
    chosen = asked.choose("round", _("Round"), round_options(ctx, rounds), rounds[-1].stage.key)
    item = next(one for one in rounds if one.stage.key == chosen)
    first = item.numbers.first
    if first is None:
        raise NothingToShow(_("Of no round the first places were drawn again."))
    chances = {way: own for way, own in _ways(first).items() if own}
    found = _measures(ctx, rounds, chances)
    picks = {one.key: one for one in item.numbers.priorities or ()}
    rows = [_row(ctx, one, item, picks.get(one.key), first) for one in found]
    high = list(band_names(ctx, criteria(ctx)[0].key).values())
    columns = [
        *cells.start()[:2],
        ChartColumn(_("n")),
        *cells.share_columns(high[-1] if high else ""),
        ChartColumn(_("Picked by")),
        *(ChartColumn(_("%(what)s, in percent", what=what)) for what in _names(first.pick).values()),
        ChartColumn(_("Not shown because"), False),
    ]
    pages = {one.key: one.stage.key for one in found}
    return Chart(_figure(ctx, found, chances, first), columns, rows, _note(first), pages)


def _ways(first: FirstPlaces) -> dict[str, Mapping[str, float]]:
    return {"by_picks": first.by_picks or {}, "by_share": first.by_share or {}}


def _names(pick: int) -> dict[str, str]:
    return {
        "by_picks": _("Among the first %(num)s by picks", num=pick),
        "by_share": _("Among the first %(num)s by share", num=pick),
    }


def _note(first: FirstPlaces) -> str:
    return _(
        "Percent of %(draws)s panels drawn with replacement from the experts who answered, in "
        "which the measure is among the first %(pick)s; ties share the last place. It says how "
        "much hangs on who happened to answer, not whether the experts are right. Without ratings: "
        "settled before this round, and picked without being rated again.",
        draws=first.draws,
        pick=first.pick,
    )


def _measures(
    ctx: RequestContext, rounds: Sequence[FrozenStage], chances: Mapping[str, Mapping[str, float]]
) -> list[LatestRating]:
    """Every measure that has a chance, the surest first, then as on the board."""
    known = set().union(*chances.values())
    found = [one for one in standings(ctx, rounds) if one.key in known]
    deciding, by = criteria(ctx)[0].key, sorter("share")
    surest = next(iter(chances.values()), {})
    found.sort(key=lambda one: (-surest.get(one.key, -1.0), by(board_row(ctx, one, deciding))))
    return found


def _row(
    ctx: RequestContext, one: LatestRating, item: FrozenStage, pick: Priority | None, first: FirstPlaces
) -> list[Cell]:
    measure = item.numbers.measures.get(one.key)
    block = one.released.criteria[criteria(ctx)[0].key] if measure else None
    start = cells.first(ctx, one)[:2]
    if block is None:  # settled before this round: it was picked, and not rated again
        rated: list[Cell] = [None, None, None, None, None]
    else:
        rated = [block.n, *cells.share_cells(cells.top_share(block))]
    return [
        *start,
        *rated,
        pick.picks if pick else None,
        *(cells.percent(own.get(one.key)) for own in _ways(first).values()),
        cells.withheld(ctx, first),
    ]


def _figure(
    ctx: RequestContext, found: Sequence[LatestRating], chances: Mapping[str, Mapping[str, float]], first: FirstPlaces
) -> list[plots.Drawn]:
    if not chances:
        return []
    keys = [one.key for one in found]
    names = _names(first.pick)
    series = [
        plots.Shares(names[way], {key: cells.percent(p) for key, p in own.items()}) for way, own in chances.items()
    ]
    sure = sum(p >= 0.9 for p in next(iter(chances.values())).values())
    alt = [
        _("Marks from 0 to 100 percent for each of %(count)s measures.", count=len(keys)),
        ngettext(
            "%(num)s measure is among the first %(pick)s in nine draws of ten or more.",
            "%(num)s measures are among the first %(pick)s in nine draws of ten or more.",
            sure,
            pick=first.pick,
        ),
    ]
    figure = plots.named(plots.shares(series, keys), cells.titles(ctx, list(found)))
    return [plots.drawn("first", _("How often among the first, if drawn again"), figure, alt)]
