"""The definition that counts is the newest published; consultations are found by name."""

import pytest
from sqlalchemy.orm import Session

from consult.errors import NotFound
from consult.models import Consultation
from consult.services.definitions import consultation_by_slug, definition_of, only_consultation
from consult.services.running import publishing
from tests.services.conftest import MakeWorld, reworked, town_library


def test_the_newest_version_counts_and_is_read_once(make_world: MakeWorld) -> None:
    world = make_world(0)
    first = definition_of(world.session, world.consultation.id)
    assert first.digest() == world.definition.digest()
    corrected = reworked(town_library(), purpose={"en": "Said anew"})
    publishing.republish(world.session, world.consultation, corrected, actor="test")
    found = definition_of(world.session, world.consultation.id)
    assert found.digest() == corrected.digest() != first.digest()
    assert definition_of(world.session, world.consultation.id) is found


def test_what_was_never_published_has_none(session: Session) -> None:
    with pytest.raises(NotFound, match="not_published"):
        definition_of(session, 99)


def test_a_consultation_is_found_by_its_name(make_world: MakeWorld) -> None:
    one, other = make_world(0), make_world(0, slug="other")
    assert consultation_by_slug(one.session, "town-library") is one.consultation
    assert consultation_by_slug(one.session, "other") is other.consultation
    with pytest.raises(NotFound, match="no_such_consultation"):
        consultation_by_slug(one.session, "Town-Library")


def test_the_only_one_is_found_only_where_there_is_one(session: Session, make_world: MakeWorld) -> None:
    assert only_consultation(session) is None
    world = make_world(0)
    found: Consultation | None = only_consultation(session)
    assert found is world.consultation
    make_world(0, slug="other")
    assert only_consultation(session) is None
