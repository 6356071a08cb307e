"""Consultations in which people leave and are erased, and the files somebody took at every moment.

Made from a seed at the level of the services: answers go straight into the tables, stages are
opened, closed and frozen as always. Beside the files stands what whoever runs the consultation
knows of people by name, and, for the judge only, the truth.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from analysis.model.stage import ReleasedStage
from consult import clock
from consult.definition.consultation import Definition
from consult.models import Answer, Consultation, Contact, Expert, Stage, Submission, VariableRow
from consult.services import briefings
from consult.services.files import downloads
from consult.services.files.csvfile import lines
from consult.services.files.table_source import TableSource
from consult.services.frozen.codebook import CodebookVariable, codebook
from consult.services.panel import importing
from consult.services.running import leaving, publishing, stage_acts
from tests.services import playing
from tests.services.conftest import BEFORE, panel_file, reworked, town_library

STAGES = ("first-look", "round-1", "round-2", "last-look")
MEASURES = 3
FILES = (
    *("distributions.csv", "before-after.csv", "consensus-table.csv", "participation.csv"),
    *("ratings-long.csv", "ratings-wide.csv", "answers-long.csv", "answers-wide.csv"),
    "free-texts.csv",
)
LEAVERS = (1, 3)
SIZES = (12, 26)


@cache
def long_inquiry() -> Definition:
    """The town library with two rounds of few measures, and a questionnaire before and after."""
    content = town_library().model_dump(mode="json", by_alias=True, exclude_none=True)
    asked = content["questionnaires"]
    (before,) = [
        question
        for section in asked["first-look"]["sections"]
        for question in section["questions"]
        if question["key"] == "satisfied"
    ]
    again = {**before, "key": "satisfied-now", "reask": "satisfied"}
    asked["last-look"] = {
        "key": "last-look",
        "title": "Last look",
        "sections": [{"key": "again", "title": "Again", "questions": [again]}],
    }
    kinds = [
        {"key": key, "title": key, "kind": "round", "round": int(key[-1])}
        if key.startswith("round")
        else {"key": key, "title": key, "kind": "survey", "questionnaire": key}
        for key in STAGES
    ]
    windows = {
        key: {"opens": f"2026-{month:02}-01 08:00", "closes": f"2026-{month:02}-15 20:00"}
        for month, key in enumerate(STAGES, start=7)
    }
    return reworked(
        town_library(),
        stages=kinds,
        schedules={"autumn": {"default": True, "stages": windows}},
        questionnaires=asked,
        measures={**content["measures"], "measures": content["measures"]["measures"][:MEASURES]},
    )


@dataclass(frozen=True)
class Known:
    """What the panel list and the board tell of one person, by name."""

    group: str | None
    answered: frozenset[str]
    left: bool


@dataclass
class Taken:
    """The files of one moment: after a freeze, a withdrawal or an erasure (`act`, of `whom`).

    `numbers` and `texts` are what `results.json` of the package says: by stage everything released,
    and how many texts each question got.
    """

    act: str
    whom: int | None
    files: dict[str, str]
    numbers: dict[str, ReleasedStage]
    texts: dict[str, int]


@dataclass
class Story:
    """One consultation: the files, the people by name, and the truth for the judge."""

    taken: list[Taken] = field(default_factory=list)
    people: dict[int, Known] = field(default_factory=dict)
    pseudonyms: dict[int, str] = field(default_factory=dict)
    counted: dict[str, set[int]] = field(default_factory=dict)
    leavers: list[int] = field(default_factory=list)


class Telling:
    """Makes one story; who answers what, who leaves and when follows from the seed."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session, self.chance = session, random.Random(seed)
        self.story = Story()
        definition = long_inquiry()
        with clock.set_to(BEFORE.replace(month=6)):
            self.here: Consultation = publishing.publish(session, definition, actor="test", slug=f"story-{seed}")
            size = self.chance.randint(*SIZES)
            importing.import_panel(session, self.here, definition, panel_file(size), "test")
        self.experts = list(
            session.scalars(
                select(Expert)
                .join(Contact, Contact.expert_id == Expert.id)
                .where(Expert.consultation_id == self.here.id)
                .order_by(Contact.email)
            )
        )
        for expert in self.experts:
            playing.agree(session, definition, expert)
        self.groups = {expert.id: expert.reporting_group for expert in self.experts}
        self.story.pseudonyms = {expert.id: expert.pseudonym for expert in self.experts}
        leaving = self.chance.sample(self.experts, self.chance.randint(*LEAVERS))
        self.leaves = {one.id: self.chance.randint(0, len(STAGES) - 2) for one in leaving}
        self.erased_after = {
            one.id: self.leaves[one.id] + self.chance.randint(0, 2) for one in leaving if self.chance.random() < 0.4
        }
        self.silence = self.chance.choice((0.0, 0.03, 0.15, 0.3))
        self.stops = self._wave() if self.chance.random() < 0.6 else {}
        self.answered: dict[int, set[str]] = {expert.id: set() for expert in self.experts}

    def _wave(self) -> dict[int, int]:
        """Some of each group stop all at once, and nobody else is silent: rows stay for longer."""
        self.silence, after = 0.0, self.chance.randint(0, len(STAGES) - 2)
        self.leaves = dict.fromkeys(self.leaves, after)
        self.erased_after = {one: max(place, after) for one, place in self.erased_after.items()}
        return {
            expert.id: after
            for group in sorted(set(self.groups.values()), key=str)
            for expert in self.chance.sample([one for one in self.experts if one.reporting_group == group], 4)
        }

    def tell(self) -> Story:
        """Play it to the end."""
        for place, key in enumerate(STAGES):
            stage = self.session.scalars(
                select(Stage).where(Stage.consultation_id == self.here.id, Stage.key == key)
            ).one()
            with clock.set_to(stage.opens_at):
                stage_acts.open_stage(self.session, self.here, stage, actor="test")
                self._answer(stage, place)
            with clock.set_to(stage.closes_at + timedelta(hours=1)):
                stage_acts.close_stage(self.session, self.here, stage, actor="test")
            self._take("freeze", None)
            with clock.set_to(stage.closes_at + timedelta(days=1)):
                self._leave(place)
        self.story.people = {
            expert.id: Known(self.groups[expert.id], frozenset(self.answered[expert.id]), expert.id in self.leaves)
            for expert in self.experts
        }
        self.story.leavers = sorted(self.leaves)
        return self.story

    def _leave(self, place: int) -> None:
        """Those whose time has come leave, one after the other; some are erased later."""
        for expert in self.experts:
            if self.leaves.get(expert.id) == place:
                leaving.withdraw(self.session, expert, "test")
                self._take("withdraw", expert.id)
            if self.erased_after.get(expert.id) == place:
                leaving.erase(self.session, expert, "test")
                self._take("erase", expert.id)

    def _answer(self, stage: Stage, place: int) -> None:
        variables = codebook(self.session, self.here).values()
        asked = [variable for variable in variables if stage.key in variable.stages]
        ids = dict(
            self.session.execute(
                select(VariableRow.key, VariableRow.id).where(VariableRow.consultation_id == self.here.id)
            ).all()
        )
        version = playing.versions(self.session, stage) if stage.kind == "round" else {}
        self.story.counted[stage.key] = set()
        for expert in self.experts:
            is_silent = place > self.stops.get(expert.id, len(STAGES))
            is_silent |= self.chance.random() < self.silence
            if expert.withdrawn_at is not None or is_silent:
                continue
            self.answered[expert.id].add(stage.key)
            self.story.counted[stage.key].add(expert.id)
            inside = {"consultation_id": self.here.id}
            made = Submission(
                **inside,
                stage_id=stage.id,
                expert_id=expert.id,
                number=1,
                idempotency_key="once",
                receipt=f"{self.here.id}-{stage.id}-{expert.id}",
                channel="web",
                is_late=False,
                submitted_at=stage.opens_at,
            )
            self.session.add(made)
            self.session.flush()
            self.session.execute(
                insert(Answer),
                [
                    {
                        **inside,
                        "submission_id": made.id,
                        "variable_id": ids[column.key],
                        "measure_version_id": version.get(column.question),
                        **given,
                    }
                    for column in asked
                    for given in self._given(column, expert)
                ],
            )

    def _given(self, column: CodebookVariable, expert: Expert) -> Iterator[dict[str, Any]]:
        given: dict[str, Any] = {"value": None, "text": None, "state": None}
        if column.level == "text":
            if self.chance.random() < 0.5:
                yield {**given, "text": f"{column.key} {self.chance.random()}"}
        elif self.chance.random() < 0.12:
            yield {**given, "state": self.chance.choice(("dont_know", "blank"))}
        elif column.values and not column.codes:
            yield {**given, "value": int(self.chance.choice(list(column.values)))}
        else:
            yield {**given, "value": self.chance.randrange(max(2, len(column.codes)))}

    def _take(self, act: str, whom: int | None) -> None:
        self.session.flush()
        self.session.expire_all()
        source = TableSource(self.session, self.here, "en", frozen_only=True)
        files = {}
        for name in FILES:
            table = downloads.FILES[name].table(source)
            files[name] = "".join(lines(table.header, table.rows))
        numbers = {frozen.stage.key: frozen.numbers for frozen in source.frozen}
        texts = dict(briefings.gather(self.session, self.here, "en").free_texts)
        self.story.taken.append(Taken(act, whom, files, numbers, texts))
