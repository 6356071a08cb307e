"""The whole definition: everything a consultation's folder says."""

import hashlib
from functools import cached_property
from typing import Literal

from pydantic import Field

from analysis.protocol.protocol import Protocol
from consult.canonical import canonical_json
from consult.definition.measure import Evidence, Measures
from consult.definition.parts import KEBAB, ConsentText, Contact, PanelText, Privacy, Schedule, SourceText, StageText
from consult.definition.question import AnyQuestion, Questionnaire
from consult.definition.rules import ProtocolText, build_protocol
from consult.definition.scale import Option, Scale
from consult.definition.text import Strict, Text


class Definition(Strict):
    """The published content of a consultation's folder, whole."""

    format: Literal["1"]
    slug: str = Field(pattern=KEBAB, max_length=60)
    title: Text
    short_title: Text
    purpose: Text
    organiser: Text
    disclaimer: Text | None = None
    contact: Contact
    zone: str
    languages: tuple[str, ...] = Field(min_length=1)
    nominal_date: str | None = Field(default=None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    privacy: Privacy
    consent: ConsentText
    panel: PanelText = PanelText()
    stages: tuple[StageText, ...]
    schedules: dict[str, Schedule]
    grace: int = Field(default=60, ge=0, le=86_400)
    protocol: ProtocolText = ProtocolText()
    lists: dict[str, tuple[Option, ...]] = {}
    scales: dict[str, Scale] = {}
    sources: tuple[SourceText, ...] = ()
    measures: Measures | None = None
    questionnaires: dict[str, Questionnaire] = {}

    def canonical(self) -> str:
        """Canonical JSON of the definition: sorted keys, no spaces."""
        return canonical_json(self.model_dump(mode="json", by_alias=True, exclude_none=True))

    def digest(self) -> str:
        """SHA-256 of the canonical JSON, 64 hex digits."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()

    def stage(self, key: str) -> StageText:
        return next(stage for stage in self.stages if stage.key == key)

    def questionnaire_of(self, stage_key: str) -> Questionnaire | None:
        name = self.stage(stage_key).questionnaire
        return self.questionnaires[name] if name is not None else None

    @cached_property
    def questions(self) -> dict[str, AnyQuestion]:
        """Every question by its key (keys are unique over the consultation)."""
        return {
            question.key: question
            for questionnaire in self.questionnaires.values()
            for question in questionnaire.questions()
        }

    @cached_property
    def rules(self) -> Protocol:
        """The protocol as `analysis` reads it."""
        criteria = self.measures.criteria if self.measures else ()
        return build_protocol(self.protocol, self.scales, criteria)

    @cached_property
    def evidence(self) -> dict[str, tuple[Evidence, ...]]:
        """By measure, the evidence not later than the nominal date; of a year or month its last day counts."""
        nominal = self.nominal_date
        found = {
            item.key: tuple(piece for piece in item.evidence if nominal is None or piece.last_day <= nominal)
            for item in (self.measures.measures if self.measures else ())
        }
        return {key: pieces for key, pieces in found.items() if pieces}

    @cached_property
    def default_schedule(self) -> str:
        """The schedule marked default, else the first."""
        marked = [key for key, schedule in self.schedules.items() if schedule.default]
        return marked[0] if marked else next(iter(self.schedules))

    def scale_of(self, criterion: str) -> Scale:
        """The scale a criterion is rated on."""
        assert self.measures is not None
        key = next(item.scale for item in self.measures.criteria if item.key == criterion)
        return self.scales[key]
