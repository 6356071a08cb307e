"""An expert at a stage: what is asked, saving what is typed, and the way through the pages."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy.orm import Session

from consult.definition.asked import AskedQuestion
from consult.definition.choosing import RoutingContext
from consult.definition.consultation import Definition
from consult.definition.routing import Page, ask_page, inputs_that_count, pages
from consult.errors import NotFound
from consult.models import Consultation, Expert, Stage
from consult.refusals.codes import Code, Refusal
from consult.services.answering import past
from consult.services.answering.drafts import DraftValue, Snapshot, only_writer, read_drafts, snapshot
from consult.services.answering.feedback_types import Feedback
from consult.services.answering.rating_questions import rating_questions
from consult.services.measures import measures
from consult.services.measures.measures import Wording

Typed = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Step:
    """One page of an expert's way: questions, or one measure."""

    key: str
    asked: tuple[AskedQuestion, ...]
    page: Page | None = None
    wording: Wording | None = None

    @property
    def measure_title(self) -> Mapping[str, str] | None:
        """The title of the measure rated here, if one is."""
        return self.wording.title if self.wording else None


@dataclass(slots=True)
class Respondent:
    """One expert at one stage, with the draft and everything that decides what is asked."""

    consultation: Consultation
    definition: Definition
    expert: Expert
    stage: Stage
    drafts: dict[str, DraftValue]
    earlier: Typed = field(default_factory=dict)
    wordings: tuple[Wording, ...] = ()
    measure_choices: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]] = field(default_factory=dict)
    priorities: Mapping[str, tuple[tuple[str, Mapping[str, str]], ...]] = field(default_factory=dict)
    behind: dict[str, str] = field(default_factory=dict)
    """Marks of inputs whose page still shows an older value than the one stored."""
    feedback: dict[str, Feedback | None] = field(default_factory=dict)
    """What was fed back on the measures that were asked about, by key."""
    held: Snapshot | None = None
    """Where the draft was read while nobody else could write for this expert, nor close the stage."""
    _steps: list[Step] | None = None
    _context: RoutingContext | None = None
    _before: past.RoundBefore | None = None
    _knows_before: bool = False

    def before(self, session: Session) -> past.RoundBefore | None:
        """The round before this one; read once."""
        if not self._knows_before:
            self._before, self._knows_before = past.round_before(session, self.expert, self.stage), True
        return self._before

    @property
    def typed(self) -> Typed:
        """The draft: input name -> values."""
        return {name: list(draft.values) for name, draft in self.drafts.items()}

    def context(self) -> RoutingContext:
        """What decides how questions are asked now; `inputs` are the answers that count."""
        if self._context is None:
            self._context = self._find_context()
        return self._context

    def _find_context(self) -> RoutingContext:
        before = RoutingContext(
            self.definition,
            self.earlier,
            self.measure_choices,
            self.priorities,
            seed=f"{self.expert.pseudonym}:{self.stage.key}",
        )
        questionnaire = self.definition.questionnaire_of(self.stage.key)
        if questionnaire is None:
            return replace(before, inputs={**self.earlier, **self.typed})
        return replace(before, inputs=inputs_that_count(questionnaire, before, self.typed))

    def steps(self) -> list[Step]:
        """The pages this expert goes through, in order; skipped ones left out."""
        if self._steps is None:
            self._steps = self._find_steps()
        return self._steps

    def forget_steps(self) -> None:
        """After an answer changed: routing may lead elsewhere now."""
        self._steps = self._context = None

    def _find_steps(self) -> list[Step]:
        found = [self.rating_step(wording) for wording in self.ordered_wordings()]
        questionnaire = self.definition.questionnaire_of(self.stage.key)
        if questionnaire is not None:
            context = self.context()
            for page in pages(questionnaire):
                asked = ask_page(page, context)
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
        raise NotFound(Refusal(Code.NO_SUCH_PAGE))


def find_respondent(
    session: Session,
    consultation: Consultation,
    definition: Definition,
    expert: Expert,
    stage: Stage,
    *,
    is_held: bool = False,
) -> Respondent:
    """Load an expert at a stage: draft, earlier answers that routing reads, measures.

    `is_held`: this transaction holds the rows of expert and stage already.
    """
    found = Respondent(consultation, definition, expert, stage, read_drafts(session, expert, stage))
    if is_held or only_writer(session):
        found.held = snapshot(session)
    if stage.kind == "round":
        found.wordings = tuple(measures.wordings_in_stage(session, stage))
    questionnaire = definition.questionnaire_of(stage.key)
    if questionnaire is not None:
        found.measure_choices = past.measure_choices(session, stage, questionnaire)
        found.priorities = past.priorities(session, consultation.id, questionnaire)
        found.earlier = past.earlier_inputs(session, consultation.id, definition, expert, questionnaire)
    return found
