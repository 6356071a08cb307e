"""Reminders with a personal link: when a person asks for them, and on the last day of a stage."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Config
from consult.definition.consultation import Definition
from consult.models import Consultation, Stage
from consult.services.access import invitations, purposes
from consult.services.mail import mails, outbox, reminders
from consult.services.mail.correspondence import Addressee, may_answer, title_of, write_to_all
from consult.services.mail.dated import dated
from consult.services.mail.mails import Mail
from consult.services.rounds import saved
from consult.services.rounds.stages import StageState, state


def remind(
    session: Session, consultation: Consultation, definition: Definition, config: Config, stage: Stage, actor: str
) -> int:
    """Queue a reminder to everyone who has not submitted a stage; returns how many.

    Who wants no more reminders gets none, and nobody a second one while the first waits in the
    outbox. Each holds a further link, as only hashes are kept, in place of the one in the reminder
    before; other links stay valid.
    """
    write = _reminder(session, consultation, definition, config, stage, purposes.REMINDER)
    return write_to_all(session, stage, actor, purposes.REMINDER, may_answer(session, consultation, stage), write)


LAST_DAY = timedelta(days=1)
"""How long before its close who has begun a stage is reminded."""


def remind_on_the_last_day(
    session: Session, consultation: Consultation, definition: Definition, config: Config, stage: Stage, actor: str
) -> int:
    """Queue a reminder, once, to everyone who has begun a stage that closes within a day; returns how many.

    Not of a stage that is open for no longer than two days: its first mail is hardly read.
    """
    is_last_day = utc_now() >= stage.closes_at - LAST_DAY and stage.closes_at - stage.opens_at > 2 * LAST_DAY
    if stage.kind == "event" or state(stage, definition.grace) is not StageState.OPEN or not is_last_day:
        return 0
    begun = [
        addressee
        for addressee in may_answer(session, consultation, stage)
        if addressee.has_started
        and outbox.next_number(session, addressee.expert, purposes.LAST_DAY, stage.key) == 1
        and not outbox.is_waiting(session, addressee.expert, purposes.REMINDER, stage.key)
    ]
    write = _reminder(session, consultation, definition, config, stage, purposes.LAST_DAY)
    return write_to_all(session, stage, actor, purposes.LAST_DAY, begun, write)


def _reminder(
    session: Session, consultation: Consultation, definition: Definition, config: Config, stage: Stage, purpose: str
) -> Callable[[Addressee], Mail | None]:
    """Writes a reminder with a link of its own; none to who wants no more, or has one waiting."""
    shown = dated(session, consultation, definition)
    stopped = reminders.stopped(session, consultation)
    is_declared = saved.is_declared(definition, stage)
    refused = saved.who_refused(session, stage) if is_declared else set()

    def write(addressee: Addressee) -> Mail | None:
        expert = addressee.expert
        if expert.id in stopped or outbox.is_waiting(session, expert, purpose, stage.key):
            return None
        token = invitations.create_invitation(session, expert, purpose, stage)
        return mails.reminder(
            shown,
            expert.language,
            addressee.name,
            title_of(shown, stage, expert),
            invitations.link(config, token),
            mails.deadline(consultation, shown, expert, stage.closes_at),
            has_started=addressee.has_started,
            counts_saved=is_declared and expert.id not in refused,
        )

    return write
