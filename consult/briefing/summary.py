"""The two pages in front, and how the paper came about."""

from collections.abc import Iterator, Sequence

from consult.briefing.context import BriefingContext, number, plain, reference
from consult.briefing.measures import AGREED, NOT_FIRST, OPEN, priorities_table
from consult.briefing.model import Block, Cell, Figure, Heading, Line, Listing, Paragraph, Run, Table
from consult.briefing.rated_measures import RatedMeasure, RatedMeasures
from consult.words.without import saved_sentence


def summary_blocks(ctx: BriefingContext, standings: RatedMeasures | None, figures: Sequence[Figure]) -> Iterator[Block]:
    """Key messages, the priorities, what is open, and what this paper cannot say."""
    _ = ctx.t.gettext
    yield Paragraph((Run(panel_words(ctx), _panel_source(ctx)),), "lead")
    messages = list(_messages(ctx, standings, figures))
    if messages:
        yield Heading(_("Key messages"))
        yield Listing(tuple(messages))
    if standings is not None and standings.all:
        table = priorities_table(ctx, standings)
        if table is not None:
            yield table
        yield Heading(_("What is not settled"))
        yield Listing(tuple(_open_items(ctx, standings)))
    yield Heading(_("How to read the numbers"))
    yield Paragraph(plain(_no_countries(ctx)))


def panel_words(ctx: BriefingContext) -> str:
    """Who speaks here: a panel of invited experts, never a sector; and how many answered."""
    words = ctx.t.ngettext(
        "This paper reports answers from a panel of %(count)d invited expert.",
        "This paper reports answers from a panel of %(count)d invited experts.",
        ctx.panel_size,
    ) % {"count": ctx.panel_size}
    taken = [
        stage.participation.submitted or 0
        for stage in ctx.given.stages
        if stage.participation is not None and stage.kind != "event"
    ]
    if not taken:
        return words
    if min(taken) == max(taken):
        return words + " " + ctx.t.gettext("Each stage was answered by %(most)d.") % {"most": max(taken)}
    return (
        words
        + " "
        + ctx.t.gettext("Each stage was answered by %(least)d to %(most)d.") % {"least": min(taken), "most": max(taken)}
    )


def _panel_source(ctx: BriefingContext) -> str:
    return ctx.cite("participation", ctx.t.gettext("Participation by stage, as frozen"))


def _messages(ctx: BriefingContext, standings: RatedMeasures | None, figures: Sequence[Figure]) -> Iterator[Line]:
    if standings is not None and standings.all:
        yield _agreed_message(ctx, standings)
        yield from _widest_message(ctx, standings)
    told = [item for item in figures if item.form in ("diverging", "dots") and item.message]
    for figure in told[:3]:
        source = next((cell.source for row in figure.table.rows for cell in row if cell.source), "")
        yield (Run(figure.message, source),)


def _agreed_message(ctx: BriefingContext, standings: RatedMeasures) -> Line:
    """On how many measures the panel agreed, and on how many of these by the other criterion."""
    _, ngettext = ctx.t.gettext, ctx.t.ngettext
    key = ctx.cite("verdicts", _("Verdicts of the last round in which each measure was rated"))
    agreed, both = standings.by_class(*AGREED), standings.by_class("act_now")
    facts = {
        "total": len(standings.all),
        "agreed": len(agreed),
        "both": len(both),
        "criterion": ctx.read(standings.deciding.label),
    }
    if standings.sorting is None or not agreed:
        words = ngettext(
            "The panel agreed on “%(criterion)s” for %(agreed)d of %(total)d rated measure.",
            "The panel agreed on “%(criterion)s” for %(agreed)d of %(total)d rated measures.",
            len(standings.all),
        )
    else:
        facts["other"] = ctx.read(standings.sorting.label)
        words = ngettext(
            "The panel agreed on “%(criterion)s” for %(agreed)d of %(total)d rated measure; for "
            "%(both)d of these also on “%(other)s”.",
            "The panel agreed on “%(criterion)s” for %(agreed)d of %(total)d rated measures; for "
            "%(both)d of these also on “%(other)s”.",
            len(standings.all),
        )
    return (Run(words % facts, key),)


def _widest_message(ctx: BriefingContext, standings: RatedMeasures) -> Iterator[Line]:
    """Which agreed measures most people rated in the highest band; all that tie, none alone."""
    one, found = standings.deciding, standings.by_class(*AGREED)
    bands = standings.bands(one)
    best = max((standings.share(item) for item in found), default=0.0)
    widest = [item for item in found if best > 0 and standings.share(item) == best]
    if not widest or not bands:
        return
    facts = {"criterion": ctx.read(one.label), "band": list(bands.values())[-1], "count": len(widest)}
    if best == 1:
        words = ctx.t.ngettext(
            "Everyone who rated it put %(count)d measure at %(band)s (%(criterion)s): ",
            "Everyone who rated them put %(count)d measures at %(band)s (%(criterion)s): ",
            len(widest),
        )
    else:
        words = ctx.t.gettext("Widest agreement (%(criterion)s, rated %(band)s): ")
    runs = [Run(words % facts)]
    for place, item in enumerate(widest, start=1):
        runs.append(Run(f"{item.key} {item.title}, {standings.high(item, one)}", standings.source(item, one)))
        runs.append(Run("; " if place < len(widest) else "."))
    yield tuple(runs)


