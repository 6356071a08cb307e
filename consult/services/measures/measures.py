"""Measures: all there ever were, in which wording, which are live, and what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.errors import NotFound
from consult.fates import FINAL, GONE
from consult.models import Measure, MeasureFate, MeasureVersion, Stage, StageMeasure
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Named


@dataclass(frozen=True, slots=True)
class Wording:
    """A measure with one of its wordings."""

    measure: Measure
    version: MeasureVersion

    @property
    def key(self) -> str:
        return self.measure.key

    @property
    def title(self) -> Mapping[str, str]:
        title: Mapping[str, str] = self.version.content["title"]
        return title

    @property
    def text(self) -> Mapping[str, str]:
        text: Mapping[str, str] = self.version.content["text"]
        return text


def newest_wordings(session: Session, consultation_id: int) -> list[Wording]:
    """Every measure there ever was, with its newest wording, in the list's order."""
    newest = (
        select(MeasureVersion.measure_id, func.max(MeasureVersion.number).label("number"))
        .where(MeasureVersion.consultation_id == consultation_id)
        .group_by(MeasureVersion.measure_id)
        .subquery()
    )
    rows = session.execute(
        select(Measure, MeasureVersion)
        .join(newest, newest.c.measure_id == Measure.id)
        .join(MeasureVersion, (MeasureVersion.measure_id == Measure.id) & (MeasureVersion.number == newest.c.number))
        .where(Measure.consultation_id == consultation_id)
        .order_by(Measure.position)
    )
    return [Wording(measure, version) for measure, version in rows]


def newest_fates(session: Session, consultation_id: int) -> dict[int, MeasureFate]:
    """The newest fate of each measure that has one, by measure id."""
    rows = session.scalars(
        select(MeasureFate).where(MeasureFate.consultation_id == consultation_id).order_by(MeasureFate.id)
    )
    return {fate.measure_id: fate for fate in rows}


def surviving_wordings(session: Session, consultation_id: int) -> list[Wording]:
    """Measures neither dropped nor merged away; settled ones included."""
    fates = newest_fates(session, consultation_id)
    gone = {key for key, fate in fates.items() if fate.fate in GONE}
    found = newest_wordings(session, consultation_id)
    return [wording for wording in found if wording.measure.id not in gone]


def live_wordings(session: Session, consultation_id: int) -> list[Wording]:
    """Measures that go into the next round."""
    fates = newest_fates(session, consultation_id)
    done = {key for key, fate in fates.items() if fate.fate in FINAL}
    found = newest_wordings(session, consultation_id)
    return [wording for wording in found if wording.measure.id not in done]


def wordings_in_stage(session: Session, stage: Stage) -> list[Wording]:
    """What a round asks, in the wording on screen."""
    rows = session.execute(
        select(Measure, MeasureVersion)
        .join(MeasureVersion, MeasureVersion.measure_id == Measure.id)
        .join(StageMeasure, StageMeasure.measure_version_id == MeasureVersion.id)
        .where(StageMeasure.stage_id == stage.id, StageMeasure.consultation_id == stage.consultation_id)
        .order_by(StageMeasure.position)
    )
    return [Wording(measure, version) for measure, version in rows]


def find_measure(session: Session, consultation_id: int, key: str) -> Wording:
    """The newest wording of the measure of that key. Raises NotFound."""
    for wording in newest_wordings(session, consultation_id):
        if wording.key == key:
            return wording
    raise NotFound(Refusal(Code.NO_SUCH_MEASURE, Named(key)))
