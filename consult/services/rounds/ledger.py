"""The release ledger: who stood behind every released table, and what must stay back."""

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.disclosure.differencing import People, Published
from analysis.disclosure.ledger import Compared, Populations, hold_back, published, variable_name
from analysis.model.stage import ReleasedStage
from analysis.protocol.protocol import DisclosureRule
from consult.models import Answer, Consultation, Expert, FrozenRows, Population, Result, Stage, Submission, VariableRow
from consult.services import journal
from consult.services.rounds.pairing import reasked
from consult.services.rounds.results import newest_result, previous_round
from consult.services.submissions import counted, left_since


def enter(
    session: Session,
    consultation: Consultation,
    stage: Stage,
    result: Result,
    shown: ReleasedStage,
    rule: DisclosureRule,
) -> ReleasedStage:
    """Hold a release against all earlier ones, and keep who stands behind what is left of it.

    ``withheld`` of what is left says which figures had to stay back; the journal says how many.
    """
    people = populations(session, consultation, stage)
    held = hold_back(shown, people, tables_of(session, consultation.id), rule)
    session.add(
        Population(
            consultation_id=consultation.id,
            result_id=result.id,
            tables=[[table.variable, sorted(table.people)] for table in published(held.shown, people)],
        )
    )
    if held.places:
        journal.record(session, consultation.id, "audit", "withhold figures", stage=stage.key, figures=len(held.places))
    return replace(held.shown, withheld=held.places)


def tables_of(session: Session, consultation_id: int) -> list[Published]:
    """Every table released so far in a consultation, with its people."""
    rows = session.scalars(select(Population.tables).where(Population.consultation_id == consultation_id))
    return [Published(name, frozenset(people)) for tables in rows for name, people in tables]


def populations(session: Session, consultation: Consultation, stage: Stage) -> Populations:
    """Who stands behind each variable of a closed stage, whole, by group and paired."""
    whole = _answered(session, stage)
    members: dict[str, set[int]] = {}
    for expert, group in session.execute(
        select(Expert.id, Expert.reporting_group).where(Expert.consultation_id == consultation.id)
    ):
        members.setdefault(group or "", set()).add(expert)
    groups = {group: {key: people & members[group] for key, people in whole.items()} for group in sorted(members)}
    return Populations(whole, groups, _compared(session, stage, whole))


def _compared(session: Session, stage: Stage, whole: Mapping[str, People]) -> dict[str, Compared]:
    """What each variable is paired with: the round before, or the question asked again."""
    links = [(origin, earlier, later) for origin, earlier, later, _ in reasked(session, stage)]
    before = previous_round(session, stage) if stage.kind == "round" else None
    known = {one.id: _answered(session, one) for one in {origin for origin, *_ in links}}
    if before is not None:
        known[before.id] = _answered(session, before)
        links += [(before, key, key) for key in known[before.id].keys() & whole.keys()]
    departed = {one.id: one.id != stage.id and _has_departed(session, one) for one in {origin for origin, *_ in links}}
    found = {}
    for origin, earlier, later in links:
        then, now = known[origin.id].get(earlier, frozenset()), whole.get(later, frozenset())
        name = variable_name(origin.key, earlier)
        found[later] = Compared(name, then & now, then - now, departed[origin.id])
    return found


def _has_departed(session: Session, stage: Stage) -> bool:
    """Whether somebody counted in a frozen stage has withdrawn since."""
    result = newest_result(session, stage)
    if result is None:
        return False
    people = session.scalar(select(FrozenRows.people).where(FrozenRows.result_id == result.id))
    if people is None:
        return left_since(session, stage, result.frozen_at) > 0
    here = set(session.scalars(counted(stage)))
    return any(submission not in here for _, submission, _ in people)


class _Nobody(dict[str, People]):
    """Variables that nobody answered have no rows: an empty set stands behind them."""

    def __missing__(self, key: str) -> People:
        return frozenset()


def _answered(session: Session, stage: Stage) -> dict[str, People]:
    """Who gave a value to each variable, in the submissions that count."""
    rows = session.execute(
        select(VariableRow.key, Submission.expert_id)
        .join(Answer, Answer.variable_id == VariableRow.id)
        .join(Submission, Submission.id == Answer.submission_id)
        .where(Submission.id.in_(counted(stage)), Answer.value.is_not(None))
    )
    found: dict[str, set[int]] = {}
    for key, expert in rows:
        found.setdefault(key, set()).add(expert)
    return _Nobody({key: frozenset(people) for key, people in found.items()})
