"""The row files of a stage just frozen: who stands in them, and whether there may be any.

They are withheld where, beside the rows of the stages before, they would leave fewer than three
people alike (`differencing.fewest_alike`), or where they would turn a table released so
far into the answers of a few.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from analysis.disclosure.differencing import audit, fewest_alike
from analysis.disclosure.ledger import variable_name
from consult.definition.consultation import Definition
from consult.models import Answer, Expert, Stage, Submission, VariableRow
from consult.optional_uses import OptionalUse
from consult.services.access.objections import objectors
from consult.services.frozen import k_anonymity
from consult.services.frozen.codebook import CodebookVariable
from consult.services.frozen.row_files import Person, RowFiles, Withheld, drawn
from consult.services.rounds import ledger
from consult.services.rounds.frozen_stages import Frozen
from consult.services.submissions import counted, left_since

FEWEST_ALIKE = 3
"""As far as row files go, everybody is one of at least so many; or of `rows_k`, if that is more."""
BATCH = 500
Out = tuple[Frozen, RowFiles]
"""A stage whose rows somebody may hold."""


def submitted(session: Session, stage: Stage) -> list[Person]:
    """Every submission to a stage, with whose it is."""
    rows = session.execute(
        select(Expert.id, Submission.id, Expert.pseudonym, Expert.reporting_group)
        .join(Expert, Expert.id == Submission.expert_id)
        .where(Submission.consultation_id == stage.consultation_id, Submission.stage_id == stage.id)
    )
    return [Person(*row) for row in rows]


class Unwritten:
    """A frozen stage of whose row files nothing is written down yet."""

    def __init__(
        self, session: Session, definition: Definition, variables: Mapping[str, CodebookVariable], item: Frozen
    ) -> None:
        self._session, self._variables = session, variables
        self._stage, self._result, self._numbers = item.stage, item.result, item.numbers
        self._item = item
        self._rule = definition.protocol.disclosure

    def standing(self, out: Sequence[Out], *, is_new: bool) -> RowFiles:
        """Who stands in it, beside the stages whose rows are out.

        `is_new`: it is being frozen now; otherwise nobody may have left since.
        """
        counts = set(self._session.scalars(counted(self._stage, None if is_new else self._result.frozen_at)))
        people = [one for one in submitted(self._session, self._stage) if one.submission_id in counts]
        groups = {one.expert_id: one.group for one in people}
        answers = self._grouped(people)
        anonymity = k_anonymity.k_anonymous(groups, answers, self._rule.rows_k)
        told = k_anonymity.cells(groups, answers, anonymity, self._tabled())
        numbers = {cell: number for number, cell in enumerate(dict.fromkeys(told.values()))}
        seed = self._result.row_seed
        made = RowFiles(
            people=tuple(sorted(people, key=lambda one: drawn(seed, one.pseudonym))),
            submissions={one.expert_id: one.submission_id for one in people},
            cells={expert: numbers[cell] for expert, cell in told.items()},
            anonymity=anonymity,
            withheld=None,
            was_out=True,
            texts=self._texts(people),
        )
        if is_new and self._objects(people):
            return replace(made, withheld=Withheld.OBJECTED, was_out=False)
        if not is_new and left_since(self._session, self._stage, self._result.frozen_at):
            return replace(made, withheld=Withheld.LEFT_BEFORE)
        code = self._withheld(made, out)
        return replace(made, withheld=code, was_out=code is None)

    def _objects(self, people: Sequence[Person]) -> bool:
        """Whether anybody who counts objects to files of rows: without theirs they would be the difference."""
        who = set(self._session.scalars(objectors(self._stage.consultation_id, OptionalUse.ROWS)))
        return any(one.expert_id in who for one in people)

    def _tabled(self) -> list[str]:
        """The reporting groups of which any figure was released."""
        return [
            group
            for group, blocks in self._numbers.groups.items()
            if any(block.median is not None or block.shares for block in blocks.values())
        ]

    def _withheld(self, made: RowFiles, out: Sequence[Out]) -> Withheld | None:
        """Why its rows may not go out beside those that are."""
        fewest = fewest_alike([*(one.cells for _, one in out), made.cells])
        if made.cells and fewest < max(FEWEST_ALIKE, self._rule.rows_k):
            return Withheld.FEW_ALIKE
        known = {
            variable_name(item.stage.key, key): frozenset(standing.submissions)
            for item, standing in (*out, (self._item, made))
            for key in self._in_rows(item.stage, standing)
        }
        tables = ledger.tables_of(self._session, self._stage.consultation_id)
        told = [table for table in tables if table.variable in known]
        return Withheld.DIFFERENCING if audit(told, self._rule.subgroup, known) else None

    def _in_rows(self, stage: Stage, standing: RowFiles) -> Iterator[str]:
        """The variables whose values stand in the rows of a stage."""
        for key, variable in self._variables.items():
            is_shown = variable.disclosure != "grouped" or key in standing.anonymity.shown
            if variable.file and is_shown and stage.key in variable.stages:
                yield key

    def _grouped(self, people: Sequence[Person]) -> dict[str, dict[int, k_anonymity.Said]]:
        """Of each variable that is shown only where enough share it, what everybody said."""
        keys = [
            key
            for key, variable in self._variables.items()
            if variable.disclosure == "grouped" and self._stage.key in variable.stages
        ]
        owners = {one.submission_id: one.expert_id for one in people}
        found: dict[str, dict[int, k_anonymity.Said]] = {key: {} for key in keys}
        for key, submission, value, state in self._values(list(owners) if keys else []):
            if key in found:
                found[key][owners[submission]] = (value, state)
        return found

    def _values(self, submissions: Sequence[int]) -> Iterator[tuple[str, int, int | None, str | None]]:
        for start in range(0, len(submissions), BATCH):
            rows = self._session.execute(
                select(VariableRow.key, Answer.submission_id, Answer.value, Answer.state)
                .join(VariableRow, VariableRow.id == Answer.variable_id)
                .where(Answer.submission_id.in_(submissions[start : start + BATCH]), Answer.text.is_(None))
            )
            yield from ((key, submission, value, state) for key, submission, value, state in rows)

    def _texts(self, people: Sequence[Person]) -> dict[str, int]:
        """How many texts each variable got: the number stays when a text is erased."""
        found: dict[str, int] = {}
        for start in range(0, len(people), BATCH):
            wanted = [one.submission_id for one in people[start : start + BATCH]]
            rows = self._session.execute(
                select(VariableRow.key, func.count())
                .join(Answer, Answer.variable_id == VariableRow.id)
                .where(Answer.submission_id.in_(wanted), Answer.text.is_not(None))
                .group_by(VariableRow.key)
            )
            for key, count in rows:
                found[key] = found.get(key, 0) + count
        return dict(sorted(found.items()))
