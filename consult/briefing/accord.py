"""The ACCORD checklist (Gattrell and others, 2024), filled from the data as far as they go.

What only a person can write stays open, and is shown open. The lines are asked in our own words.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from consult.briefing.accord_answers import Answers
from consult.briefing.context import BriefingContext
from consult.briefing.model import Block, Cell, Heading, Line, Paragraph, Run, Table
from consult.briefing.rated_measures import RatedMeasures
from consult.words.phrases import N_, said


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the checklist. `by`: data, both (data and a person) or person."""

    key: str
    words: str
    by: str


LINES = (
    ChecklistItem("T1", N_("Title names a consensus exercise and its method"), "both"),
    ChecklistItem("I1", N_("Why a consensus exercise and not another way"), "person"),
    ChecklistItem("I2", N_("Aim, audience and geographical scope"), "both"),
    ChecklistItem("I3", N_("If this is an update: of what, and why"), "person"),
    ChecklistItem("M1", N_("Registration: where, or that there was none"), "data"),
    ChecklistItem("M2", N_("Role and expertise of those who direct"), "both"),
    ChecklistItem("M3", N_("Inclusion criteria, reason for the size of the panel, who chose"), "both"),
    ChecklistItem("M4", N_("How panellists were invited"), "both"),
    ChecklistItem("M5", N_("Part of the public or of lay people"), "both"),
    ChecklistItem("M6", N_("How information was gathered before the items were made"), "both"),
    ChecklistItem("M7", N_("Search of the literature in detail"), "person"),
    ChecklistItem("M8", N_("How evidence was summed up and whether panellists were given it"), "both"),
    ChecklistItem("M9", N_("Method and steps of the consensus process"), "data"),
    ChecklistItem("M10", N_("How items were shown, response options, room for reasons"), "data"),
    ChecklistItem("M11", N_("Aim of each step"), "both"),
    ChecklistItem("M12", N_("Definition of consensus, and its reason"), "both"),
    ChecklistItem("M13", N_("Whether agreed items went on to later rounds"), "data"),
    ChecklistItem("M14", N_("How answers were collected, alone or in a group"), "data"),
    ChecklistItem("M15", N_("How answers were processed"), "both"),
    ChecklistItem("M16", N_("Piloting"), "person"),
    ChecklistItem("M17", N_("How feedback was given after each step"), "data"),
    ChecklistItem("M18", N_("Anonymity: towards whom, and by what means"), "data"),
    ChecklistItem("M19", N_("Whether those who direct took part in decisions"), "both"),
    ChecklistItem("M20", N_("Incentives"), "person"),
    ChecklistItem("M21", N_("Adaptations for accessibility"), "both"),
    ChecklistItem("R1", N_("Dates and length of each step, delays"), "data"),
    ChecklistItem("R2", N_("Departures from the protocol, and why"), "data"),
    ChecklistItem("R3", N_("For each step: numbers, response, who they were"), "both"),
    ChecklistItem("R4", N_("Outcome, in numbers and in words"), "both"),
    ChecklistItem("R5", N_("Items changed or dropped: what, when, why"), "data"),
    ChecklistItem("D1", N_("Strengths and limits"), "both"),
    ChecklistItem("D2", N_("Fit with earlier literature"), "person"),
    ChecklistItem("O1", N_("Bodies that endorse this, and their part"), "person"),
    ChecklistItem("O2", N_("Conflicts of interest and how they were handled"), "person"),
    ChecklistItem("O3", N_("Funding, and the part of the funder"), "both"),
)

OPEN = N_("open: to be written by the authors")
STATES = {"data": N_("from the data"), "both": N_("in part"), "person": N_("still open")}


def accord_blocks(
    ctx: BriefingContext, standings: RatedMeasures | None, written: Mapping[str, Line] | None = None
) -> tuple[Block, ...]:
    """Heading, how many lines are filled, and the table of all 35.

    `written`: what the editor has written to a line, by its key; it stands after the data.
    """
    _ = ctx.t.gettext
    answers, rows = Answers(ctx, standings), []
    for line in LINES:
        found = answers.of(line.key) if line.by != "person" else ""
        state = line.by if found else "person"
        own = (written or {}).get(line.key, ())
        source = next((run.source for run in own if run.source), "") or answers.source(line.key)
        filled = " ".join(part for part in (found, "".join(run.text for run in own)) if part)
        if not own and state == "both":
            filled += " " + _("The rest is open.")
        words = _("by the authors") if own else said(STATES, state, ctx.t)
        shown = Cell(filled, source) if filled else Cell(_(OPEN).capitalize() + ".")
        rows.append((Cell(f"{line.key} {_(line.words)}"), Cell(words), shown))
    return (
        Heading(_("ACCORD checklist")),
        Paragraph((Run(_tally(ctx, rows)),), "note"),
        Table(
            _("What the ACCORD guideline asks of a report"),
            (_("Line"), _("State"), _("Answer")),
            tuple(rows),
            _(
                "Each line is asked in our own words; compare with the published checklist "
                "(Gattrell and others, 2024) before submitting."
            ),
            is_compact=True,
        ),
    )


def _tally(ctx: BriefingContext, rows: list[tuple[Cell, Cell, Cell]]) -> str:
    _ = ctx.t.gettext
    states = [state.text for _key, state, _answer in rows]
    return _(
        "Of %(lines)d lines %(data)d are filled from the data, %(both)d in part, %(own)d by the "
        "authors; %(open)d are open."
    ) % {
        "lines": len(rows),
        "data": states.count(said(STATES, "data", ctx.t)),
        "both": states.count(said(STATES, "both", ctx.t)),
        "own": states.count(_("by the authors")),
        "open": states.count(said(STATES, "person", ctx.t)),
    }
