"""What was left open, or could not be judged: figures of both sides, and the reasons given."""

from collections.abc import Iterator

from consult.briefing.context import BriefingContext, number, plain, reference
from consult.briefing.measures import AGREED, OPEN
from consult.briefing.model import Block, Cell, Heading, Paragraph, Quotes, Run, Table
from consult.briefing.rated_measures import RatedMeasure, RatedMeasures
from consult.definition.question import Matrix
from consult.released_texts import Side
from consult.words.missing import missing_sentence
from consult.words.readings import sides_sentence
from consult.words.without import stability_of
from consult.words.wording import point, verdict_sentence


def differing_blocks(ctx: BriefingContext, standings: RatedMeasures) -> Iterator[Block]:
    """Measures with something open, each with its figures and the reasons given."""
    _ = ctx.t.gettext
    found = standings.by_class(*OPEN)
    if not found:
        yield Paragraph(plain(_("Nothing was left open: every measure has an agreed result.")))
        return
    yield _open_table(ctx, standings, found)
    for item in found:
        yield Heading(f"{item.key} {item.title}")
        yield Paragraph(_why(standings, item))
        sides: tuple[tuple[Side, str], ...] = (
            ("high", _("Reasons given for a high rating")),
            ("low", _("Reasons given for a low rating")),
            ("other", _("Reasons, their side not named")),
        )
        for side, title in sides:
            said = list(dict.fromkeys(standings.reasons(item, side)))
            if said:
                yield Quotes(title, tuple(said[:3]))


def _open_table(ctx: BriefingContext, standings: RatedMeasures, found: list[RatedMeasure]) -> Table:
    _ = ctx.t.gettext
    groups = {item.key: _groups(ctx, standings, item) for item in found}
    has_groups = any(groups.values())
    rows = []
    for item in found:
        one = standings.at_issue(item)
        cells = [
            Cell(f"{item.key} {item.title}"),
            Cell(item.status),
            Cell(ctx.read(one.label)),
            number(standings.in_band(item, one, 0)),
            number(standings.in_band(item, one, -1)),
            number(point(standings.block(item, one).median, ctx.t)),
        ]
        cells += [Cell(groups[item.key] or "–")] if has_groups else []
        rows.append((*cells, reference(standings.source(item, one))))
    header = (
        _("Measure"),
        _("status"),
        _("criterion"),
        _("rated low"),
        _("rated high"),
        _("median"),
        *([_("by group")] if has_groups else []),
        _("source"),
    )
    return Table(
        _("What was left open, or the panel could not judge"),
        header,
        tuple(rows),
        "; ".join(_bands_note(ctx, standings)),
    )


def _bands_note(ctx: BriefingContext, standings: RatedMeasures) -> Iterator[str]:
    _ = ctx.t.gettext
    for one in standings.content.criteria:
        bands = list(standings.bands(one).values())
        if bands:
            yield _("%(criterion)s: low is %(low)s, high is %(high)s") % {
                "criterion": ctx.read(one.label),
                "low": bands[0],
                "high": bands[-1],
            }


def _groups(ctx: BriefingContext, standings: RatedMeasures, item: RatedMeasure) -> str:
    """Medians or counts by reporting group, where every cell is large enough; else why not."""
    groups = ctx.definition.panel.reporting_groups
    criterion = standings.at_issue(item)
    variable = f"{item.key}.{criterion.key}"
    shown = item.stage.released.groups
    bands = standings.scale(criterion).bands
    parts = []
    for group in groups.groups if groups else ():
        block = shown.get(group.key, {}).get(variable)
        if block is None:
            continue
        if block.shares and bands:
            top = block.shares[bands[-1].key]
            words = f"{top.count} / {top.n}"
        elif block.median is not None:
            words = f"{ctx.t.gettext('median')} {point(block.median, ctx.t)}, n = {block.n}"
        else:
            words = missing_sentence(block, ctx.t)
        parts.append(f"{ctx.read(group.label)}: {words.rstrip('.')}")
    return "; ".join(parts)


def _why(standings: RatedMeasures, item: RatedMeasure) -> tuple[Run, ...]:
    """The verdict and the stability, each in a sentence."""
    one, t = standings.at_issue(item), standings.ctx.t
    block = standings.block(item, one)
    verdict = block.verdict
    why = verdict_sentence(verdict.code, verdict.numbers, t, standings.bands(one))
    opening = f"{item.text} {standings.ctx.read(one.label)}: "
    rules = standings.ctx.definition.rules
    stable = stability_of(block, t, rules.stability.within)
    runs = [Run(opening), Run(why, standings.source(item, one)), Run(" " + stable)]
    sides = sides_sentence(block, rules.dissent, standings.bands(one), t)
    runs += [Run(" " + sides)] if sides else []
    if verdict.with_no_opinions.flips:
        words = t.gettext("With those who had no opinion counted in, the verdict would be another.")
        runs.append(Run(" " + words))
    return tuple(runs)


def barrier_quotes(ctx: BriefingContext, standings: RatedMeasures, questions: set[str]) -> Iterator[Block]:
    """Where the barriers themselves were rated: what experts say of measures against them."""
    keys = {option.key for option in standings.barriers}
    lists = [
        name for name, options in ctx.definition.lists.items() if keys and keys <= {option.key for option in options}
    ]
    asked = (ctx.definition.questions[key] for key in questions)
    if not any(isinstance(one, Matrix) and one.rows.list_ in lists for one in asked):
        return
    said = []
    for item in standings.by_class(*AGREED, *OPEN):
        reasons = [one for side in ("high", "other") for one in standings.reasons(item, side)]
        if reasons and item.content.get("barriers"):
            against = ", ".join(item.content["barriers"])
            said.append(f"{item.key} ({against}): {reasons[0]}")
    if said:
        title = ctx.t.gettext("Experts on measures against these barriers")
        yield Quotes(title, tuple(said[:4]))