def _open_items(ctx: BriefingContext, standings: RatedMeasures) -> Iterator[Line]:
    """One line per class: what is open or could not be judged, with the people behind it."""
    _ = ctx.t.gettext
    for kind in OPEN:
        found = standings.by_class(kind)
        if found:
            name = standings.classes.status_name(kind)
            runs = [Run(f"{name[0].upper()}{name[1:]}: ")]
            for place, item in enumerate(found):
                end = "; " if place < len(found) - 1 else "."
                runs += [
                    Run(
                        f"{item.key} {item.title}, {_found(standings, item)}",
                        standings.source(item, standings.at_issue(item)),
                    ),
                    Run(end),
                ]
            yield tuple(runs)
    for kind in NOT_FIRST:
        found = standings.by_class(kind)
        if found:
            name = standings.classes.status_name(kind)
            names = "; ".join(f"{item.key} {item.title}" for item in found)
            yield plain(f"{name[0].upper()}{name[1:]}: {names}.")


def _found(standings: RatedMeasures, item: RatedMeasure) -> str:
    """The people behind what is open; of an open criterion also what it says."""
    one = standings.at_issue(item)
    if one is standings.deciding:
        return standings.split(item)
    return f"{standings.split(item)} ({standings.outcome(item, one)})"


def _no_countries(ctx: BriefingContext) -> str:
    _ = ctx.t.gettext
    groups = ctx.definition.panel.reporting_groups
    words = _(
        "Numbers are people, not shares: below 20 answers a share would claim more than so few "
        "can show. There are no results by country, because with two or three experts from each "
        "a figure would speak of persons, and no panel of this size stands for a country."
    )
    if groups is not None:
        named = ", ".join(ctx.read(group.label) for group in groups.groups)
        words += " " + _("Results are split by these groups only: %(groups)s.") % {"groups": named}
    return words


def background_blocks(ctx: BriefingContext) -> Iterator[Block]:
    """Why and how: purpose, design, and who answered at each stage."""
    _ = ctx.t.gettext
    yield Paragraph(plain(_("What the experts were told:")), "note")
    yield Paragraph(plain(ctx.read(ctx.definition.purpose)), "box")
    yield Paragraph(plain(_("Design: %(design)s.") % {"design": design(ctx)}))
    yield Paragraph((Run(panel_words(ctx), _panel_source(ctx)),), "box")
    yield from response_table(ctx)


def design(ctx: BriefingContext) -> str:
    """The design by its name, from the order of the stages."""
    _ = ctx.t.gettext
    kinds = [stage.kind for stage in ctx.given.stages]
    if "round" not in kinds:
        return _("questionnaires without rating rounds")
    if "event" not in kinds:
        return _("Delphi rounds on a list of measures fixed when the first round opened")
    if kinds.index("event") < kinds.index("round"):
        return _("modified Delphi with discussion before rating")
    return _("modified Delphi with a discussion between the rounds")


def response_table(ctx: BriefingContext) -> Iterator[Table]:
    """Window and response of every stage with answers; nothing before the first."""
    _ = ctx.t.gettext
    rows = []
    for stage in ctx.given.stages:
        if stage.kind == "event" or stage.participation is None:
            continue
        source = ctx.cite(f"participation {stage.key}", ctx.read(stage.title))
        taken = stage.participation
        steps = (taken.invited, taken.consented, taken.started, taken.submitted)
        counts = [number(str(people)) for people in steps]
        rows.append((Cell(ctx.read(stage.title)), Cell(stage.opens), Cell(stage.closes), *counts, reference(source)))
    header = (
        _("Stage"),
        _("opens"),
        _("closes"),
        _("invited"),
        _("agreed to take part"),
        _("started"),
        _("submitted"),
        _("source"),
    )
    if rows:
        yield Table(_("Response by stage"), header, tuple(rows))


def saved_lines(ctx: BriefingContext) -> Iterator[Paragraph]:
    """Of whom the saved answers counted; nothing where everybody pressed Submit."""
    for stage in ctx.given.stages:
        if stage.participation is None:
            continue
        words = saved_sentence(ctx.read(stage.title), stage.participation, ctx.t)
        if words:
            source = ctx.cite(f"participation {stage.key}", ctx.read(stage.title))
            yield Paragraph((Run(words, source),), "note")
