"""The file of distributions: per stage and variable how many gave each value or state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.model.criterion import CriterionResult
from analysis.model.stage import VariableResult
from consult.services.files import fields
from consult.services.files.table_column import Table, TableColumn, table
from consult.services.files.table_source import TableSource
from consult.services.frozen.codebook import NOT_IN_TOP, CodebookVariable, Reader

Released = VariableResult | CriterionResult


@dataclass(frozen=True, slots=True)
class Counted:
    """A value or a state of a variable in one stage; of a variable that is not shown only why."""

    stage: str
    variable: CodebookVariable
    question: str
    item: str
    kind: str | None = None
    value: str | None = None
    label: str | None = None
    count: int | None = None
    n: int | None = None
    suppressed: str | None = None

    @property
    def share(self) -> float | None:
        """The part of those who chose a value."""
        return self.count / self.n if self.count is not None and self.n else None


COLUMNS: Sequence[TableColumn[Counted]] = (
    fields.STAGE.column(lambda row: row.stage),
    fields.VARIABLE.column(lambda row: row.variable.key, in_codebook=True),
    fields.QUESTION.column(lambda row: row.question),
    fields.ITEM.column(lambda row: row.item),
    fields.SCALE.column(lambda row: row.variable.scale),
    fields.KIND.column(lambda row: row.kind),
    TableColumn("value", "string", "the answer: the key of an option or a number", lambda row: row.value),
    TableColumn("label", "string", "label of the value", lambda row: row.label, is_wide=True),
    TableColumn("count", "integer", "how many gave this value", lambda row: row.count),
    fields.N.column(lambda row: row.n),
    TableColumn("share", "number", "share of those who chose a value", lambda row: row.share),
    fields.WHY_SUPPRESSED.column(lambda row: row.suppressed),
)


def distributions(source: TableSource) -> Table:
    """Per stage and variable, ratings included: how many gave each value or state."""
    return table(COLUMNS, _counted(source))


def _counted(source: TableSource) -> Iterator[Counted]:
    for frozen in source.frozen:
        blocks: dict[str, Released] = dict(frozen.numbers.variables)
        for key, measure in frozen.numbers.measures.items():
            blocks |= {f"{key}.{name}": block for name, block in measure.criteria.items()}
        for key, variable in source.variables.items():
            if key in blocks:
                yield from _of_variable(source.read, frozen.stage.key, variable, blocks[key])


def _of_variable(read: Reader, stage: str, variable: CodebookVariable, block: Released) -> Iterator[Counted]:
    place = (stage, variable, read(variable.text), read(variable.item))
    if block.counts is None:
        yield Counted(*place, n=block.n, suppressed=block.suppressed)
        return
    for value, count in zip(_values(variable, block), block.counts, strict=True):
        label = read(variable.values.get(value))
        yield Counted(*place, kind="value", value=value, label=label, count=count, n=block.n)
    for state, count in (block.no_answer or {}).items():
        yield Counted(*place, kind="no_answer", value=state.value, count=count)


def _values(variable: CodebookVariable, block: Released) -> list[str]:
    if block.scale is not None:
        return [str(point) for point in range(block.scale.lo, block.scale.hi + 1)]
    labels = list(block.labels or ()) if isinstance(block, VariableResult) else []
    return [*labels[:-1], NOT_IN_TOP] if variable.level == "rank" else labels
