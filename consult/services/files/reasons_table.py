"""The file of reasons, as they were released to the panel."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from consult.models import Stage
from consult.released_texts import SIDES
from consult.services.files import fields
from consult.services.files.table_column import Table, TableColumn, table
from consult.services.files.table_source import TableSource
from consult.services.measures import measures
from consult.services.rounds.results import released_reasons


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for a high or a low rating of a measure; without a criterion a remark on the measure."""

    stage: Stage
    measure: str
    title: str | None
    criterion: str | None
    side: str
    number: int
    text: str


COLUMNS: Sequence[TableColumn[Reason]] = (
    fields.STAGE.column(lambda row: row.stage.key),
    fields.ROUND.column(lambda row: row.stage.round_number),
    fields.MEASURE.column(lambda row: row.measure),
    fields.MEASURE_TITLE.column(lambda row: row.title),
    fields.CRITERION.column(lambda row: row.criterion),
    TableColumn("side", "string", "side of the scale the reason speaks for", lambda row: row.side),
    TableColumn("number", "integer", "place in the list as it was released", lambda row: row.number),
    TableColumn("reason", "string", "the reason, as released to the panel", lambda row: row.text, is_wide=True),
)


def reasons(source: TableSource) -> Table:
    """Reasons released for the next round, in the order they were released, without any author."""
    return table(COLUMNS, _reasons(source))


def _reasons(source: TableSource) -> Iterator[Reason]:
    for frozen in source.frozen:
        titles = {
            item.key: source.read(item.title) for item in measures.wordings_in_stage(source.session, frozen.stage)
        }
        for key, texts in released_reasons(source.session, frozen.stage).items():
            listed = [(name, side, said.of(side)) for name, said in texts.criteria.items() for side in SIDES]
            for criterion, side, reasons in [*listed, (None, "other", texts.remarks)]:
                for number, words in enumerate(reasons, start=1):
                    yield Reason(frozen.stage, key, titles.get(key), criterion, side, number, source.read(words))
