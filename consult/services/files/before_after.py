"""The file of questions asked twice: how many of the same people went up, stayed, went down."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.model.stage import PairResult
from consult.services.files import fields
from consult.services.files.table_column import Table, TableColumn, table
from consult.services.files.table_source import TableSource
from consult.services.frozen.codebook import CodebookVariable
from consult.words.catalogues import ENGLISH, catalogue
from consult.words.pairs import compared_words
from consult.words.phrases import Translate


@dataclass(frozen=True, slots=True)
class Pair:
    """One variable that repeats an earlier one, as released with a stage."""

    source: TableSource
    stage: str
    earlier: CodebookVariable
    later: CodebookVariable
    numbers: PairResult
    translate: Translate


COLUMNS: Sequence[TableColumn[Pair]] = (
    fields.STAGE.column(lambda row: row.stage),
    fields.VARIABLE.column(lambda row: row.later.key),
    fields.QUESTION.column(lambda row: row.source.read(row.later.text)),
    fields.ITEM.column(lambda row: row.source.read(row.later.item)),
    TableColumn("earlier_stage", "string", "stage of the earlier question", lambda row: row.earlier.stages[0]),
    TableColumn("earlier_variable", "string", "key of the earlier variable", lambda row: row.earlier.key),
    TableColumn(
        "earlier_question", "string", "text of the earlier question", lambda row: row.source.read(row.earlier.text)
    ),
    TableColumn(
        "compared",
        "string",
        "what is set side by side",
        lambda row: compared_words(row.numbers, row.later.is_asked_with(row.earlier), row.translate),
    ),
    fields.N.column(lambda row: row.numbers.n),
    TableColumn("up", "integer", "how many went up", lambda row: row.numbers.up),
    TableColumn("same", "integer", "how many stayed", lambda row: row.numbers.same),
    TableColumn("down", "integer", "how many went down", lambda row: row.numbers.down),
    TableColumn(
        "only_earlier", "integer", "how many answered the earlier question only", lambda row: row.numbers.n_earlier_only
    ),
    TableColumn(
        "only_later", "integer", "how many answered the later question only", lambda row: row.numbers.n_later_only
    ),
    TableColumn("median_earlier", "number", "median of the earlier answers", lambda row: row.numbers.median_earlier),
    TableColumn("median_later", "number", "median of the later answers", lambda row: row.numbers.median_later),
    TableColumn(
        "p",
        "number",
        "p of Wilcoxon's signed-rank test",
        lambda row: row.numbers.wilcoxon.p if row.numbers.wilcoxon else None,
    ),
    TableColumn(
        "p_holm",
        "number",
        "the same, adjusted after Holm (1979)",
        lambda row: row.numbers.wilcoxon.p_holm if row.numbers.wilcoxon else None,
    ),
    fields.WHY_SUPPRESSED.column(lambda row: row.numbers.suppressed),
)


def before_after(source: TableSource) -> Table:
    """Pairs of answers of the same people: how many went up, stayed, went down."""
    return table(COLUMNS, _pairs(source, source.translate))


def before_after_in_english(source: TableSource) -> Table:
    """The same as files of any language had it at first: what is compared is said in English."""
    return table(COLUMNS, _pairs(source, catalogue(ENGLISH)))


def _pairs(source: TableSource, translate: Translate) -> Iterator[Pair]:
    for frozen in source.frozen:
        for key, numbers in frozen.numbers.pairs.items():
            earlier = source.variables[numbers.earlier]
            yield Pair(source, frozen.stage.key, earlier, source.variables[key], numbers, translate)
