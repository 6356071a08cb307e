"""What is needed, and where experts differ: the measures by class, barrier and reason."""

from collections.abc import Iterator

from consult.briefing.context import BriefingContext, number, plain, reference
from consult.briefing.figures import plot_map
from consult.briefing.model import Block, Cell, Heading, Line, Listing, Paragraph, Run, Table
from consult.briefing.rated_measures import ORDER, RatedMeasure, RatedMeasures
from consult.statuses import Ending
from consult.words.wording import point

AGREED = ("act_now", "prepare_hard", "prepare_open")
"""Classes of measures that the panel agrees on by the criterion that decides."""
OPEN = (
    "divided",
    "prepare_open",
    "nearly_in",
    "nearly_out",
    "still_moving",
    "stability_unknown",
    "no_verdict",
    "not_judged",
)
"""Classes with something left open; they get as much room as what was agreed."""
NOT_FIRST = ("leaning_in", "uncertain", "leaning_out", "low_priority", Ending.DROPPED)
"""Classes that the panel neither agreed on nor left in the balance."""


def priorities_table(ctx: BriefingContext, standings: RatedMeasures) -> Table | None:
    """The measures picked first, ties printed; without picks those agreed, by share."""
    _ = ctx.t.gettext
    rows = _picked(ctx, standings)
    if rows is None:
        found = standings.by_class(*AGREED)[:5]
        rows = [(f"{place}.", Cell("–"), item) for place, item in enumerate(found, start=1)]
    if not rows:
        return None
    criteria = [item for item in (standings.deciding, standings.sorting) if item is not None]
    header = (
        _("Measure"),
        _("picked by"),
        *(ctx.read(item.label) + ": " + _("median") for item in criteria),
        _("agreement"),
        _("status"),
        _("what would change this"),
        _("source"),
    )
    return Table(
        _("The measures the panel puts first"),
        header,
        tuple(
            (
                Cell(f"{rank} {item.key} {item.title}"),
                picked,
                *(number(point(standings.block(item, one).median, ctx.t)) for one in criteria),
                number(standings.high(item, standings.deciding)),
                Cell(item.status),
                Cell(standings.certainty_on(item, standings.deciding, is_picked=True)),
                _source(standings, item),
            )
            for rank, picked, item in rows
        ),
        _("“=” marks ties. Agreement: how many of those who rated put it into the highest band."),
    )


def _picked(ctx: BriefingContext, standings: RatedMeasures) -> list[tuple[str, Cell, RatedMeasure]] | None:
    """Rank, picks and measure, down to the rank everyone could pick; None if nobody was asked."""
    _, rule = ctx.t.gettext, ctx.definition.protocol.priorities
    asked = (one for one in reversed(ctx.rounds) if one.released.priorities)
    last = next(asked, None)
    if last is None or rule is None:
        return None
    known = {item.key: item for item in standings.all}
    pickers = last.released.participation.submitted or 0
    about = f"{ctx.read(last.title)}: " + _("priorities")
    rows = []
    for entry in last.released.priorities or ():
        if entry.rank > rule.pick or entry.key not in known or not entry.picks:
            continue
        item = known[entry.key]
        source = ctx.cite(f"{last.key} picks {item.key} n={pickers}", f"{about}, {item.title}")
        rank = f"{entry.rank}=" if entry.tied else f"{entry.rank}."
        picked = _("%(picks)d of %(of)d") % {"picks": entry.picks, "of": pickers}
        rows.append((rank, Cell(picked, source, is_number=True), item))
    return rows


def _source(standings: RatedMeasures, item: RatedMeasure) -> Cell:
    key = standings.source(item, standings.deciding)
    return reference(key)


def measures_blocks(ctx: BriefingContext, standings: RatedMeasures) -> Iterator[Block]:
    """The map, all measures by theme, and which measure goes against which barrier."""
    _ = ctx.t.gettext
    if standings.sorting is not None:
        yield from _map(ctx, standings)
    lines = tuple(agreed_lines(ctx, standings))
    if lines:
        yield Heading(_("What was agreed"))
        yield Listing(lines)
    yield _by_theme(ctx, standings)
    if standings.barriers:
        yield _by_barrier(ctx, standings)


