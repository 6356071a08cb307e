"""The rows of a package back in a database: who answered what, as its long files show it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select

from analysis.protocol.protocol import NO_ANSWER
from consult.errors import NotPossible
from consult.models import Answer, Channel, Expert, Submission, VariableRow
from consult.refusals.codes import Code, Refusal
from consult.refusals.file_facts import RowFailed, RowOf
from consult.services.frozen.codebook import CodebookVariable, codebook
from consult.services.frozen.k_anonymity import SUPPRESSED
from consult.services.package.restoring import Restored

BATCH = 5_000


class RestoredAnswers:
    """Both long files of a package, put in place beside what `Restored` knows of it.

    `suppressed`: the variables whose rows were left out for everybody;
    `is_grouping_suppressed`: some group was.
    """

    def __init__(self, restored: Restored) -> None:
        """Raises NotPossible for a row that is none."""
        self.restored, self.session = restored, restored.session
        self.suppressed: set[str] = set()
        self.is_grouping_suppressed = False
        self.variables = codebook(self.session, restored.consultation)
        asked = select(VariableRow).where(VariableRow.consultation_id == restored.consultation.id)
        self._variable_ids = {row.key: row.id for row in self.session.scalars(asked)}
        self._experts: dict[str, int] = {}
        self._submissions: dict[tuple[str, str], int] = {}
        for name in ("ratings-long.csv", "answers-long.csv"):
            self._add_file(name)
        self.session.flush()

    def _add_file(self, name: str) -> None:
        batch: list[dict[str, Any]] = []
        seen: set[tuple[int, int]] = set()
        for row in self.restored.package.rows(name):
            try:
                answer = self._answer(name, row)
            except (KeyError, ValueError) as error:
                about = RowFailed(f"data/{name}", str(row), repr(error))
                raise NotPossible(Refusal(Code.ROW_REFUSED, about)) from error
            if answer is None:
                continue
            place = (answer["submission_id"], answer["variable_id"])
            if place in seen:
                raise NotPossible(Refusal(Code.ROW_TWICE, RowOf(f"data/{name}", str(row))))
            seen.add(place)
            batch.append(answer)
            if len(batch) == BATCH:
                self.session.execute(insert(Answer), batch)
                batch = []
        if batch:
            self.session.execute(insert(Answer), batch)

    def _answer(self, name: str, row: Mapping[str, str]) -> dict[str, Any] | None:
        if name == "ratings-long.csv":
            key, shown = f"{row['measure']}.{row['criterion']}", row["rating"]
            version = self.restored.versions[row["measure"], int(row["wording"])]
        else:
            key, shown, version = row["variable"], row["value"], None
        submission = self._submission(row)
        if row["state"] == SUPPRESSED:
            self.suppressed.add(key)
            return None
        if (shown == "") is (row["state"] == ""):
            raise ValueError("either a value or a state")
        if row["state"] and row["state"] not in NO_ANSWER:
            raise ValueError("there is no such state")
        return {
            "consultation_id": self.restored.consultation.id,
            "submission_id": submission,
            "variable_id": self._variable_ids[key],
            "value": stored(self.variables[key], shown) if shown else None,
            "text": None,
            "state": row["state"] or None,
            "measure_version_id": version,
        }

    def _submission(self, row: Mapping[str, str]) -> int:
        pseudonym, group = row["pseudonym"], row["reporting_group"]
        self.is_grouping_suppressed |= group == SUPPRESSED
        if pseudonym not in self._experts:
            number = len(self._experts) + 1
            expert = self.restored.add(
                Expert,
                code=f"E{number:02d}",
                pseudonym=pseudonym,
                language="",
                attributes={},
                reporting_group=group or None,
            )
            self._experts[pseudonym] = expert.id
        place = (pseudonym, row["stage"])
        if place not in self._submissions:
            stage, number = self.restored.stages[row["stage"]], len(self._submissions) + 1
            made = self.restored.add(
                Submission,
                stage_id=stage.id,
                expert_id=self._experts[pseudonym],
                number=1,
                idempotency_key="restored",
                receipt=str(number),
                channel=Channel.WEB,
                is_late=False,
                submitted_at=stage.opens_at,
            )
            self._submissions[place] = made.id
        return self._submissions[place]


def stored(variable: CodebookVariable, shown: str) -> int:
    """What a row file shows, as it is stored. Raises ValueError for what cannot be."""
    if variable.codes:
        return variable.codes.index(shown) + (1 if variable.level == "rank" else 0)
    return int(shown)
