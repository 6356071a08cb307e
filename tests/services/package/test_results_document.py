"""What `results.json` says: everything released, and nothing of who or when."""

import json
from typing import Any

import pytest
from sqlalchemy.orm import Session

from consult.definition.consultation import Definition
from consult.errors import NotFound
from consult.models import Consultation
from consult.services.package.results_document import published
from consult.services.rounds import results
from tests.services.conftest import MakeWorld, World
from tests.services.package.packing import contents, packed


@pytest.fixture(scope="module")
def document(played: World) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(contents(packed(played))["results.json"])
    return found


def test_each_frozen_stage_has_its_released_numbers_and_digest(played: World, document: dict[str, Any]) -> None:
    told = {stage["key"]: stage["result"] for stage in document["stages"]}
    assert list(told) == ["first-look", "round-1", "round-2"] and told["round-2"] is None
    for key in ("first-look", "round-1"):
        frozen = results.newest_result(played.session, played.stage(key))
        assert frozen is not None and told[key]["digest"] == frozen.digest
        assert told[key]["numbers"]["content"] == results.released_json(played.session, played.stage(key))
        assert told[key]["rows_withheld"] is None


def test_every_measure_has_its_wordings_and_fates(document: dict[str, Any]) -> None:
    assert [measure["key"] for measure in document["measures"]] == [f"L{number}" for number in range(1, 8)]
    assert {fate["fate"] for measure in document["measures"] for fate in measure["fates"]} == {"carried"}


def test_no_pseudonym_code_or_seed_is_in_it(played: World, document: dict[str, Any]) -> None:
    text = json.dumps(document)
    frozen = results.newest_result(played.session, played.stage("round-1"))
    assert frozen is not None
    hidden = [word for one in played.experts for word in (one.pseudonym, one.code)]
    assert len(hidden) == 24 and not any(f'"{word}"' in text for word in (*hidden, frozen.row_seed))


def test_the_definition_is_the_newest_published(make_world: MakeWorld, definition: Definition) -> None:
    world = make_world(0)
    assert published(world.session, world.consultation).digest == definition.digest()


def test_what_was_never_published_is_not_found(session: Session) -> None:
    nobody = Consultation(id=99, slug="nobody", zone="UTC", schedule="x")
    with pytest.raises(NotFound):
        published(session, nobody)
