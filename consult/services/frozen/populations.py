"""Who stands in the row files of every frozen stage: as written down when it was frozen.

Row files are never written from who is here now: whoever leaves later changes none. Once somebody
in them is erased, the rows and texts of that stage are withheld for good: what a file lost would
be that person.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.definition.consultation import Definition
from consult.models import Consultation, FrozenRows
from consult.services.frozen.codebook import CodebookVariable
from consult.services.frozen.k_anonymity import KAnonymity
from consult.services.frozen.row_files import RowFiles, Withheld
from consult.services.frozen.unwritten import Out, Unwritten, submitted
from consult.services.rounds.frozen_stages import Frozen


def standings(
    session: Session,
    consultation: Consultation,
    definition: Definition,
    variables: Mapping[str, CodebookVariable],
    frozen: Sequence[Frozen],
    new: int | None = None,
) -> dict[int, RowFiles]:
    """By result: the standing of each frozen stage, in the order of freezing.

    For results frozen by a version that wrote nothing down, it follows from the submissions, if
    nobody left since. `new`: the result that is just being frozen, before anybody could leave.
    """
    stored = written(session, consultation)
    found: dict[int, RowFiles] = {}
    out: list[Out] = []
    for item in sorted(frozen, key=lambda one: (one.result.frozen_at, one.result.id)):
        row = stored.get(item.result.id)
        if row is not None:
            made = _read(session, item, row)
        else:
            unwritten = Unwritten(session, definition, variables, item)
            made = unwritten.standing(out, is_new=item.result.id == new)
        found[item.result.id] = made
        if made.was_out:
            out.append((item, made))
    return found


def written(session: Session, consultation: Consultation) -> dict[int, FrozenRows]:
    """By result: what was written down."""
    rows = session.scalars(select(FrozenRows).where(FrozenRows.consultation_id == consultation.id))
    return {row.result_id: row for row in rows}


def _read(session: Session, item: Frozen, row: FrozenRows) -> RowFiles:
    """A standing from what was written down; a submission that is gone was erased."""
    here = {person.submission_id: person for person in submitted(session, item.stage)}
    is_whole = all(submission in here for _, submission, _ in row.people)
    code = Withheld(row.withheld) if row.withheld else None
    return RowFiles(
        people=tuple(here[submission] for _, submission, _ in row.people if submission in here),
        submissions={expert: submission for expert, submission, _ in row.people},
        cells={expert: cell for expert, _, cell in row.people},
        anonymity=KAnonymity(frozenset(row.hidden_groups), tuple(row.shown_variables)),
        withheld=code if is_whole else Withheld.ERASED,
        was_out=code in (None, Withheld.LEFT_BEFORE),
        texts=row.texts,
        digests=row.digests,
    )
