"""Calendar files (RFC 5545, RFC 5546): deadlines and meetings, in UTC, for any calendar program.

They hold no personal link: calendars are shared with colleagues and assistants.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vCalAddress
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.characters import one_line, readable
from consult.config import Config
from consult.definition.consultation import Definition
from consult.definition.text import in_language
from consult.models import Consultation, Deviation, Stage
from consult.words.catalogues import catalogue

HEAD = {"version": "2.0", "prodid": "-//consult//deadlines//EN", "calscale": "GREGORIAN", "method": "PUBLISH"}


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
    file = Calendar()
    for name, value in HEAD.items():
        file.add(name, value)
    for stage in found:
        entry = Event()
        entry.add("uid", f"{stage.key}.{consultation.slug}@{host}")
        entry.add("sequence", changes.get(stage.key, 0))
        entry.add("dtstamp", stamped.astimezone(UTC))
        _add_times(entry, stage)
        _add_words(entry, definition, stage, language)
        entry.add("class", "PRIVATE")
        entry.add("transp", "OPAQUE" if stage.kind == "event" else "TRANSPARENT")
        file.add_component(entry)
    return bytes(file.to_ical(sorted=False))


def _changes(session: Session, consultation: Consultation) -> dict[str, int]:
    """How often the schedule of each stage was departed from."""
    counted = session.execute(
        select(Deviation.stage_key, func.count())
        .where(Deviation.consultation_id == consultation.id, Deviation.stage_key.is_not(None))
        .group_by(Deviation.stage_key)
    )
    return {key: number for key, number in counted if key is not None}


def _add_times(entry: Event, stage: Stage) -> None:
    """Of an event both ends; a deadline is a moment, without an end."""
    if stage.kind == "event":
        entry.add("dtstart", stage.opens_at.astimezone(UTC))
        entry.add("dtend", stage.closes_at.astimezone(UTC))
    else:
        entry.add("dtstart", stage.closes_at.astimezone(UTC))


def _add_words(entry: Event, definition: Definition, stage: Stage, language: str) -> None:
    t, order = catalogue(language), definition.languages
    title = in_language(definition.stage(stage.key).title, language, order).text
    whole = in_language(definition.short_title, language, order).text
    contact = definition.contact
    asked = in_language(contact.name, language, order).text
    questions = t.gettext("Questions: %(name)s, %(email)s") % {"name": asked, "email": contact.email}
    if stage.kind == "event":
        summary, description = f"{title} – {whole}", questions
    else:
        summary = t.gettext("Deadline: %(stage)s – %(title)s") % {"stage": title, "title": whole}
        way = t.gettext("Your personal link is in the mails you got from us.")
        description = f"{way}\n{questions}"
    entry.add("summary", readable(summary))
    entry.add("description", readable(description))
    # RFC 6868 could hold a quotation mark in a parameter, but few calendar programs read it.
    name = one_line(asked).replace('"', "'")
    entry.add("organizer", vCalAddress(f"mailto:{contact.email}"), {"CN": name})
