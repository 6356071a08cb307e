"""Comments and proposals in a first round, its close, and what is seen of them."""

from sqlalchemy import select

from consult import clock
from consult.models import Proposal
from consult.services.answering.responding import find_respondent
from consult.services.answering.saving import marks, save
from consult.services.answering.submitting import submit
from consult.services.measures import comments
from consult.services.running import stage_acts
from tests.services.conftest import World

IDEA = {"ideas.1.title": ["A garden"], "ideas.1.what": ["Trees for everyone"]}


def say(world: World, expert: int, comment: str, idea: dict[str, list[str]] | None = None, key: str = "one") -> None:
    stage = world.stage("round-1")
    given = find_respondent(world.session, world.consultation, world.definition, world.experts[expert], stage)
    posted = {"L1.wish": ["5"], "L1.wish.reason": [comment], **(idea or {})}
    with clock.set_to(stage.opens_at):
        for step in given.steps():
            save(world.session, given, step.asked, posted, marks(given, given.drafts))
        submit(world.session, given, idempotency_key=key)


def close(world: World) -> None:
    stage = world.stage("round-1")
    with clock.set_to(stage.closes_at.replace(day=20)):
        stage_acts.close_stage(world.session, world.consultation, stage, actor="test")


def open_next(world: World) -> None:
    stage = world.stage("round-2")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")


def texts(world: World, state: str | None = None) -> list[str]:
    found = comments.comments(world.session, world.consultation, state)
    return sorted(view.text for view in found)


def only(world: World, text: str) -> comments.CommentView:
    (found,) = (view for view in comments.comments(world.session, world.consultation) if view.text == text)
    return found


def proposal(world: World, title: str) -> Proposal:
    return world.session.scalars(select(Proposal).where(Proposal.title == title)).one()
