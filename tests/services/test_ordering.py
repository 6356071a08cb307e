"""Orders that tell nothing of when a row came or whose it is."""

import hashlib
import hmac

from consult.config import Config
from consult.services import ordering
from tests.services.conftest import MakeWorld, World
from tests.services.playing import play


def test_a_place_is_the_keyed_hash_of_the_handle() -> None:
    """RFC 4231, test case 2: key "Jefe", data "what do ya want for nothing?"."""
    digest = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert ordering.place(b"Jefe".hex(), "what do ya want for nothing?") == digest


def test_only_frozen_stages_have_a_seed(world: World) -> None:
    assert ordering.seeds(world.session, world.consultation) == {}
    stage = world.stage("first-look")
    play(world.session, world.definition, world.consultation, world.experts, stage)
    found = ordering.seeds(world.session, world.consultation)
    assert set(found) == {stage.id} and len(bytes.fromhex(found[stage.id])) == 32


def test_what_belongs_to_no_stage_is_ordered_by_the_servers_secret(make_world: MakeWorld) -> None:
    one, other = make_world(0), make_world(0, slug="other")
    first, second = Config(secret_key="a" * 40), Config(secret_key="b" * 40)
    found = [ordering.seed_of(config, world.consultation) for config in (first, second) for world in (one, other)]
    assert len(set(found)) == 4
    assert found[0] == hmac.new(b"a" * 40, b"order of lists\ntown-library", hashlib.sha256).hexdigest()
