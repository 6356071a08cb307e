"""Numbers of tables, figures and sources, given in the order in which a reader meets them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from consult.briefing.model import Block, Cell, Figure, Line, Listing, Paragraph, Section, SourceEntry, Table
from consult.words.phrases import Translate

ANNEX = "annex"


def numbered(sections: Sequence[Section], translate: Translate) -> tuple[Section, ...]:
    """Sections whose tables and figures have keys and labels: Table 1, Table A1, Figure 1."""
    counter = {"table": 0, "annex": 0, "figure": 0}
    return tuple(
        replace(
            section,
            blocks=tuple(_labelled(block, section.key == ANNEX, counter, translate) for block in section.blocks),
        )
        for section in sections
    )


def _labelled(block: Block, in_annex: bool, counter: dict[str, int], translate: Translate) -> Block:
    _ = translate.gettext
    if isinstance(block, Table):
        kind = "annex" if in_annex else "table"
        counter[kind] += 1
        words = _("Table A%(number)d") if in_annex else _("Table %(number)d")
        key = f"table-a{counter[kind]}" if in_annex else f"table-{counter[kind]}"
        return replace(block, key=key, label=words % {"number": counter[kind]})
    if isinstance(block, Figure):
        counter["figure"] += 1
        number = {"number": counter["figure"]}
        key = f"figure-{counter['figure']}"
        table = replace(block.table, key=f"{key}-table", title=_("The numbers of figure %(number)d") % number)
        return replace(block, key=key, label=_("Figure %(number)d") % number, table=table)
    return block


def cited(sections: Iterable[Section], texts: dict[str, str]) -> tuple[SourceEntry, ...]:
    """The sources that stand in the sections, in the order of their first use."""
    keys = dict.fromkeys(key for section in sections for block in section.blocks for key in _keys(block))
    return tuple(SourceEntry(key, texts[key]) for key in keys)


def _keys(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from _of_line(block.line)
    elif isinstance(block, Listing):
        for line in block.items:
            yield from _of_line(line)
    elif isinstance(block, Table):
        yield from _of_cells(cell for row in block.rows for cell in row)
    elif isinstance(block, Figure):
        yield from _keys(block.table)


def _of_line(line: Line) -> Iterator[str]:
    return (run.source for run in line if run.source)


def _of_cells(cells: Iterable[Cell]) -> Iterator[str]:
    return (cell.source for cell in cells if cell.source)
