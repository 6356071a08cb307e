"""What the clock asks for, with the mails that go with it."""

from sqlalchemy.orm import Session

from consult.config import Config
from consult.definition.consultation import Definition
from consult.models import Consultation, Stage
from consult.services.mail.notices import tell
from consult.services.rounds.stages import StageAct
from consult.services.running.stage_acts import CLOCK, tick


def tick_and_tell(session: Session, consultation: Consultation, definition: Definition, config: Config) -> list[str]:
    """What the clock asks for, and the mails it asks for; returns a line for each act."""

    def told(stage: Stage, act: StageAct) -> None:
        tell(session, consultation, definition, config, stage, act, CLOCK)

    return tick(session, consultation, told=told)
