"""An expert at a stage: what is asked, saving what is typed, and the way through the pages."""

import hashlib
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from consult.definition.answers import answer_type, problems
from consult.definition.asked import Asked, Problem
from consult.definition.consultation import Definition
from consult.definition.routing import Page, Surroundings, ask_page, heeded, pages
from consult.definition.text import is_blank
from consult.errors import NotFound, StageNotOpen, Withdrawn
from consult.models import Consultation, Draft, Expert, Stage
from consult.services.answering import past
from consult.services.answering.rating_questions import rating_questions
from consult.services.measures import measures
from consult.services.measures.measures import Wording
from consult.services.rounds.stages import takes_answers

Typed = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Step:
    """One page of an expert's way: questions, or one measure."""

    key: str
    asked: tuple[Asked, ...]
    page: Page | None = None
    wording: Wording | None = None

    @property
    def measure_title(self) -> Mapping[str, str] | None:
        """The title of the measure rated here, if one is."""
        return self.wording.title if self.wording else None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that two devices changed: both versions."""

    name: str
    yours: list[str]
    theirs: list[str]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a page that was sent: stored, and what is to be mended or chosen."""

    problems: tuple[Problem, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(slots=True)
class Respondent:
    """One expert at one stage, with the draft and everything that decides what is asked."""

    consultation: Consultation
    definition: Definition
    expert: Expert
    stage: Stage
    drafts: dict[str, Draft]
    earlier: Typed = field(default_factory=dict)
    wordings: tuple[Wording, ...] = ()
    measure_choices: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]] = field(
        default_factory=dict
    )
    priorities: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]] = field(
        default_factory=dict
    )
    behind: dict[str, str] = field(default_factory=dict)
    """Marks of inputs whose page still shows an older value than the one stored."""
    _steps: list[Step] | None = None

    @property
    def typed(self) -> Typed:
        """The draft: input name -> values."""
        return {name: list(draft.values) for name, draft in self.drafts.items()}

    def around(self) -> Surroundings:
        """What decides how questions are asked now; `inputs` are the answers that count."""
        before = Surroundings(
            self.definition,
            self.earlier,
            self.measure_choices,
            self.priorities,
            seed=f"{self.expert.pseudonym}:{self.stage.key}",
        )
        questionnaire = self.definition.questionnaire_of(self.stage.key)
        if questionnaire is None:
            return replace(before, inputs={**self.earlier, **self.typed})
        return replace(before, inputs=heeded(questionnaire, before, self.typed))

    def steps(self) -> list[Step]:
        """The pages this expert goes through, in order; skipped ones left out."""
        if self._steps is None:
            self._steps = self._find_steps()
        return self._steps

    def forget_steps(self) -> None:
        """After an answer changed: routing may lead elsewhere now."""
        self._steps = None

    def _find_steps(self) -> list[Step]:
        found = [self.rating_step(wording) for wording in self.ordered_wordings()]
        questionnaire = self.definition.questionnaire_of(self.stage.key)
        if questionnaire is not None:
            around = self.around()
            for page in pages(questionnaire):
                asked = ask_page(page, around)
                if asked:
                    found.append(Step(page.key, asked, page=page))
        return found

    def ordered_wordings(self) -> list[Wording]:
        """The round's measures in this expert's own random order, themes kept together."""
        chance = random.Random(f"{self.expert.pseudonym}:{self.stage.key}:order")
        themes = sorted({wording.measure.theme for wording in self.wordings})
        chance.shuffle(themes)
        found: list[Wording] = []
        for theme in themes:
            inside = [item for item in self.wordings if item.measure.theme == theme]
            chance.shuffle(inside)
            found += inside
        return found

    def rating_step(self, wording: Wording) -> Step:
        """The page of one measure: a scale for each criterion, the comment, the wording."""
        return Step(wording.key, rating_questions(self.definition, wording.key), wording=wording)

    def step(self, key: str) -> Step:
        """The page of that key. Raises NotFound when routing does not lead there."""
        for step in self.steps():
            if step.key == key:
                return step
        raise NotFound("this page is not part of your questionnaire")


