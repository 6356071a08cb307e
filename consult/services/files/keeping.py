"""Writing down who stands in the row files of frozen stages, before anything could change it."""

from sqlalchemy.orm import Session

from consult.models import Consultation, FrozenRows, Result
from consult.services import journal
from consult.services.files import rows
from consult.services.files.table_source import TableSource
from consult.services.frozen import populations


def keep_rows(session: Session, consultation: Consultation, new: Result | None = None) -> None:
    """Write down every frozen stage that is not written down yet, for good.

    `new`: the result that is just being frozen. The others were frozen by a version that wrote
    nothing down; they are caught up with here, before the first who leaves. Nobody leaves, and no
    stage is frozen, until the transaction ends.
    """
    journal.lock(session, consultation.id)
    source = TableSource(session, consultation, None)
    written = populations.written(session, consultation)
    source.standings = populations.standings(
        session, consultation, source.definition, source.variables, source.frozen, None if new is None else new.id
    )
    for frozen in source.frozen:
        if frozen.result.id in written:
            continue
        standing = source.standings[frozen.result.id]
        order = [person.expert_id for person in standing.people]
        session.add(
            FrozenRows(
                consultation_id=consultation.id,
                result_id=frozen.result.id,
                people=[[one, standing.submissions[one], standing.cells[one]] for one in order],
                hidden_groups=sorted(standing.anonymity.hidden, key=lambda key: (key is not None, key)),
                shown_variables=list(standing.anonymity.shown),
                withheld=standing.withheld,
                texts=dict(standing.texts),
                digests=rows.digests(source, frozen),
            )
        )
    session.flush()


def changed_files(session: Session, consultation: Consultation, result: Result) -> list[str]:
    """Files whose part of a frozen stage is not what was written down; withheld ones are none."""
    source = TableSource(session, consultation, None)
    for frozen in source.frozen:
        if frozen.result.id == result.id:
            told = source.standings[result.id].digests
            now = rows.digests(source, frozen)
            return [name for name in now if told and told.get(name) != now[name]]
    return []
