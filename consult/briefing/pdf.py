"""A briefing as a PDF file: tagged, after PDF/UA-1, set by typst with the fonts inside it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from itertools import groupby

from consult.briefing import figure_images, lettering, setting, typst_json
from consult.briefing.columns import is_narrow, shares
from consult.briefing.folding import folded
from consult.briefing.model import (
    Block,
    Briefing,
    Cell,
    Figure,
    Heading,
    Line,
    Listing,
    Paragraph,
    Quotes,
    Section,
    Table,
    mapped,
)
from consult.briefing.numbering import ANNEX
from consult.errors import NotPossible
from consult.refusals.codes import Code, Refusal
from consult.refusals.file_facts import Failed, PlaceFailed
from consult.words.catalogues import catalogue

TEMPLATE = "briefing.typ"
FITTING = 1.2
"""Letters of the PDF's font on a line, for each that Word's usual font puts there."""


def write(briefing: Briefing, template: bytes | None = None) -> bytes:
    """The file. `template`: a typst document in place of the own one; it finds the briefing in
    `briefing.json` and the figures beside it, as `figure-1.svg`.

    Whatever letters a text has, it is set: what no font holds stands as a box with its code.
    Raises NotPossible with typst's words when the template does not compile, and with the place
    when a text of the briefing is at fault.
    """
    paper = lettering.settable(folded(briefing), briefing.language)
    try:
        return setting.pdf(_files(paper, template), briefing.dated)
    except setting.NotSet as error:
        if template is not None:
            raise NotPossible(Refusal(Code.TYPST_REFUSES, Failed(str(error)))) from error
        return _mended(paper, str(error))


def _mended(paper: Briefing, words: str) -> bytes:
    """The file, in plain letters what is not set as it is. Raises NotPossible."""
    sections = []
    for section in paper.sections:
        faulty = set(_faulty(paper, section, section.blocks))
        sections.append(
            replace(
                section,
                blocks=tuple(
                    mapped(block, lettering.plainest) if block in faulty else block for block in section.blocks
                ),
            )
        )
        for block in sections[-1].blocks:
            if list(_faulty(paper, section, [block])):
                place = f"{section.number} {section.title}, {lettering.named(block)}"
                raise NotPossible(Refusal(Code.TYPST_REFUSES_PLACE, PlaceFailed(words, place)))
    try:
        return setting.pdf(_files(replace(paper, sections=tuple(sections)), None), paper.dated)
    except setting.NotSet as error:
        raise NotPossible(Refusal(Code.TYPST_REFUSES_TITLES, Failed(str(error)))) from error


def _faulty(paper: Briefing, section: Section, blocks: Sequence[Block]) -> Iterator[Block]:
    """Those of these blocks that are not set, found by halves."""
    alone = replace(paper, sections=(replace(section, blocks=tuple(blocks)),))
    try:
        setting.pdf(_files(alone, None), paper.dated)
    except setting.NotSet:
        if len(blocks) == 1:
            yield from blocks
        else:
            middle = len(blocks) // 2
            yield from _faulty(paper, section, blocks[:middle]) if middle else ()
            yield from _faulty(paper, section, blocks[middle:]) if middle else ()


def _files(paper: Briefing, template: bytes | None) -> dict[str, bytes]:
    """What typst is given: the template, the briefing and its figures."""
    found = {
        "main": template if template is not None else own_template(),
        "briefing.json": json.dumps(_document(paper), ensure_ascii=False).encode(),
    }
    for section in paper.sections:
        for block in section.blocks:
            if isinstance(block, Figure):
                found[f"{block.key}.svg"] = figure_images.svg(block, paper.language)
    return found


def own_template() -> bytes:
    """The template that comes with the program."""
    return files("consult.briefing").joinpath("templates", "briefing", TEMPLATE).read_bytes()


def _document(briefing: Briefing) -> typst_json.Document:
    """The briefing as the template reads it."""
    _ = catalogue(briefing.language).gettext
    places = {entry.key: place for place, entry in enumerate(briefing.sources, start=1)}
    front = briefing.front
    return {
        "language": briefing.language,
        "fonts": setting.families(briefing.language),
        "title": front.title,
        "subtitle": front.subtitle,
        "organiser": front.organiser,
        "status": front.status,
        "disclaimer": front.disclaimer,
        "contact": f"{_('Contact:')} {front.contact}",
        "words": {
            "contents": _("Contents"),
            "sources": _("Where each number comes from"),
            "about": _(
                "A number in square brackets leads here. A key names the stage, the "
                "question or measure, and how many answered."
            ),
        },
        "sections": [_section(section, places) for section in briefing.sections],
        "sources": [{"key": entry.key, "text": entry.text} for entry in briefing.sources],
    }


def _section(section: Section, places: dict[str, int]) -> typst_json.Section:
    return {
        "key": section.key,
        "number": section.number,
        "title": section.title,
        "starts_page": section.key == ANNEX,
        "is_inner": "." in section.number,
        "blocks": list(_blocks(section.blocks, places)),
    }


def _blocks(blocks: Sequence[Block], places: dict[str, int]) -> Iterator[typst_json.Block]:
    """Blocks one after the other; narrow tables in a row share their pages in two columns."""
    for narrow, own in groupby(blocks, lambda one: isinstance(one, Table) and is_narrow(one)):
        shown = [_block(block, places) for block in own]
        if narrow:
            yield {"type": "columns", "blocks": shown}
        else:
            yield from shown


def _block(block: Block, places: dict[str, int]) -> typst_json.Block:
    match block:
        case Paragraph():
            return {"type": "paragraph", "kind": block.kind, "runs": _runs(block.line, places)}
        case Heading():
            return {"type": "heading", "text": block.text}
        case Listing():
            return {"type": "listing", "items": [_runs(line, places) for line in block.items]}
        case Quotes():
            return {"type": "quotes", "title": block.title, "items": list(block.items)}
        case Table():
            return _table(block, places)
        case Figure():
            return {
                "type": "figure",
                "file": f"{block.key}.svg",
                "label": block.label,
                "title": block.title,
                "description": block.description,
                "is_map": block.form == "map",
            }


def _runs(line: Line, places: dict[str, int]) -> list[typst_json.Run]:
    return [{"text": run.text, "source": places.get(run.source)} for run in line]


def _table(table: Table, places: dict[str, int]) -> typst_json.Table:
    return {
        "type": "table",
        "label": table.label,
        "title": table.title,
        "note": table.note,
        "is_compact": table.is_compact,
        "header": list(table.header),
        "shares": list(shares(table, FITTING)),
        "rows": [[_cell(cell, places) for cell in row] for row in table.rows],
    }


def _cell(cell: Cell, places: dict[str, int]) -> typst_json.Cell:
    return {"text": cell.text, "source": places.get(cell.source), "number": cell.is_number}
