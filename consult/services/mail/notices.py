"""Telling people that a stage has opened, closes at another time, or is closed."""

from collections.abc import Iterator, Set

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Config
from consult.definition.consultation import Definition
from consult.models import Consultation, Draft, Expert, Invitation, Stage, Submission
from consult.services.access import invitations, purposes
from consult.services.mail import closing, correspondence, mails, outbox
from consult.services.mail.correspondence import Addressee, title_of, write_to_all
from consult.services.mail.dated import dated
from consult.services.mail.mails import Mail
from consult.services.panel import panel
from consult.services.rounds.saved import saved_only
from consult.services.rounds.stages import StageAct, stages_of


def concerned(session: Session, consultation: Consultation, stage: Stage, act: StageAct) -> list[Addressee]:
    """Whom an act on a stage concerns: invited, with an address, neither left nor declined.

    An opening or a new close: who has not submitted. A close: who submitted or began to. Nobody
    answers an event; only its new time is told.
    """
    if stage.kind == "event" and act is not StageAct.EXTEND:
        return []
    waiting = {item.expert_id: item for item in panel.not_answered(session, consultation, stage)}
    begun = _with(session, Submission, stage) | _with(session, Draft, stage)
    wanted = begun if act is StageAct.CLOSE else waiting.keys()
    return _reached(session, consultation, wanted, waiting.keys() & begun)


def of_the_finish(session: Session, consultation: Consultation) -> list[Addressee]:
    """Whom the end of a consultation concerns: who submitted any stage, as far as mails reach."""
    submitted = select(Submission.expert_id).where(Submission.consultation_id == consultation.id)
    return _reached(session, consultation, set(session.scalars(submitted)))


def _reached(
    session: Session, consultation: Consultation, wanted: Set[int], started: Set[int] = frozenset()
) -> list[Addressee]:
    """Those wanted who were invited, have an address, and neither left nor declined."""
    here = {
        item.expert_id: item
        for item in panel.members(session, consultation)
        if not item.is_withdrawn and item.consent is not False and item.email
    }
    invited = set(session.scalars(select(Invitation.expert_id).where(Invitation.consultation_id == consultation.id)))
    experts = session.scalars(select(Expert).where(Expert.consultation_id == consultation.id).order_by(Expert.code))
    return [
        Addressee(expert, here[expert.id].name, expert.id in started)
        for expert in experts
        if expert.id in wanted and expert.id in invited and expert.id in here
    ]


def _with(session: Session, table: type[Draft] | type[Submission], stage: Stage) -> set[int]:
    return set(session.scalars(select(table.expert_id).where(table.stage_id == stage.id)))


def tell(
    session: Session,
    consultation: Consultation,
    definition: Definition,
    config: Config,
    stage: Stage,
    act: StageAct,
    actor: str,
) -> int:
    """Queue the mails that an act on a stage asks for; returns how many."""
    addressees = concerned(session, consultation, stage, act)
    if act is StageAct.OPEN:
        return correspondence.announce(session, consultation, definition, config, stage, actor, addressees)
    shown = dated(session, consultation, definition)

    def moved(addressee: Addressee) -> Mail:
        expert = addressee.expert
        token = invitations.create_invitation(session, expert, purposes.MOVED, stage)
        address = invitations.link(config, token)
        until = mails.deadline(consultation, shown, expert, stage.closes_at)
        title = title_of(shown, stage, expert)
        return mails.moved(shown, expert.language, addressee.name, title, address, until)

    saved = saved_only(session, stage) if act is StageAct.CLOSE else set()

    def closed(addressee: Addressee) -> Mail | None:
        expert = addressee.expert
        if outbox.next_number(session, expert, purposes.CLOSED, stage.key) > 1:
            return None
        return closing.closed(
            shown,
            expert.language,
            addressee.name,
            title_of(shown, stage, expert),
            " ".join(_following(session, consultation, shown, stage, expert)),
            has_submitted=not addressee.has_started,
            is_saved_only=expert.id in saved,
        )

    purpose, write = {StageAct.EXTEND: (purposes.MOVED, moved), StageAct.CLOSE: (purposes.CLOSED, closed)}[act]
    return write_to_all(session, stage, actor, purpose, addressees, write)


def tell_finished(
    session: Session, consultation: Consultation, definition: Definition, config: Config, stage: Stage, actor: str
) -> int:
    """Queue the mail that the consultation is finished, once for each; `stage`: its last round."""
    shown = dated(session, consultation, definition)
    address = f"{config.public_url.rstrip('/')}/c/{consultation.slug}/public"

    def write(addressee: Addressee) -> Mail | None:
        expert = addressee.expert
        if outbox.next_number(session, expert, purposes.FINISHED, stage.key) > 1:
            return None
        return closing.finished(shown, expert.language, addressee.name, address)

    everyone = of_the_finish(session, consultation)
    return write_to_all(session, stage, actor, purposes.FINISHED, everyone, write)


def _following(
    session: Session, consultation: Consultation, definition: Definition, stage: Stage, expert: Expert
) -> Iterator[str]:
    """The next stage that is to open, if there is one."""
    ahead = [
        item
        for item in stages_of(session, consultation.id)
        if item.kind != "event" and item.opened_at is None and item.opens_at > utc_now()
    ]
    for item in ahead[:1]:
        opens = mails.deadline(consultation, definition, expert, item.opens_at)
        yield closing.following(expert.language, title_of(definition, item, expert), opens)