def respondent(
    session: Session, consultation: Consultation, definition: Definition, expert: Expert,
    stage: Stage,
) -> Respondent:  # fmt: skip
    """Load an expert at a stage: draft, earlier answers that routing reads, measures."""
    found_drafts = session.scalars(_drafts(consultation, expert, stage))
    drafts = {draft.name: draft for draft in found_drafts}
    found = Respondent(consultation, definition, expert, stage, drafts)
    if stage.kind == "round":
        found.wordings = tuple(measures.wordings_in_stage(session, stage))
    questionnaire = definition.questionnaire_of(stage.key)
    if questionnaire is not None:
        found.measure_choices = past.measure_choices(session, stage, questionnaire)
        found.priorities = past.priorities(session, consultation.id, questionnaire)
        found.earlier = past.earlier_inputs(session, consultation.id, definition, expert,
                                            questionnaire)  # fmt: skip
    return found


def hold(session: Session, given: Respondent) -> None:
    """Let this expert's other devices wait for this transaction, and read what they stored.

    The stage is held too, shared among experts: it cannot be closed between check and storing.
    """
    session.flush()
    session.refresh(given.stage, with_for_update={"read": True})
    session.refresh(given.expert, with_for_update={"key_share": True})
    drafts = session.scalars(
        _drafts(given.consultation, given.expert, given.stage).execution_options(
            populate_existing=True
        )
    )
    given.drafts = {draft.name: draft for draft in drafts}
    given.forget_steps()


def _drafts(consultation: Consultation, expert: Expert, stage: Stage) -> Select[Draft]:
    return select(Draft).where(
        Draft.consultation_id == consultation.id,
        Draft.stage_id == stage.id,
        Draft.expert_id == expert.id,
    )


def require_open(given: Respondent) -> None:
    """Raise StageNotOpen or Withdrawn unless answers are accepted now."""
    if given.expert.withdrawn_at is not None:
        raise Withdrawn()
    if not takes_answers(given.stage, given.definition.grace):
        raise StageNotOpen(f"'{given.stage.key}' takes no answers now")


def mark(draft: Draft | None) -> str:
    """What a page says it has seen of a value: revision and a short digest of it."""
    return f"{draft.revision if draft else 0}:{_short(draft.values if draft else [])}"


def marks(given: Respondent, names: Iterable[str]) -> dict[str, str]:
    """The marks of several values.

    An input that was left alone while another device changed it keeps the mark it had: the page
    still shows the older value, which must not pass for a change of the newer one.
    """
    return {name: given.behind.get(name) or mark(given.drafts.get(name)) for name in names}


def _short(values: Sequence[str]) -> str:
    joined = "\x1f".join(value.replace("\r\n", "\n") for value in values)
    return hashlib.sha256(joined.encode()).hexdigest()[:8]


def save(
    session: Session,
    given: Respondent,
    asked: Iterable[Asked],
    posted: Mapping[str, Sequence[str]],
    seen: Mapping[str, str],
) -> Saved:
    """Store what was typed on one page, valid or not, and say what is wrong with it.

    `seen` holds for each input what the page had seen (`mark`). A value changed elsewhere since,
    and changed here too, is a conflict: the stored one stays until the expert chooses.
    """
    hold(session, given)
    require_open(given)
    questions = list(asked)
    conflicts = []
    for name in (name for item in questions for name in answer_type(item).names(item)):
        values = [value for value in posted.get(name, ()) if not is_blank(value)]
        draft = given.drafts.get(name)
        stored = list(draft.values) if draft else []
        if values == stored and draft is not None:
            continue
        revision, _, digest = seen.get(name, "0:").partition(":")
        # Saved elsewhere since; what counts is whether the value is another one now.
        is_newer = draft is not None and revision != str(draft.revision)
        if is_newer and digest != _short(stored):
            if digest == _short(values):
                given.behind[name] = seen[name]
                continue  # untouched on this device: what the other one stored stands
            conflicts.append(Conflict(name, values, stored))
            continue
        if draft is None:
            draft = Draft(
                consultation_id=given.consultation.id,
                stage_id=given.stage.id,
                expert_id=given.expert.id,
                name=name,
                values=values,
                revision=1,
            )
            session.add(draft)
            given.drafts[name] = draft
        else:
            draft.values, draft.revision = values, draft.revision + 1
    session.flush()
    given.forget_steps()
    return Saved(page_problems(given, questions), tuple(conflicts))


def page_problems(given: Respondent, asked: Iterable[Asked]) -> tuple[Problem, ...]:
    """What is wrong with the draft of one page, right after it was sent or any time later."""
    typed = {**given.earlier, **given.typed}
    return tuple(problem for item in asked for problem in problems(item, typed))
