"""A definition whose texts for mails have their dates filled in."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from consult.definition.consultation import Definition
from consult.models import Consultation
from consult.services.rounds.stages import stages_of
from consult.words.dates import Windows, fill_dates


def dated(session: Session, consultation: Consultation, definition: Definition) -> Definition:
    """The same definition as mails and calendars print it: `{date round-1.opens}` is a date."""
    windows: Windows = {stage.key: (stage.opens_at, stage.closes_at) for stage in stages_of(session, consultation.id)}

    def filled(text: Mapping[str, str]) -> dict[str, str]:
        return {language: fill_dates(words, windows, consultation.zone, language) for language, words in text.items()}

    contact = definition.contact
    return definition.model_copy(
        update={
            "title": filled(definition.title),
            "short_title": filled(definition.short_title),
            "purpose": filled(definition.purpose),
            "organiser": filled(definition.organiser),
            "contact": contact.model_copy(update={"name": filled(contact.name)}),
            "stages": tuple(stage.model_copy(update={"title": filled(stage.title)}) for stage in definition.stages),
        }
    )
