"""A package back in a database: an empty one, in memory, for computing results once more."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from analysis.canonical import canonical_json
from analysis.model.stage import StageResult
from analysis.model.writer import stored
from consult import fates
from consult.errors import NotPossible
from consult.models import (
    Consultation,
    DefinitionRow,
    Deviation,
    Measure,
    MeasureFate,
    MeasureVersion,
    Proposal,
    Registration,
    Release,
    Result,
    Stage,
    StageMeasure,
    VariableRow,
)
from consult.refusals.codes import Code, Refusal
from consult.refusals.file_facts import Failed
from consult.services.package.reading import PackageFile
from consult.services.package.results_rows import ResultRow, releases

BROKEN = (SQLAlchemyError, LookupError, TypeError, ValueError, AttributeError)
"""What putting together a document raises that is not what it says it is."""
Told = Mapping[str, Any]


def released_numbers(told: ResultRow) -> dict[str, Any]:
    """The released numbers of a result. Raises TypeError, as any other wrong part, where there are none."""
    if told["numbers"] is None:
        raise TypeError("a result without released numbers")
    return told["numbers"]["content"]


class Restored:
    """A consultation as a package tells it: everything but the results and the answers."""

    def __init__(self, session: Session, package: PackageFile) -> None:
        """Raises NotPossible when the package does not hold together."""
        self.session, self.package = session, package
        self.results: dict[str, Any] = package.document("results.json")
        try:
            self._begin()
            self.stages = {row["key"]: self._stage(row) for row in self.results["stages"]}
            self.versions: dict[tuple[str, int], int] = {}
            self._measures()
            self._rest()
        except BROKEN as error:
            raise NotPossible(Refusal(Code.NO_RESULTS_OF_PACKAGE, Failed(repr(error)))) from error

    def frozen(self) -> list[tuple[Stage, ResultRow]]:
        """The frozen stages in order, each with its result as the package tells it.

        Where it does not tell it so, reading it raises one of `BROKEN`.
        """
        return [
            (self.stages[row["key"]], row["result"])
            for row in sorted(self.results["stages"], key=lambda row: int(row["position"]))
            if row["result"] is not None
        ]

    def add_results(self) -> None:
        """Put every frozen result in place as it was released, for reading only."""
        for stage, told in self.frozen():
            self.add_result(stage, told)

    def add_result(self, stage: Stage, told: ResultRow, content: StageResult | None = None) -> None:
        """Put a frozen result in place: `content` as recomputed, or else what was released."""
        moment = datetime.fromisoformat(told["frozen_at"])
        result = self.add(
            Result,
            stage_id=stage.id,
            number=1,
            digest=told["digest"],
            protocol_digest=told["protocol_digest"],
            analysis_version=told["analysis_version"],
            content=canonical_json(released_numbers(told)) if content is None else stored(content),
            row_seed="00",
            frozen_at=moment,
        )
        for kind, release in releases(told):
            self.add(Release, result_id=result.id, kind=kind, number=1, released_at=moment, **release)

    def _begin(self) -> None:
        about = self.results["consultation"]
        content = self.package.text("definition.json")
        if hashlib.sha256(content.encode()).hexdigest() != about["definition_digest"]:
            raise NotPossible(Refusal(Code.OTHER_DEFINITION))
        self._began = min(datetime.fromisoformat(row["opens_at"]) for row in self.results["stages"])
        self.consultation = Consultation(
            slug=about["slug"], zone=about["zone"], schedule=about["schedule"], created_at=self._began
        )
        self.session.add(self.consultation)
        self.session.flush()
        self.add(DefinitionRow, version=1, digest=about["definition_digest"], content=content, published_at=self._began)
        locked = self.results["registration"]
        if locked is not None:
            locked_at = datetime.fromisoformat(locked["locked_at"])
            self.add(
                Registration,
                digest=locked["digest"],
                locked_at=locked_at,
                protocol=self.package.document("protocol.json"),
            )

    def _stage(self, row: Told) -> Stage:
        moments = {
            name: datetime.fromisoformat(row[name]) if row[name] else None
            for name in ("opens_at", "closes_at", "opened_at", "closed_at")
        }
        made: Stage = self.add(
            Stage, key=row["key"], kind=row["kind"], position=row["position"], round_number=row["round"], **moments
        )
        return made

    def _measures(self) -> None:
        ids: dict[str, int] = {}
        for row in self.results["measures"]:
            names = ("key", "theme", "position")
            ids[row["key"]] = self.add(Measure, **{name: row[name] for name in names}).id
            for version in row["versions"]:
                made = self.add(MeasureVersion, measure_id=ids[row["key"]], made_at=self._began, **version)
                self.versions[row["key"], version["number"]] = made.id
        for row in self.results["measures"]:
            for stage, asked in row["asked"].items():
                version_id = self.versions[row["key"], asked["version"]]
                self.add(
                    StageMeasure,
                    stage_id=self.stages[stage].id,
                    measure_version_id=version_id,
                    position=asked["position"],
                )
            for fate in row["fates"]:
                stage_id = self.stages[fate["stage"]].id if fate["stage"] else None
                self.add(
                    MeasureFate,
                    measure_id=ids[row["key"]],
                    stage_id=stage_id,
                    fate=fate["fate"],
                    **fates.told(fate),
                    reason_in=fate.get("reason_in"),
                    decided_at=self._began,
                    into_measure_id=ids[fate["into"]] if fate["into"] else None,
                )
        first = min(self.stages.values(), key=lambda stage: stage.position)
        for row in self.results["proposals"]:
            written = ("title", "title_in", "text", "fate", "reason", "reason_in")
            known = {name: row.get(name) for name in written}
            self.add(
                Proposal,
                stage_id=first.id,
                language="",
                **known,
                measure_id=ids[row["measure"]] if row["measure"] else None,
            )

    def _rest(self) -> None:
        for row in self.results["variables"]:
            self.add(VariableRow, **row)
        for row in self.results["deviations"]:
            known = {name: row.get(name) for name in ("kind", "reason", "reason_in", "facts")}
            self.add(Deviation, stage_key=row["stage"], noted_at=self._began, **known)

    def add(self, table: Any, **values: Any) -> Any:
        """A row of this consultation, with its key."""
        row = table(consultation_id=self.consultation.id, **values)
        self.session.add(row)
        self.session.flush()
        return row
