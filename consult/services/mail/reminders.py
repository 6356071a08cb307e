"""No more reminders: an expert's wish, told by one click in a mail; it never means leaving."""

import hmac
import re
from base64 import urlsafe_b64encode

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.config import Config
from consult.errors import LinkNotValid
from consult.models import Consultation, Contact, Expert, Message
from consult.models.base import HANDLE
from consult.refusals.codes import Code, Refusal
from consult.services.access.purposes import REMINDING

MAC_BYTES = 24
NUMBER = re.compile(r"[1-9][0-9]{0,14}")


def stop_token(config: Config, expert: Expert) -> str:
    """What stands in the address that ends an expert's reminders.

    It follows from the secret key, so that nothing is stored of it; it opens nothing else.
    """
    return f"{expert.handle}-{_mac(config, expert)}"


def _mac(config: Config, expert: Expert) -> str:
    told = f"no more reminders\n{expert.consultation_id}\n{expert.id}\n{expert.pseudonym}"
    mac = hmac.digest(config.secret_key.encode(), told.encode(), "sha256")
    return urlsafe_b64encode(mac[:MAC_BYTES]).decode()


def stop_address(config: Config, consultation: Consultation, expert: Expert) -> str:
    """The address itself, built from the configured one only."""
    base = config.public_url.rstrip("/")
    return f"{base}/c/{consultation.slug}/no-reminders/{stop_token(config, expert)}"


def expert_of_token(session: Session, consultation: Consultation, config: Config, token: str) -> Expert:
    """Whose reminders this address ends. Raises LinkNotValid.

    Addresses in mails sent before experts had handles begin with a row's number; they work on.
    """
    name, _, mac = token.partition("-")
    column: ColumnElement[bool] = Expert.handle == name
    if NUMBER.fullmatch(name):
        column = Expert.id == int(name)
    elif not HANDLE.fullmatch(name):
        raise LinkNotValid(Refusal(Code.LINK_NOT_VALID))
    expert = session.scalar(select(Expert).where(Expert.consultation_id == consultation.id, column))
    if expert is None or not hmac.compare_digest(_mac(config, expert).encode(), mac.encode("utf-8", "replace")):
        raise LinkNotValid(Refusal(Code.LINK_NOT_VALID))
    return expert


def stop(session: Session, expert: Expert) -> None:
    """Remind this expert no more; reminders that still wait go. Stopping twice changes nothing."""
    session.execute(
        update(Contact)
        .where(
            Contact.consultation_id == expert.consultation_id,
            Contact.expert_id == expert.id,
            Contact.reminders_stopped_at.is_(None),
        )
        .values(reminders_stopped_at=utc_now())
    )
    session.execute(
        delete(Message).where(
            Message.consultation_id == expert.consultation_id,
            Message.expert_id == expert.id,
            Message.purpose.in_(REMINDING),
            Message.state == "queued",
        )
    )


def stopped(session: Session, consultation: Consultation) -> set[int]:
    """The experts who want no more reminders."""
    return set(
        session.scalars(
            select(Contact.expert_id).where(
                Contact.consultation_id == consultation.id, Contact.reminders_stopped_at.is_not(None)
            )
        )
    )


def has_stopped(session: Session, expert: Expert) -> bool:
    """Whether this expert wants no more reminders; nobody's contact gets none either."""
    return not session.scalar(
        select(Contact.id).where(
            Contact.consultation_id == expert.consultation_id,
            Contact.expert_id == expert.id,
            Contact.reminders_stopped_at.is_(None),
        )
    )
