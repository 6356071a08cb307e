"""The two pages in front, and how the paper came about."""

from collections.abc import Iterator, Sequence

from consult.briefing.given import Desk, number, plain, reference
from consult.briefing.measures import DIVIDED, priorities_table
from consult.briefing.model import Block, Cell, Heading, Line, Listing, Paragraph, Plate, Run, Table
from consult.briefing.standings import Standings


def summary_blocks(
    desk: Desk, standings: Standings | None, plates: Sequence[Plate]
) -> Iterator[Block]:
    """Key messages, the priorities, what is open, and what this paper cannot say."""
    _ = desk.t.gettext
    yield Paragraph((Run(panel_words(desk), _panel_source(desk)),), "lead")
    messages = list(_messages(desk, standings, plates))
    if messages:
        yield Heading(_("Key messages"))
        yield Listing(tuple(messages))
    if standings is not None and standings.all:
        table = priorities_table(desk, standings)
        if table is not None:
            yield table
        yield Heading(_("What is not settled"))
        yield Listing(tuple(_open_items(desk, standings)))
    yield Heading(_("How to read the numbers"))
    yield Paragraph(plain(_no_countries(desk)))


def panel_words(desk: Desk) -> str:
    """Who speaks here: a panel of invited experts, never a sector."""
    return desk.t.ngettext(
        "This paper reports what a panel of %(count)d invited expert answered.",
        "This paper reports what a panel of %(count)d invited experts answered.",
        desk.panel_size,
    ) % {"count": desk.panel_size}  # fmt: skip


def _panel_source(desk: Desk) -> str:
    return desk.cite("participation", desk.t.gettext("Participation by stage, as frozen"))


def _messages(desk: Desk, standings: Standings | None, plates: Sequence[Plate]) -> Iterator[Line]:
    _, ngettext = desk.t.gettext, desk.t.ngettext
    if standings is not None and standings.all:
        agreed = standings.by_class("act_now", "prepare_hard", "prepare_disputed")
        key = desk.cite("verdicts", _("Verdicts of the last round in which each measure was rated"))
        total = len(standings.all)
        yield (Run(ngettext(
            "Of %(total)d rated measure the panel agrees on %(agreed)d as important.",
            "Of %(total)d rated measures the panel agrees on %(agreed)d as important.", total,
        ) % {"total": total, "agreed": len(agreed)}, key),)  # fmt: skip
        for item in agreed[:1]:
            yield (Run(_(
                "Widest agreement: %(measure)s; %(count)s rated it in the highest band."
            ) % {"measure": f"{item.key} {item.title}",
                 "count": standings.high(item, standings.deciding)},
                standings.source(item, standings.deciding)),)  # fmt: skip
    for plate in [item for item in plates if item.form in ("diverging", "dots")][:3]:
        source = next((cell.source for row in plate.table.rows for cell in row if cell.source), "")
        yield (Run(plate.message, source),)


def _open_items(desk: Desk, standings: Standings) -> Iterator[Line]:
    """One line per class: what is contested or could not be judged, with the people behind it."""
    _ = desk.t.gettext
    for kind in DIVIDED:
        found = standings.by_class(kind)
        if found:
            runs = [Run(f"{standings.status(found[0]).capitalize()}: ")]
            for place, item in enumerate(found):
                end = "; " if place < len(found) - 1 else "."
                runs += [
                    Run(f"{item.key} {item.title}, {standings.split(item)}",
                        standings.source(item, standings.at_issue(item))),
                    Run(end),
                ]  # fmt: skip
            yield tuple(runs)
    low = standings.by_class("low_priority", "middling")
    if low:
        names = "; ".join(f"{item.key} {item.title}" for item in low)
        yield plain(_("Not prioritised, or in the middle: %(measures)s.") % {"measures": names})


def _no_countries(desk: Desk) -> str:
    _ = desk.t.gettext
    groups = desk.definition.panel.reporting_groups
    words = _(
        "Numbers are people, not shares: below 20 answers a share would claim more than so few "
        "can show. There are no results by country, because with two or three experts from each "
        "a figure would speak of persons, and no panel of this size stands for a country."
    )
    if groups is not None:
        named = ", ".join(desk.read(group.label) for group in groups.groups)
        words += " " + _("Results are split by these groups only: %(groups)s.") % {"groups": named}
    return words


def background_blocks(desk: Desk) -> Iterator[Block]:
    """Why and how: purpose, design, and who answered at each stage."""
    _ = desk.t.gettext
    yield Paragraph(plain(_("What the experts were told:")), "note")
    yield Paragraph(plain(desk.read(desk.definition.purpose)), "box")
    yield Paragraph(plain(_("Design: %(design)s.") % {"design": design(desk)}))
    yield Paragraph((Run(panel_words(desk), _panel_source(desk)),), "box")
    yield from response_table(desk)


def design(desk: Desk) -> str:
    """The design by its name, from the order of the stages."""
    _ = desk.t.gettext
    kinds = [stage.kind for stage in desk.given.stages]
    if "round" not in kinds:
        return _("questionnaires without rating rounds")
    if "event" not in kinds:
        return _("modified Delphi: the measures were given, not gathered in a first open round")
    if kinds.index("event") < kinds.index("round"):
        return _("modified Delphi with discussion before rating")
    return _("modified Delphi with a discussion between the rounds")


def response_table(desk: Desk) -> Iterator[Table]:
    """Window and response of every stage with answers; nothing before the first."""
    _ = desk.t.gettext
    names = ("invited", "consented", "started", "submitted")
    rows = []
    for stage in desk.given.stages:
        if stage.kind == "event" or stage.participation is None:
            continue
        source = desk.cite(f"participation {stage.key}", desk.read(stage.title))
        counts = [number(str(stage.participation[name])) for name in names]
        rows.append((Cell(desk.read(stage.title)), Cell(stage.opens), Cell(stage.closes), *counts,
                     reference(source)))  # fmt: skip
    header = (_("Stage"), _("opens"), _("closes"), _("invited"), _("agreed to take part"),
              _("started"), _("submitted"), _("source"))  # fmt: skip
    if rows:
        yield Table(_("Response by stage"), header, tuple(rows))
