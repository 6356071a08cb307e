"""Calendar files (RFC 5545, RFC 5546): deadlines and meetings, in UTC, for any calendar program.

They hold no personal link: calendars are shared with colleagues and assistants.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.characters import one_line, readable
from consult.config import Config
from consult.definition.consultation import Definition
from consult.definition.text import in_language
from consult.models import Consultation, Deviation, Stage
from consult.words.catalogues import catalogue

OCTETS = 75
"""The longest line of a calendar file, its end not counted (RFC 5545, 3.1)."""


def lies_ahead(stage: Stage, now: datetime) -> bool:
    """Whether there is still something to note down: it is neither closed nor over."""
    return stage.closed_at is None and stage.closes_at > now


def calendar_file(
    session: Session,
    config: Config,
    consultation: Consultation,
    definition: Definition,
    found: Sequence[Stage],
    language: str,
    stamped: datetime,
) -> bytes:
    """The file for these stages: of an event its time, of any other stage its deadline.

    An entry keeps its UID, and its SEQUENCE rises when the schedule is changed: a calendar that
    takes in a later file moves what it has. `stamped` is when the file was made.
    """
    host = urlsplit(config.public_url).hostname
    changes = _changes(session, consultation)
    asked = in_language(definition.contact.name, language, definition.languages).text
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//consult//deadlines//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    for stage in found:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{stage.key}.{consultation.slug}@{host}",
            f"SEQUENCE:{changes.get(stage.key, 0)}",
            f"DTSTAMP:{_utc(stamped)}",
            *_times(stage),
            *_words(definition, stage, language),
            f'ORGANIZER;CN="{_quoted(asked)}":mailto:{definition.contact.email}',
            "CLASS:PRIVATE",
            "TRANSP:" + ("OPAQUE" if stage.kind == "event" else "TRANSPARENT"),
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _changes(session: Session, consultation: Consultation) -> dict[str, int]:
    """How often the schedule of each stage was departed from."""
    counted = session.execute(
        select(Deviation.stage_key, func.count())
        .where(Deviation.consultation_id == consultation.id, Deviation.stage_key.is_not(None))
        .group_by(Deviation.stage_key)
    )
    return {key: number for key, number in counted if key is not None}


def _times(stage: Stage) -> Iterator[str]:
    if stage.kind == "event":
        yield f"DTSTART:{_utc(stage.opens_at)}"
        yield f"DTEND:{_utc(stage.closes_at)}"
    else:
        yield f"DTSTART:{_utc(stage.closes_at)}"  # without an end: a moment


def _words(definition: Definition, stage: Stage, language: str) -> Iterator[str]:
    t, order = catalogue(language), definition.languages
    title = in_language(definition.stage(stage.key).title, language, order).text
    whole = in_language(definition.short_title, language, order).text
    contact = definition.contact
    questions = t.gettext("Questions: %(name)s, %(email)s") % {
        "name": in_language(contact.name, language, definition.languages).text,
        "email": contact.email,
    }
    if stage.kind == "event":
        yield "SUMMARY:" + _escaped(f"{title} – {whole}")
        yield "DESCRIPTION:" + _escaped(questions)
        return
    summary = t.gettext("Deadline: %(stage)s – %(title)s") % {"stage": title, "title": whole}
    way = t.gettext("Your personal link is in the mails you got from us.")
    yield "SUMMARY:" + _escaped(summary)
    yield "DESCRIPTION:" + _escaped(f"{way}\n{questions}")


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11)."""
    return re.sub(r"([\\;,])", r"\\\1", readable(text)).replace("\n", "\\n")


def _quoted(text: str) -> str:
    """A parameter between quotes, which has no way to hold a quote or a line's end."""
    return one_line(text).replace('"', "'")


def _folded(line: str) -> Iterator[str]:
    """The line in parts of at most 75 octets, each but the first with a space before it.

    A character is never cut: a reader may decode the parts one by one.
    """
    part, size = "", 0
    for sign in line:
        wide = len(sign.encode())
        if size + wide > OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + sign, size + wide
    yield part
