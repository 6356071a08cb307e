"""What the clock asks for, with the mails that go with it."""

from sqlalchemy.orm import Session

from consult.config import Config
from consult.definition.consultation import Definition
from consult.models import Consultation, Stage
from consult.services.mail.notices import tell
from consult.services.mail.reminding import remind_on_the_last_day
from consult.services.rounds.stages import StageAct, stages_of
from consult.services.running.stage_acts import CLOCK, tick


def tick_and_tell(session: Session, consultation: Consultation, definition: Definition, config: Config) -> list[str]:
    """What the clock asks for, and the mails it asks for; returns a line for each act."""

    def told(stage: Stage, act: StageAct) -> None:
        tell(session, consultation, definition, config, stage, act, CLOCK)

    done = tick(session, consultation, told=told)
    for stage in stages_of(session, consultation.id):
        reminded = remind_on_the_last_day(session, consultation, definition, config, stage, CLOCK)
        if reminded:
            done.append(f"reminded {reminded} of {stage.key}")
    return done