def _map(ctx: BriefingContext, standings: RatedMeasures) -> Iterator[Block]:
    _, sorting = ctx.t.gettext, standings.sorting
    assert sorting is not None
    places, hidden = [], []
    for item in standings.all:
        up = standings.block(item, standings.deciding).median
        across = standings.block(item, sorting).median
        if up is None or across is None:
            hidden.append(item.key)
            continue
        cells = (
            Cell(f"{item.key} {item.title}"),
            number(point(up, ctx.t)),
            number(point(across, ctx.t)),
            Cell(item.status),
            _source(standings, item),
        )
        places.append((item.key, float(across), float(up), cells))
    if not places:
        return
    scale = standings.scale(standings.deciding)
    labels = [ctx.read(item.label) for item in (standings.deciding, sorting)]
    header = (_("Measure"), *(f"{label}: {_('median')}" for label in labels), _("status"), _("source"))
    title = _("%(up)s and %(across)s of the measures") % {"up": labels[0], "across": labels[1]}
    yield plot_map(ctx, title, (labels[1], labels[0]), places, header, (scale.min, scale.max))
    if hidden:
        yield Paragraph(
            plain(_("Not on the map, because too few rated them: %(keys)s.") % {"keys": ", ".join(hidden)}), "note"
        )


def _by_theme(ctx: BriefingContext, standings: RatedMeasures) -> Table:
    _ = ctx.t.gettext
    criteria = standings.content.criteria
    rows = []
    for theme in standings.content.themes:
        inside = [item for item in standings.all if item.theme == theme.key]
        for item in sorted(inside, key=lambda one: (ORDER.index(one.kind), one.key)):
            ratings = [
                cell
                for one in criteria
                for cell in (number(standings.high(item, one)), Cell(standings.outcome(item, one)))
            ]
            rows.append(
                (
                    Cell(f"{item.key} {item.title}"),
                    Cell(ctx.read(theme.title)),
                    *ratings,
                    Cell(item.status),
                    Cell(standings.certainty(item)),
                    _source(standings, item),
                )
            )
    header = [_("Measure"), _("Theme")]
    for one in criteria:
        bands = standings.bands(one)
        top = list(bands.values())[-1] if bands else ""
        header += [f"{ctx.read(one.label)}: {top}", _("outcome")]
    return Table(
        _("All measures by theme"),
        (*header, _("status"), _("what would change this"), _("source")),
        tuple(rows),
        _("Not prioritised means that the panel did not put a measure first, not that it was refused."),
        is_compact=True,
    )


def _by_barrier(ctx: BriefingContext, standings: RatedMeasures) -> Table:
    """Barrier, measure, example, addressee."""
    _ = ctx.t.gettext
    actors = {option.key: ctx.read(option.label) for option in standings.actors}
    rows = []
    told: set[str] = set()
    for barrier in standings.barriers:
        for item in standings.aimed_at("barriers", barrier.key):
            named = "; ".join(actors.get(key, key) for key in item.content.get("actors") or ())
            example = _("as above") if item.key in told else standings.example(item)
            told.add(item.key)
            rows.append(
                (
                    Cell(f"{barrier.key} {ctx.read(barrier.label)}"),
                    Cell(f"{item.key} {item.title} ({item.status})"),
                    Cell(example),
                    Cell(named or "–"),
                    _source(standings, item),
                )
            )
    header = (_("Barrier"), _("Measure"), _("Existing example"), _("Addressee"), _("source"))
    return Table(
        _("From barrier to measure, example and addressee"), header, tuple(rows), is_compact=True, is_detail=True
    )


def agreed_lines(ctx: BriefingContext, standings: RatedMeasures) -> Iterator[Line]:
    """Each agreed measure: what it needs, who rated it high, and why some rated it low."""
    _ = ctx.t.gettext
    for item in standings.by_class(*AGREED):
        one = standings.deciding
        needs = f" ({standings.instrument(item)})" if item.content.get("instrument") else ""
        runs = [
            Run(f"{item.key} {item.title}{needs}: "),
            Run(f"{standings.grounds(item, one)}; {standings.certainty(item)}.", standings.source(item, one)),
        ]
        low = standings.reasons(item, "low")
        if low:
            runs.append(Run(" " + _("A reason for a low rating: “%(reason)s”") % {"reason": low[0]}))
        yield tuple(runs)
