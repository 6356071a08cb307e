"""Changes of measures, and the rounds in between."""

from typing import Any

from consult.services.measures import measures, revising
from consult.services.measures.measures import Wording
from tests.services.conftest import World
from tests.services.playing import play
from tests.services.samples import rating

CONTENT: dict[str, Any] = {
    "title": {"en": "A garden"},
    "text": {"en": "Trees."},
    "actors": [],
    "barriers": [],
    "instrument": None,
    "late": False,
}


MOVING = {1: "1", 2: "5"}


def hold(world: World, number: int, point: str = "") -> None:
    play(
        world.session,
        world.definition,
        world.consultation,
        world.experts,
        world.stage(f"round-{number}"),
        rate=rating({}, point or MOVING[number]),
    )


def find(world: World, key: str) -> Wording:
    return measures.find_measure(world.session, world.consultation.id, key)


def live(world: World) -> list[str]:
    found = measures.live_wordings(world.session, world.consultation.id)
    return [wording.key for wording in found]


def drop(world: World, key: str, reason: str = "Nobody wants it") -> None:
    revising.drop_measure(world.session, world.consultation, find(world, key), reason=reason, actor="test")


def reword(world: World, key: str, text: str, *, is_substantive: bool) -> Wording:
    return revising.reword_measure(
        world.session,
        world.consultation,
        find(world, key),
        {"text": {"en": text}},
        is_substantive=is_substantive,
        reason="Unclear",
        actor="test",
    )


def add(world: World, reason: str = "Missing") -> Wording:
    return revising.add_measure(world.session, world.consultation, CONTENT, theme="house", reason=reason, actor="test")


def merge(world: World, key: str, into: str, reason: str = "The same") -> None:
    revising.merge_measure(
        world.session, world.consultation, find(world, key), find(world, into), reason=reason, actor="test"
    )
