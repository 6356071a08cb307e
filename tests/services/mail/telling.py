"""A panel that is told of what happens to stages."""

import random

from sqlalchemy import select

from consult.config import Config
from consult.models import Draft, Expert, Message, Stage
from consult.services.access import consents
from consult.services.mail import inviting, notices
from consult.services.rounds.stages import StageAct
from consult.services.running import leaving, schedule
from tests.services import playing
from tests.services.conftest import MakeWorld, World


def told(world: World, purpose: str) -> dict[int, str]:
    """By expert, the last mail of that purpose."""
    found = world.session.scalars(select(Message).where(Message.purpose == purpose).order_by(Message.id))
    return {message.expert_id: message.body or "" for message in found}


def tick(world: World, config: Config) -> list[str]:
    return schedule.tick_and_tell(world.session, world.consultation, world.definition, config)


def tell(world: World, config: Config, stage: Stage, act: StageAct) -> int:
    return notices.tell(world.session, world.consultation, world.definition, config, stage, act, "anna")


def submit(world: World, expert: Expert, stage: Stage) -> None:
    playing.answer(
        world.session,
        world.definition,
        world.consultation,
        expert,
        stage,
        rate=playing.any_point,
        text=playing.TEXT,
        chance=random.Random(1),
    )


def begin(world: World, expert: Expert, stage: Stage) -> None:
    world.session.add(
        Draft(
            consultation_id=world.consultation.id,
            stage_id=stage.id,
            expert_id=expert.id,
            name="item-L1",
            values=["3"],
            revision=1,
        )
    )
    world.session.flush()


def make_invited(make_world: MakeWorld, config: Config) -> World:
    """Five experts with links; the first has declined, the second has left."""
    world = make_world(5)
    about = (world.session, world.consultation, world.definition)
    inviting.invite_all(*about, config, "anna")
    for expert in world.experts[2:]:
        playing.agree(world.session, world.definition, expert)
    consents.say_consent(world.session, world.experts[0], world.definition, "en", False)
    leaving.withdraw(world.session, world.experts[1], "anna")
    return world
