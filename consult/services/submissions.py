"""Counting: answers in the database as additive tables, one GROUP BY each."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from analysis.protocol.protocol import NO_ANSWER, Scale
from analysis.tables.histograms import Histogram
from analysis.tables.pairs import PairTable
from consult.models import Answer, Expert, Stage, Submission, VariableRow

Cells = dict[tuple[int | None, str | None], int]
"""How many gave each value or state."""


def counted(stage: Stage, at: datetime | None = None) -> Select[int]:
    """Ids of the submissions that count at a stage: the newest of each expert still here.

    `at`: of each who was here at that moment, a freeze in the past.
    """
    is_here = Expert.withdrawn_at.is_(None)
    return (
        select(func.max(Submission.id))
        .join(Expert, Expert.id == Submission.expert_id)
        .where(
            Submission.stage_id == stage.id,
            Submission.consultation_id == stage.consultation_id,
            is_here if at is None else is_here | (Expert.withdrawn_at >= at),
        )
        .group_by(Submission.expert_id)
    )


def left_since(session: Session, stage: Stage, at: datetime) -> int:
    """How many left since a moment who may have submitted a stage.

    Of somebody erased nothing is known but that there was somebody; an empty language tells.
    """
    here = select(Submission.expert_id).where(
        Submission.stage_id == stage.id, Submission.consultation_id == stage.consultation_id
    )
    found = select(func.count()).where(
        Expert.consultation_id == stage.consultation_id,
        Expert.withdrawn_at >= at,
        Expert.id.in_(here) | (Expert.language == ""),
    )
    return session.scalar(found) or 0


def counted_when_closed() -> Select[int]:
    """Ids of the submissions that counted when their stage closed, of all closed stages.

    Who left later is still among them: what was read of a frozen stage does not change.
    """
    return (
        select(func.max(Submission.id))
        .join(Expert, Expert.id == Submission.expert_id)
        .join(Stage, Stage.id == Submission.stage_id)
        .where(or_(Expert.withdrawn_at.is_(None), Expert.withdrawn_at > Stage.closed_at))
        .group_by(Submission.stage_id, Submission.expert_id)
    )


def code(value: int | None, state: str | None, lo: int, k: int) -> int:
    """A stored value as analysis codes it; states follow above the points."""
    return value - lo if value is not None else k + NO_ANSWER.index(state or "blank")


def count_values(
    session: Session, stage: Stage, groups: Sequence[str] = (), at: datetime | None = None
) -> dict[tuple[str | None, str], Cells]:
    """How many gave each value or state, by (reporting group or None for all, variable key).

    Texts are not counted. With `groups`, those reporting groups are counted beside the whole.
    """
    found: dict[tuple[str | None, str], Cells] = {}
    for key, value, state, group, count in session.execute(_value_counts(stage, at)):
        for where in (None, group) if group in groups else (None,):
            cells = found.setdefault((where, key), {})
            cells[value, state] = cells.get((value, state), 0) + count
    return found


def _value_counts(stage: Stage, at: datetime | None) -> Select[str, int | None, str | None, str | None, int]:
    """Of each variable and reporting group, how many gave each value or state."""
    columns = (VariableRow.key, Answer.value, Answer.state, Expert.reporting_group)
    return (
        select(*columns, func.count())
        .join(VariableRow, VariableRow.id == Answer.variable_id)
        .join(Submission, Submission.id == Answer.submission_id)
        .join(Expert, Expert.id == Submission.expert_id)
        .where(
            Answer.submission_id.in_(counted(stage, at)),
            VariableRow.level != "text",
            VariableRow.consultation_id == stage.consultation_id,
        )
        .group_by(*columns)
    )


def histogram(cells: Mapping[tuple[int | None, str | None], int], lo: int, k: int) -> Histogram:
    """The counts of one variable as a table."""
    return Histogram.from_rows(((code(value, state, lo, k), count) for (value, state), count in cells.items()), k)


def pair_tables(
    session: Session, earlier: Stage, later: Stage, keys: Iterable[tuple[str, str, Scale]], at: datetime | None = None
) -> dict[str, PairTable]:
    """Earlier by later values of the same experts, for pairs (earlier key, later key, scale).

    Experts who submitted only one of the two stand in the row or column "not reached".
    """
    wanted = list(keys)
    first = by_expert(session, earlier, {pair[0] for pair in wanted}, at)
    second = by_expert(session, later, {pair[1] for pair in wanted}, at)
    experts = sorted(set(first) | set(second))
    return {
        later_key: pair_table(
            [(first.get(expert, {}).get(earlier_key), second.get(expert, {}).get(later_key)) for expert in experts],
            scale,
        )
        for earlier_key, later_key, scale in wanted
    }


Given = tuple[int | None, str | None]
"""A value, or the state that stands in its place."""


def pair_table(pairs: Iterable[tuple[Given | None, Given | None]], scale: Scale) -> PairTable:
    """Earlier by later answers, of each expert one pair; None where nothing was submitted."""
    missing = scale.k + NO_ANSWER.index("not_reached")
    table = Counter(
        tuple(code(*side, scale.lo, scale.k) if side is not None else missing for side in pair) for pair in pairs
    )
    return PairTable.from_rows(((row, column, count) for (row, column), count in table.items()), scale.k)


def by_expert(
    session: Session, stage: Stage, keys: set[str], at: datetime | None = None
) -> dict[int, dict[str, Given]]:
    """Value or state of these variables for each expert, in the submissions that count."""
    answer = aliased(Answer)
    rows = session.execute(
        select(Submission.expert_id, VariableRow.key, answer.value, answer.state)
        .join(answer, answer.submission_id == Submission.id)
        .join(VariableRow, VariableRow.id == answer.variable_id)
        .where(Submission.id.in_(counted(stage, at)), VariableRow.key.in_(keys))
    )
    found: dict[int, dict[str, Given]] = {}
    for expert, key, value, state in rows:
        found.setdefault(expert, {})[key] = (value, state)
    return found
