"""Charts of change over rounds: medians, stability, those who stopped."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from analysis.model.criterion import Case, CriterionResult, StabilityNumbers, VerdictResult
from consult.services.frozen.codebook import Cell
from consult.web.access import RequestContext
from consult.web.results.charting import cells, plots
from consult.web.results.charting.asking import (
    Chart,
    ChartChoices,
    ChartColumn,
    Selection,
    choose_criterion,
    frozen_rounds,
    round_options,
    select,
    sort_words,
)
from consult.web.results.frozen import FrozenStage, stage_title
from consult.web.results.rated import LatestRating, standings
from consult.web.staff.pages import plain, said, translate
from consult.words import wording as words


def medians(ctx: RequestContext, asked: ChartChoices) -> Chart:
    """Median and middle half in two rounds."""
    rounds = frozen_rounds(ctx, asked, least=2)
    options = round_options(ctx, rounds)
    later = asked.choose("round", _("Later round"), options[1:], default=options[-1][0])
    at = [key for key, _words in options].index(later)
    earlier = asked.choose("earlier", _("Earlier round"), options[:at], default=options[at - 1][0])
    criterion = choose_criterion(ctx, asked)
    since = [key for key, _words in options].index(earlier)
    between = rounds[since : at + 1]
    found = [item for item in standings(ctx, [rounds[at]], rounds) if criterion in item.released.criteria]
    pairs = {item.key: _pair(item, between, criterion) for item in found}
    found = [item for item in found if pairs[item.key][0] is not None]
    orders = [(key, sort_words(key)) for key in ("median", "change", "list")]
    sort = asked.choose("sort", _("Order"), orders)
    found.sort(key=lambda item: _order(sort, item, *pairs[item.key][:2]))
    names = [stage_title(ctx, item.stage) for item in (between[0], between[-1])]
    columns = [
        *cells.start()[:2],
        *cells.middle_columns(names[0]),
        *cells.middle_columns(names[1]),
        ChartColumn(_("Change of the median")),
        ChartColumn(_("Not shown because"), False),
    ]
    rows: list[list[Cell]] = []
    for item in found:
        before, now, reworded = pairs[item.key]
        why = _reworded(ctx) if reworded else cells.withheld_words(ctx, before, now)
        rows.append(
            [
                item.key,
                plain(ctx, item.wording.title),
                *cells.middle_cells(before),
                *cells.middle_cells(now),
                _change(before, now, reworded),
                why,
            ]
        )
    return Chart(
        _two_rounds(ctx, found, pairs, names), columns, rows, keys={item.key: item.stage.key for item in found}
    )


Pair = tuple[CriterionResult | None, CriterionResult, bool]


def _pair(item: LatestRating, between: Sequence[FrozenStage], criterion: str) -> Pair:
    """A measure in the first and the last of these rounds, and whether it was reworded on the way.

    Ratings of a substantively reworded measure do not compare.
    """
    blocks = [one.numbers.criterion(item.key, criterion) for one in between]
    reworded = any(block and block.stability.code == "not_pairable" for block in blocks[1:])
    return blocks[0], item.released.criteria[criterion], reworded


def _change(before: CriterionResult | None, now: CriterionResult, reworded: bool) -> float | None:
    if reworded or before is None or before.median is None or now.median is None:
        return None
    return float(now.median - before.median)


def _order(
    sort: str, item: LatestRating, before: CriterionResult | None, now: CriterionResult
) -> tuple[bool, float, int]:
    value = {"median": None if now.median is None else -now.median, "change": _change(before, now, False), "list": 0.0}[
        sort
    ]
    value = -abs(value) if sort == "change" and value is not None else value
    return value is None, value or 0.0, item.place


def _reworded(ctx: RequestContext) -> str:
    return said(ctx, words.STABILITY, "not_pairable")


def _two_rounds(
    ctx: RequestContext, found: Sequence[LatestRating], pairs: Mapping[str, Pair], names: Sequence[str]
) -> list[plots.Drawn]:
    changes = {key: _change(*pair) for key, pair in pairs.items()}
    shown = [item for item in found if changes[item.key] is not None]
    if not shown:
        return []
    keys = [item.key for item in shown]
    before = {key: block for key in keys if (block := pairs[key][0]) is not None}
    after = {key: pairs[key][1] for key in keys}
    series = [plots.Series(names[0], plots.middles(before)), plots.Series(names[1], plots.middles(after))]
    scale = after[keys[0]].scale
    figure = plots.medians(series, keys, scale.lo, scale.hi)
    known = [change for key in keys if (change := changes[key]) is not None]
    alt = plots.alt_rows(
        _(
            "One row for each of %(count)s measures: the median in two rounds, each on the line of its middle half.",
            count=len(keys),
        ),
        len(keys),
        len(found) - len(keys),
    )
    alt.append(
        _(
            "The median rose in %(up)s, stayed in %(same)s and fell in %(down)s.",
            up=sum(change > 0 for change in known),
            same=sum(change == 0 for change in known),
            down=sum(change < 0 for change in known),
        )
    )
    titles = cells.titles(ctx, list(shown))
    caption = _("Median and middle half in two rounds")
    return [plots.drawn("medians", caption, plots.named(figure, titles), alt)]


def stability(ctx: RequestContext, asked: ChartChoices) -> Chart:
    """How many of those who rated twice stayed, measure by measure."""
    rounds = frozen_rounds(ctx, asked, least=2)
    chosen = select(ctx, asked, rounds, ("list", "share", "median"))
    states = {"stable": _("stable"), "moving": _("still moving"), "not_assessed": _("stability not known")}
    within = ctx.definition.protocol.stability.within
    rows: list[list[Cell]] = []
    for item in chosen.found:
        found = chosen.block(item).stability
        numbers = found.numbers
        rows.append(
            [
                *cells.first(ctx, item),
                states[found.state],
                *_pair_cells(numbers),
                words.stability_sentence(found, translate(ctx), within),
                cells.withheld_words(ctx, found, numbers),
            ]
        )
    columns = [
        *cells.start(),
        ChartColumn(_("Stability"), False),
        ChartColumn(_("Rated both times")),
        ChartColumn(_("Unchanged")),
        ChartColumn(ngettext("Within %(num)s point", "Within %(num)s points", within)),
        ChartColumn(_("Shift of the median")),
        ChartColumn(_("Net change of band in percent")),
        ChartColumn(_("Reason"), False),
        ChartColumn(_("Not shown because"), False),
    ]
    note = _(
        "The rule calls a part of truly stable measures moving, because ratings of the same "
        "person vary by chance. What was rated once did not move: its stability is not "
        "known."
    )
    return Chart(_stayed(ctx, chosen), columns, rows, note, chosen.pages)


def _pair_cells(numbers: StabilityNumbers | None) -> list[Cell]:
    if numbers is None:
        return [None] * 5
    return [
        numbers.pairs,
        numbers.unchanged,
        numbers.within_one,
        numbers.median_shift,
        cells.percent(numbers.net_change),
    ]


def _stayed(ctx: RequestContext, chosen: Selection) -> list[plots.Drawn]:
    found = {item.key: chosen.block(item).stability.numbers for item in chosen.found}
    moved = {
        key: (one.unchanged, one.within_one, one.pairs)
        for key, one in found.items()
        if one is not None and one.unchanged is not None and one.within_one is not None
    }
    drawn = list(moved)
    if not drawn:
        return []
    within = ctx.definition.protocol.stability.within
    near = ngettext("up to %(num)s point away", "up to %(num)s points away", within)
    one, two, three = (_("same point"), near, _("further away"))
    figure = plots.parts(
        {
            one: {key: same for key, (same, _near, _all) in moved.items()},
            two: {key: near - same for key, (same, near, _all) in moved.items()},
            three: {key: people - near for key, (_same, near, people) in moved.items()},
        },
        drawn,
    )
    stable = sum(chosen.block(item).stability.state == "stable" for item in chosen.found)
    alt = plots.alt_rows(
        _(
            "One bar for each of %(count)s measures: people who rated it in two rounds, by how far they moved.",
            count=len(drawn),
        ),
        len(drawn),
        len(found) - len(drawn),
    )
    alt.append(_("Stable by the rule: %(stable)s of %(all)s.", stable=stable, all=len(found)))
    titles = {key: words for key, words in cells.titles(ctx, chosen.found).items() if key in drawn}
    return [plots.drawn("stability", _("How far people moved between two rounds"), plots.named(figure, titles), alt)]


def verdict_cell(ctx: RequestContext, case: Case | VerdictResult | None) -> str | None:
    return said(ctx, words.VERDICTS, case.verdict) if case else None
