"""Holding rounds with ratings that are known."""

import random
from typing import Any

from analysis.model.stage import Stage
from consult import clock
from consult.services.measures import measures, revising
from consult.services.rounds import results
from consult.services.running import stage_acts
from tests.services.conftest import World
from tests.services.playing import answer, play
from tests.services.samples import rating

KEYS = ["L1", "L2", "L3", "L4", "L5", "L6", "L7"]


CALM = rating({"L1": "5", "L2": "1", "L3": "3"})
"""The same ratings every time: L1 is in, L2 out, L3 middling, all stable."""


def hold(world: World, number: int, rate: Any = CALM, experts: slice = slice(None)) -> None:
    play(
        world.session,
        world.definition,
        world.consultation,
        world.experts[experts],
        world.stage(f"round-{number}"),
        rate=rate,
    )


def opened(world: World, number: int) -> list[str]:
    """Open a round; the keys of what it asks."""
    stage = world.stage(f"round-{number}")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    return [wording.key for wording in measures.wordings_in_stage(world.session, stage)]


def frozen(world: World, number: int) -> Stage:
    return results.frozen_content(world.session, world.stage(f"round-{number}"))


def reword(world: World, key: str, *, is_substantive: bool) -> None:
    wording = measures.find_measure(world.session, world.consultation.id, key)
    words = {"en": f"Other words of {wording.text['en']}"}
    revising.reword_measure(
        world.session,
        world.consultation,
        wording,
        {"text": words},
        is_substantive=is_substantive,
        reason="Unclear",
        actor="test",
    )


def submit_all(world: World, number: int, rate: Any = CALM) -> None:
    """Everybody answers an open round, which stays open."""
    stage = world.stage(f"round-{number}")
    with clock.set_to(stage.opens_at):
        for expert in world.experts:
            chance = random.Random(expert.id)
            answer(
                world.session,
                world.definition,
                world.consultation,
                expert,
                stage,
                rate=rate,
                text="Words",
                chance=chance,
            )
