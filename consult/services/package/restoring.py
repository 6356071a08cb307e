"""A package back in a database: an empty one, in memory, for computing results once more."""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from analysis.canonical import canonical_json
from analysis.protocol.protocol import NO_ANSWER
from consult import fates
from consult.errors import NotPossible
from consult.models import (
    Answer,
    Consultation,
    DefinitionRow,
    Deviation,
    Expert,
    Measure,
    MeasureFate,
    MeasureVersion,
    Proposal,
    Registration,
    Release,
    Result,
    Stage,
    StageMeasure,
    Submission,
    VariableRow,
)
from consult.refusals.codes import Code, Refusal
from consult.refusals.file_facts import Failed, RowFailed, RowOf
from consult.services.frozen.codebook import Column, codebook
from consult.services.frozen.covering import SUPPRESSED
from consult.services.package.reading import PackageFile

BATCH = 5_000
BROKEN = (SQLAlchemyError, LookupError, TypeError, ValueError, AttributeError)
"""What putting together a document raises that is not what it says it is."""
Told = Mapping[str, Any]


class Restored:
    """A consultation as a package tells it: everything but the results and the answers.

    `suppressed`: the variables and groups whose rows were left out for everybody.
    """

    def __init__(self, session: Session, package: PackageFile) -> None:
        """Raises NotPossible when the package does not hold together."""
        self.session, self.package = session, package
        self.results: dict[str, Any] = package.document("results.json")
        self.suppressed: set[str] = set()
        self.is_grouping_suppressed = False
        try:
            self._begin()
            self.stages = {row["key"]: self._stage(row) for row in self.results["stages"]}
            self.versions: dict[tuple[str, int], int] = {}
            self._measures()
            self._rest()
        except BROKEN as error:
            raise NotPossible(Refusal(Code.NO_RESULTS_OF_PACKAGE, Failed(repr(error)))) from error

    def frozen(self) -> list[tuple[Stage, dict[str, Any]]]:
        """The frozen stages in order, each with its result as the package tells it."""
        return [
            (self.stages[row["key"]], row["result"])
            for row in sorted(self.results["stages"], key=lambda row: int(row["position"]))
            if row["result"] is not None
        ]

    def add_results(self) -> None:
        """Put every frozen result in place as it was released, for reading only."""
        for stage, told in self.frozen():
            self.add_result(stage, told)

    def add_result(self, stage: Stage, told: Told, content: Told | None = None) -> None:
        """Put a frozen result in place: `content` as recomputed, or else what was released."""
        moment = datetime.fromisoformat(told["frozen_at"])
        result = self._add(
            Result,
            stage_id=stage.id,
            number=1,
            digest=told["digest"],
            protocol_digest=told["protocol_digest"],
            analysis_version=told["analysis_version"],
            content=canonical_json(content or told["numbers"]["content"]),
            row_seed="00",
            frozen_at=moment,
        )
        for kind in ("numbers", "texts"):
            if told[kind] is not None:
                self._add(Release, result_id=result.id, kind=kind, number=1,
                          released_at=moment, **told[kind])  # fmt: skip

    def add_answers(self) -> None:
        """Put the rows of both long files in place. Raises NotPossible for a row that is none."""
        self.columns = codebook(self.session, self.consultation)
        self._variables = {row.key: row.id for row in self._rows_of_variables()}
        self._experts: dict[str, int] = {}
        self._submissions: dict[tuple[str, str], int] = {}
        for name in ("ratings-long.csv", "answers-long.csv"):
            batch: list[dict[str, Any]] = []
            seen: set[tuple[int, int]] = set()
            for row in self.package.rows(name):
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
        self.session.flush()

    def _answer(self, name: str, row: Mapping[str, str]) -> dict[str, Any] | None:
        if name == "ratings-long.csv":
            key, shown = f"{row['measure']}.{row['criterion']}", row["rating"]
            version = self.versions[row["measure"], int(row["wording"])]
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
            "consultation_id": self.consultation.id,
            "submission_id": submission,
            "variable_id": self._variables[key],
            "value": stored(self.columns[key], shown) if shown else None,
            "text": None,
            "state": row["state"] or None,
            "measure_version_id": version,
        }

    def _submission(self, row: Mapping[str, str]) -> int:
        pseudonym, group = row["pseudonym"], row["reporting_group"]
        self.is_grouping_suppressed |= group == SUPPRESSED
        if pseudonym not in self._experts:
            number = len(self._experts) + 1
            expert = self._add(
                Expert, code=f"E{number:02d}", pseudonym=pseudonym, language="", attributes={},
                reporting_group=group or None,
            )  # fmt: skip
            self._experts[pseudonym] = expert.id
        place = (pseudonym, row["stage"])
        if place not in self._submissions:
            stage, number = self.stages[row["stage"]], len(self._submissions) + 1
            made = self._add(
                Submission, stage_id=stage.id, expert_id=self._experts[pseudonym], number=1,
                idempotency_key="restored", receipt=str(number), channel="web", is_late=False,
                submitted_at=stage.opens_at,
            )  # fmt: skip
            self._submissions[place] = made.id
        return self._submissions[place]

    def _begin(self) -> None:
        about = self.results["consultation"]
        content = self.package.text("definition.json")
        if hashlib.sha256(content.encode()).hexdigest() != about["definition_digest"]:
            raise NotPossible(Refusal(Code.OTHER_DEFINITION))
        self._began = min(datetime.fromisoformat(row["opens_at"]) for row in self.results["stages"])
        self.consultation = Consultation(
            slug=about["slug"], zone=about["zone"], schedule=about["schedule"],
            created_at=self._began,
        )  # fmt: skip
        self.session.add(self.consultation)
        self.session.flush()
        self._add(DefinitionRow, version=1, digest=about["definition_digest"], content=content,
                  published_at=self._began)  # fmt: skip
        locked = self.results["registration"]
        if locked is not None:
            locked_at = datetime.fromisoformat(locked["locked_at"])
            self._add(Registration, digest=locked["digest"], locked_at=locked_at,
                      protocol=self.package.document("protocol.json"))  # fmt: skip

    def _stage(self, row: Told) -> Stage:
        moments = {
            name: datetime.fromisoformat(row[name]) if row[name] else None
            for name in ("opens_at", "closes_at", "opened_at", "closed_at")
        }
        made: Stage = self._add(Stage, key=row["key"], kind=row["kind"], position=row["position"],
                                round_number=row["round"], **moments)  # fmt: skip
        return made

    def _measures(self) -> None:
        ids: dict[str, int] = {}
        for row in self.results["measures"]:
            names = ("key", "theme", "position")
            ids[row["key"]] = self._add(Measure, **{name: row[name] for name in names}).id
            for version in row["versions"]:
                made = self._add(MeasureVersion, measure_id=ids[row["key"]], made_at=self._began,
                                 **version)  # fmt: skip
                self.versions[row["key"], version["number"]] = made.id
        for row in self.results["measures"]:
            for stage, asked in row["asked"].items():
                version_id = self.versions[row["key"], asked["version"]]
                self._add(StageMeasure, stage_id=self.stages[stage].id,
                          measure_version_id=version_id, position=asked["position"])  # fmt: skip
            for fate in row["fates"]:
                stage_id = self.stages[fate["stage"]].id if fate["stage"] else None
                self._add(MeasureFate, measure_id=ids[row["key"]], stage_id=stage_id,
                          fate=fate["fate"], **fates.told(fate),
                          reason_in=fate.get("reason_in"), decided_at=self._began,
                          into_measure_id=ids[fate["into"]] if fate["into"] else None)  # fmt: skip
        first = min(self.stages.values(), key=lambda stage: stage.position)
        for row in self.results["proposals"]:
            written = ("title", "title_in", "text", "fate", "reason", "reason_in")
            known = {name: row.get(name) for name in written}
            self._add(Proposal, stage_id=first.id, language="", **known,
                      measure_id=ids[row["measure"]] if row["measure"] else None)  # fmt: skip

    def _rest(self) -> None:
        for row in self.results["variables"]:
            self._add(VariableRow, **row)
        for row in self.results["deviations"]:
            known = {name: row.get(name) for name in ("kind", "reason", "reason_in", "facts")}
            self._add(Deviation, stage_key=row["stage"], noted_at=self._began, **known)

    def _rows_of_variables(self) -> Iterator[VariableRow]:
        yield from self.session.query(VariableRow).filter_by(consultation_id=self.consultation.id)

    def _add(self, table: Any, **values: Any) -> Any:
        row = table(consultation_id=self.consultation.id, **values)
        self.session.add(row)
        self.session.flush()
        return row


def stored(column: Column, shown: str) -> int:
    """What a row file shows, as it is stored. Raises ValueError for what cannot be."""
    if column.codes:
        return column.codes.index(shown) + (1 if column.level == "rank" else 0)
    return int(shown)
