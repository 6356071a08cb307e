"""A briefing for paper: what is looked up goes to the annex, and the main part stays short."""

from collections.abc import Sequence
from dataclasses import replace

from consult.briefing.model import Block, Briefing, Figure, Heading, Paragraph, Run, Section, Table
from consult.briefing.numbering import ANNEX
from consult.words.catalogues import catalogue
from consult.words.phrases import Translate

BEHIND = ("examples",)
"""Sections that are looked up as a whole: on paper they stand behind the main part."""


def folded(briefing: Briefing) -> Briefing:
    """The same briefing, the tables of figures and those of detail at the end of the annex.

    Every table keeps its label; the place it left names it.
    """
    translate = catalogue(briefing.language)
    away: list[Table] = []
    kept = [_without_details(section, away, translate) for section in briefing.sections]
    main = [one for one in kept if one.key not in (*BEHIND, ANNEX)]
    behind = [one for one in kept if one.key in BEHIND]
    annex = [_with_details(one, away, translate) for one in kept if one.key == ANNEX]
    return replace(briefing, sections=(*main, *behind, *annex))


def details(briefing: Briefing) -> tuple[Table, ...]:
    """The tables that `folded` takes away, in their order."""
    away: list[Table] = []
    for section in briefing.sections:
        _without_details(section, away, catalogue(briefing.language))
    return tuple(away)


def _without_details(section: Section, away: list[Table], translate: Translate) -> Section:
    if section.key == ANNEX or all(isinstance(block, Table) for block in section.blocks):
        return section
    blocks: list[Block] = []
    gone: list[str] = []
    for block in section.blocks:
        if isinstance(block, Table) and block.is_detail:
            away.append(block)
            gone.append(block.label)
            continue
        if isinstance(block, Figure):
            away.append(block.table)
        blocks.append(block)
    has_figures = any(isinstance(block, Figure) for block in section.blocks)
    note = _note(gone, has_figures, translate)
    if note:
        blocks.append(Paragraph((Run(note),), "note"))
    return replace(section, blocks=tuple(blocks))


def _note(gone: Sequence[str], has_figures: bool, translate: Translate) -> str:
    _ = translate.gettext
    if not gone:
        return _("The numbers of the figures are in the annex.") if has_figures else ""
    named = _("Also in the annex: %(tables)s.") if has_figures else _("In the annex: %(tables)s.")
    words = named % {"tables": ", ".join(gone)}
    return _("The numbers of the figures are in the annex.") + " " + words if has_figures else words


def _with_details(section: Section, away: Sequence[Table], translate: Translate) -> Section:
    if not away:
        return section
    title = Heading(translate.gettext("Tables to the figures and topics"))
    dense = (replace(table, is_compact=True) for table in away)
    return replace(section, blocks=(*section.blocks, title, *dense))
