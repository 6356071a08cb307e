"""What experts leave behind at a stage: a draft, a submission, a word on consent."""

from consult import clock
from consult.models import Draft, Expert, Submission
from consult.services.access import consents
from tests.services.conftest import World


def draft(world: World, expert: Expert, stage: str) -> None:
    world.session.add(
        Draft(
            consultation_id=world.consultation.id,
            stage_id=world.stage(stage).id,
            expert_id=expert.id,
            name="visits",
            values=["weekly"],
            revision=1,
        )
    )
    world.session.flush()


def submission(world: World, expert: Expert, stage: str, number: int = 1) -> None:
    world.session.add(
        Submission(
            consultation_id=world.consultation.id,
            stage_id=world.stage(stage).id,
            expert_id=expert.id,
            number=number,
            idempotency_key=str(number),
            receipt=f"{expert.code}-{stage}-{number}"[:20],
            channel="web",
            is_late=False,
            submitted_at=clock.utc_now(),
        )
    )
    world.session.flush()


def agree(world: World, expert: Expert, is_given: bool = True) -> None:
    consents.say_consent(world.session, expert, world.definition, "en", is_given)
