"""Tables of a frozen questionnaire, question by question."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from flask_babel import gettext as _

from analysis.model.figures import Block
from analysis.model.stage import PairResult, VariableResult
from consult.services.frozen.codebook import CodebookVariable, Reader, codebook, reader
from consult.web.access import RequestContext
from consult.web.results.blocks import no_answers
from consult.web.results.frozen import FrozenStage
from consult.web.results.rated import half, points
from consult.web.results.tables import ChangeRow, Changes, GroupTable, Part, QuestionTable, QuestionTables, TableRow
from consult.web.staff.pages import plain, translate
from consult.words import wording as words
from consult.words.missing import missing_sentence
from consult.words.pairs import compared_words

Variables = Mapping[str, VariableResult]


def question_tables(ctx: RequestContext, frozen: FrozenStage) -> list[QuestionTables]:
    """The questions of a frozen stage, each with its tables."""
    released, read = frozen.numbers.variables, _reader(ctx)
    variables = [
        variable
        for variable in codebook(ctx.session, ctx.consultation).values()
        if variable.key in released and not variable.is_rating
    ]
    return [
        QuestionTables(
            question,
            read(found[0].text),
            list(_tables(ctx, read, found, released)),
            _group_rows(ctx, read, found, frozen),
        )
        for question, group in groupby(variables, key=lambda variable: variable.question)
        if (found := list(group))
    ]


def _reader(ctx: RequestContext) -> Reader:
    return reader(ctx.session, ctx.consultation, ctx.language)


def _tables(
    ctx: RequestContext, read: Reader, variables: list[CodebookVariable], released: Variables
) -> Iterator[QuestionTable]:
    """Variables of a kind share a table; each kind has its maker."""
    for kind, group in groupby(variables, key=lambda variable: _kind(variable, released[variable.key])):
        yield from MAKERS[kind](ctx, read, list(group), released)


def _kind(variable: CodebookVariable, block: VariableResult) -> str:
    if block.scale is not None:
        return "scale"
    return "ticked" if variable.level == "binary" else "values"


def _item(read: Reader, variable: CodebookVariable) -> str:
    return read(variable.item) or variable.key


def _withheld(ctx: RequestContext, block: Block) -> str:
    return missing_sentence(block, translate(ctx))


def _scale_table(
    ctx: RequestContext, read: Reader, variables: list[CodebookVariable], released: Variables
) -> Iterator[QuestionTable]:
    """Rows on one scale: n, median, ratings around it, and the bands as counts and as a strip."""
    for scale, group in groupby(variables, key=lambda variable: variable.scale):
        bands = ctx.definition.scales[scale or ""].bands
        names = [f"{points(band)} {plain(ctx, band.label)}".strip() for band in bands]
        rows = []
        for variable in group:
            block = released[variable.key]
            shares = block.shares or {}
            counts = [shares[band.key].count if shares else None for band in bands]
            rows.append(
                TableRow(
                    [_item(read, variable), block.n, words.point(block.median, translate(ctx)), half(block), *counts],
                    _strip(counts, block.n),
                    _withheld(ctx, block) or no_answers(block),
                )
            )
        heads = [_("Item"), _("n"), _("Median"), _("Ratings around the median"), *names]
        yield QuestionTable(heads, rows, has_strip=bool(names))


def _strip(counts: list[int | None], n: int) -> list[Part]:
    """Bands as parts of a bar, the lowest first, in thousandths of its width."""
    parts, start = list[Part](), 0
    names = ("low", "high") if len(counts) == 2 else ("low", "middle", "high")
    for place, count in enumerate(counts):
        if not n or count is None:
            return []
        width = 1000 * count // n
        parts.append(Part(start, width, names[min(place, len(names) - 1)]))
        start += width
    return parts


def _ticked_table(
    ctx: RequestContext, read: Reader, variables: list[CodebookVariable], released: Variables
) -> Iterator[QuestionTable]:
    rows = []
    for variable in variables:
        block = released[variable.key]
        counts = block.counts
        rows.append(
            TableRow(
                [_item(read, variable), counts[1] if counts else None, block.n],
                _strip([0, counts[1]], block.n) if counts else [],
                _withheld(ctx, block),
            )
        )
    yield QuestionTable([_("Option"), _("Ticked"), _("n")], rows, has_strip=True)


def _value_tables(
    ctx: RequestContext, read: Reader, variables: list[CodebookVariable], released: Variables
) -> Iterator[QuestionTable]:
    for variable in variables:
        block = released[variable.key]
        labels = [read(variable.values.get(key)) or key for key in block.labels or ()]
        counts: Sequence[int | None] = block.counts or [None] * len(labels)
        rows = [
            TableRow([label, count], [] if count is None else _strip([0, count], block.n), "")
            for label, count in zip(labels, counts, strict=True)
        ]
        note = _withheld(ctx, block) or no_answers(block)
        yield QuestionTable(
            [_("Answer"), _("Count, of %(n)s", n=block.n)],
            rows if block.counts else [],
            has_strip=True,
            title=read(variable.item),
            note=note,
        )


MAKERS = {"scale": _scale_table, "ticked": _ticked_table, "values": _value_tables}
"""How each kind of variable becomes a table."""


def _group_rows(
    ctx: RequestContext, read: Reader, variables: list[CodebookVariable], frozen: FrozenStage
) -> GroupTable | None:
    """Medians by reporting group, where disclosure allows them."""
    groups = ctx.definition.panel.reporting_groups
    scaled = [variable for variable in variables if frozen.numbers.variables[variable.key].scale]
    if groups is None or not scaled or not frozen.numbers.groups:
        return None
    rows = [
        [_item(read, variable), *(_group_cell(ctx, frozen, group.key, variable.key) for group in groups.groups)]
        for variable in scaled
    ]
    return GroupTable([_("Item"), *(plain(ctx, group.label) for group in groups.groups)], rows)


def _group_cell(ctx: RequestContext, frozen: FrozenStage, group: str, key: str) -> str:
    block = frozen.numbers.groups.get(group, {}).get(key)
    if block is None:
        return "–"
    if block.n is None:
        return _withheld(ctx, block)
    return _("median %(median)s (n %(n)s)", median=words.point(block.median, translate(ctx)), n=block.n)


def change_titles(ctx: RequestContext, frozen: FrozenStage) -> dict[str, str]:
    """What the bars of the change chart are about."""
    variables, read = codebook(ctx.session, ctx.consultation), _reader(ctx)
    return {key: read(variables[key].item) or read(variables[key].text) for key in frozen.numbers.pairs}


def change_rows(ctx: RequestContext, frozen: FrozenStage) -> Changes:
    """Questions asked twice: how many went which way; beside them what is withheld."""
    variables, titles = codebook(ctx.session, ctx.consultation), change_titles(ctx, frozen)
    read = _reader(ctx)
    rows, hidden = [], dict[str, list[str]]()
    for key, pair in frozen.numbers.pairs.items():
        if pair.up is None:
            hidden.setdefault(_withheld(ctx, pair), []).append(titles[key])
            continue
        earlier, later = variables[pair.earlier], variables[key]
        rows.append(
            ChangeRow(
                titles[key],
                key,
                read(earlier.text) if earlier.text != later.text else "",
                pair_words(ctx, pair, earlier, later),
                [pair.n, pair.down, pair.same, pair.up],
            )
        )
    return Changes(rows, hidden)


def pair_words(ctx: RequestContext, pair: PairResult, earlier: CodebookVariable, later: CodebookVariable) -> str:
    """What a pair sets side by side, as a page says it."""
    return compared_words(pair, later.is_asked_with(earlier), translate(ctx), is_brief=True)
