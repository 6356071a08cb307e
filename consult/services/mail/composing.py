"""A mail as it travels: plain text first, the same words as HTML, calendar and headers beside."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from sqlalchemy.orm import Session

from consult.characters import one_line, readable
from consult.clock import utc_now
from consult.config import Config
from consult.definition.consultation import Definition
from consult.models import Consultation, Contact, Expert, Message
from consult.services.access import purposes
from consult.services.definitions import definition_of
from consult.services.mail import mails, reminders
from consult.services.mail.calendar import calendar_file, lies_ahead
from consult.services.mail.dated import dated
from consult.services.rounds.stages import stages_of
from consult.words import catalogues

# Long enough for a link to stay on one line; ASCII on the wire.
POLICY = SMTP.clone(max_line_length=300, cte_type="7bit")
DATED = (purposes.INVITATION, *purposes.REMINDING, purposes.NEXT_ROUND, purposes.MOVED)
"""Mails that ask for something by a date, and bring it as a calendar file."""


class Line(NamedTuple):
    """One line of a mail: its words, their language, and whether it is the personal link."""

    text: str
    language: str
    is_link: bool


def compose(
    session: Session, config: Config, message: Message, expert: Expert, consultation: Consultation, contact: Contact
) -> EmailMessage:
    """The whole mail, of readable texts: no name and no subject begins a header of its own.

    Raises ValueError or IndexError when a header cannot be written.
    """
    definition = dated(session, consultation, definition_of(session, consultation.id))
    mail = EmailMessage(policy=POLICY)
    mail["From"] = config.mail_from
    mail["To"] = Address(display_name=one_line(contact.name), addr_spec=contact.email)
    subject, body = one_line(message.subject or ""), readable(message.body or "")
    mail["Subject"] = subject
    mail["Date"] = format_datetime(utc_now())
    mail["Message-ID"] = f"<{message.message_id}@{urlsplit(config.public_url).hostname}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.purpose in purposes.REMINDING:
        _let_unsubscribe(mail, config, definition, consultation, expert)
    language = catalogues.spoken(expert.language)
    paragraphs = _paragraphs(body, config, mails.foreign_lines(definition, expert.language))
    mail.set_content(body)
    mail.add_alternative(_template().render(subject=subject, language=language, paragraphs=paragraphs), subtype="html")
    if message.purpose in DATED:
        _add_calendar(mail, session, config, message, expert, consultation, definition)
    spoken = dict.fromkeys([language, *(line.language or language for part in paragraphs for line in part)])
    mail["Content-Language"] = ", ".join(spoken)
    return mail


def _let_unsubscribe(
    mail: EmailMessage, config: Config, definition: Definition, consultation: Consultation, expert: Expert
) -> None:
    """One click in the mail program ends the reminders (RFC 2369, RFC 8058)."""
    click = reminders.stop_address(config, consultation, expert)
    subject = quote(f"No more reminders: {consultation.slug}")
    written = f"mailto:{quote(definition.contact.email, safe='@')}?subject={subject}"
    mail["List-Unsubscribe"] = f"<{click}>, <{written}>"
    mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _add_calendar(
    mail: EmailMessage,
    session: Session,
    config: Config,
    message: Message,
    expert: Expert,
    consultation: Consultation,
    definition: Definition,
) -> None:
    """The deadline of the stage the mail is about; with an invitation, everything to come."""
    found = [
        stage
        for stage in stages_of(session, consultation.id)
        if message.stage_key in ("", stage.key) and lies_ahead(stage, message.queued_at)
    ]
    if not found:
        return
    file = calendar_file(session, config, consultation, definition, found, expert.language, message.queued_at)
    mail.add_attachment(
        file,
        maintype="text",
        subtype="calendar",
        filename=f"{consultation.slug}.ics",
        params={"charset": "utf-8", "method": "PUBLISH"},
    )


def _paragraphs(body: str, config: Config, foreign: dict[str, str]) -> list[list[Line]]:
    """The lines of each paragraph of the plain text."""
    link = re.compile(re.escape(f"{config.public_url.rstrip('/')}/") + r"(i/[\w-]+|c/[\w-]+/public)")
    return [
        [Line(line, foreign.get(line, ""), link.fullmatch(line) is not None) for line in part.split("\n")]
        for part in body.strip("\n").split("\n\n")
    ]


@cache
def _template() -> Template:
    found = Environment(
        loader=PackageLoader("consult.services.mail", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return found.get_template("mail.html")
