"""Consent: the newest word counts, and says which text it was given to."""

from sqlalchemy import func, select

from consult.definition.consultation import Definition
from consult.models import Consent
from consult.services.access import consents
from tests.services.conftest import World, reworked


def test_the_newest_word_on_consent_counts(world: World) -> None:
    expert = world.experts[0]
    assert consents.consent_of(world.session, expert) is None
    for is_given in (True, False, True):
        consents.say_consent(world.session, expert, world.definition, "en", is_given)
        assert consents.consent_of(world.session, expert) is is_given
    assert world.session.scalar(select(func.count()).select_from(Consent)) == 3
    assert consents.consent_of(world.session, world.experts[1]) is None


def test_consent_says_which_text_it_was_given_to(world: World, definition: Definition) -> None:
    consent = consents.say_consent(world.session, world.experts[0], definition, "en", True)
    assert consent.version == definition.consent.version
    assert consent.text_hash == consents.consent_hash(definition, "en")
    privacy_text = {"version": "2", "text": {"en": "Other words."}}
    statement = {"version": "2", "statement": {"en": "I agree.", "ru": "Да."}, "uses": []}
    changed = [
        reworked(definition, privacy=privacy_text),
        reworked(definition, consent=statement, languages=["en", "ru"]),
    ]
    hashes = {consents.consent_hash(item, "en") for item in (definition, *changed)}
    assert len(hashes) == 3
    assert consents.consent_hash(changed[1], "ru") not in hashes
