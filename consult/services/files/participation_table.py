"""The file of participation: how many came how far in each stage."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.model.stage import Participation
from consult.models import Stage
from consult.services.files import fields
from consult.services.files.table_column import Table, TableColumn, table
from consult.services.files.table_source import TableSource
from consult.services.panel.participation import by_stage
from consult.services.rounds.stages import stages_of


@dataclass(frozen=True, slots=True)
class Came:
    """How many came how far in one stage."""

    stage: Stage
    is_frozen: bool
    counts: Participation


COLUMNS: Sequence[TableColumn[Came]] = (
    fields.STAGE.column(lambda row: row.stage.key, is_key=True),
    fields.KIND.column(lambda row: row.stage.kind),
    fields.ROUND.column(lambda row: row.stage.round_number),
    TableColumn("frozen", "boolean", "whether the stage is frozen", lambda row: row.is_frozen),
    TableColumn("invited", "integer", "how many were invited", lambda row: row.counts.invited),
    TableColumn("consented", "integer", "how many agreed to take part", lambda row: row.counts.consented),
    TableColumn("started", "integer", "how many started", lambda row: row.counts.started),
    TableColumn("submitted", "integer", "how many submitted", lambda row: row.counts.submitted),
)


def participation(source: TableSource) -> Table:
    """How many came how far in each stage; of a frozen stage as it was frozen."""
    return table(COLUMNS, _came(source))


def _came(source: TableSource) -> Iterator[Came]:
    frozen = {item.stage.key: item.numbers.participation for item in source.frozen}
    live = by_stage(source.session, source.consultation)
    for stage in stages_of(source.session, source.consultation.id):
        if stage.kind == "event" or (stage.opened_at is None and stage.key not in frozen):
            continue
        if source.frozen_only and stage.key not in frozen:
            continue
        yield Came(stage, stage.key in frozen, frozen.get(stage.key) or live[stage.key])
