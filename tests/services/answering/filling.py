"""Going through the pages of the questionnaire with every type of question, and submitting."""

from collections.abc import Mapping

from sqlalchemy import select

from consult import clock
from consult.definition.answers import Stored
from consult.definition.variables import questionnaire_variables
from consult.models import Answer, Submission, VariableRow
from consult.services.answering.responding import Respondent, find_respondent
from consult.services.answering.saving import marks, save
from consult.services.answering.submitting import submit
from consult.services.running import stage_acts
from tests.services.conftest import World

Inputs = Mapping[str, list[str]]


READY: dict[str, list[str]] = {
    "agree": ["yes"],
    "role": ["reader"],
    "sectors": ["health", "trade"],
    "closeness.health": ["5"],
    "closeness.trade": ["no:dont_know"],
    "joined": ["no"],
    "shares": ["no:dont_know"],
    "mood": ["no:abstained"],
    "named": ["yes"],
}


def opened(world: World, key: str) -> World:
    stage = world.stage(key)
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    return world


def load(world: World, expert: int = 0, key: str = "first-look") -> Respondent:
    return find_respondent(world.session, world.consultation, world.definition, world.experts[expert], world.stage(key))


def fill(world: World, inputs: Inputs, *, leave: tuple[str, ...] = (), expert: int = 0) -> None:
    """Go through all pages but those left out, and type these answers."""
    given, done = load(world, expert), set(leave)
    with clock.set_to(given.stage.opens_at):
        while todo := [step for step in given.steps() if step.key not in done]:
            asked = todo[0].asked
            save(world.session, given, asked, inputs, marks(given, given.drafts))
            done.add(todo[0].key)


def send(world: World, key: str = "one", expert: int = 0, stage: str = "first-look") -> Submission:
    given = load(world, expert, stage)
    with clock.set_to(given.stage.opens_at):
        return submit(world.session, given, idempotency_key=key)


def answers(world: World, submission: Submission) -> dict[str, Stored]:
    rows = world.session.execute(
        select(VariableRow.key, Answer.value, Answer.text, Answer.state)
        .join(Answer, Answer.variable_id == VariableRow.id)
        .where(Answer.submission_id == submission.id)
    )
    return {key: Stored(*values) for key, *values in rows}


def columns(world: World) -> set[str]:
    questionnaire = world.definition.questionnaires["first-look"]
    found = questionnaire_variables(questionnaire, world.definition)
    return {item.key for item in found if item.recipient == "analysis"}
