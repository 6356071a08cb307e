"""One's own data: everything stored about oneself, nothing of others, and reading changes nothing."""

import json

from consult.database import Database
from consult.models import Expert
from consult.services.running import own_data
from tests.services.conftest import World
from tests.services.running.belongings import give_everything, tables_about_experts


def test_an_expert_sees_everything_stored_about_them_and_nothing_of_others(world: World) -> None:
    expert, other = world.experts[:2]
    give_everything(world, expert)
    give_everything(world, other)
    own = own_data.own_data(world.session, expert)
    told = json.dumps(own, ensure_ascii=False)
    for mine in (
        "person1@example.org",
        "Person 1",
        expert.code,
        expert.pseudonym,
        "draft by hand",
        f"reason of {expert.code}",
        f"free words of {expert.code}",
        f"idea of {expert.code}",
        f"held of {expert.code}",
        "a ramp",
        "harbour",
        "words",
        "round-1",
        f"R-{expert.id}",
    ):
        assert mine in told, mine
    for theirs in (
        "person2@example.org",
        f"reason of {other.code}",
        other.pseudonym,
        f"free words of {other.code}",
        f"idea of {other.code}",
        f"held of {other.code}",
    ):
        assert theirs not in told, theirs
    assert own["consent"][0]["is_given"] is True
    assert not any(mark in told for mark in ("token_hash", "message_id", "idempotency"))


def test_every_table_about_experts_has_a_place_in_their_own_data(world: World) -> None:
    expert = world.experts[0]
    nothing = own_data.own_data(world.session, expert)
    give_everything(world, expert)
    everything = own_data.own_data(world.session, expert)
    # The contact is there from the start; the expert's own row is no table about experts.
    grown = [key for key in everything if len(everything[key]) > len(nothing[key])]
    assert len(grown) == len(tables_about_experts()) - 1
    assert all(everything.values())


def test_reading_ones_own_data_changes_nothing(world: World, database: Database) -> None:
    give_everything(world, world.experts[0])
    world.session.commit()
    with database.reading() as session:
        expert = session.get_one(Expert, world.experts[0].id)
        assert own_data.own_data(session, expert)["contact"]
