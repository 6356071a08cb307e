"""A panel of three rounds in which saved answers count at the close, and pages that were sent or only typed."""

from collections.abc import Iterable

from consult import clock
from consult.definition.consultation import Definition
from consult.services.answering.responding import Respondent, find_respondent
from consult.services.answering.saving import marks, save
from consult.services.running import stage_acts
from tests.services import playing
from tests.services.conftest import BEFORE, World, reworked
from tests.services.samples import three_rounds

MEASURES = ("L1", "L2", "L3", "L4", "L5", "L6", "L7")


def counting(saved: str = "counted_at_close") -> Definition:
    protocol = three_rounds().protocol.model_dump(mode="json", by_alias=True, exclude_none=True)
    return reworked(three_rounds(), protocol={**protocol, "saved_answers": saved})


def agreed(world: World) -> None:
    """Everybody takes part."""
    with clock.set_to(BEFORE):
        for expert in world.experts:
            playing.agree(world.session, world.definition, expert)


def at(world: World, expert: int, key: str = "round-1") -> Respondent:
    found = world.experts[expert]
    return find_respondent(world.session, world.consultation, world.definition, found, world.stage(key))


def rate(
    world: World, expert: int, measures: Iterable[str], rating: str = "5", *, is_sent: bool = True, key: str = "round-1"
) -> None:
    """Rate measures, each on its page; pressed on from, or saved by itself."""
    with clock.set_to(world.stage(key).opens_at):
        for measure in measures:
            given = at(world, expert, key)
            inputs = {f"{measure}.wish": [rating], f"{measure}.wish.reason": [f"Why of {measure}"]}
            save(world.session, given, given.step(measure).asked, inputs, marks(given, inputs), is_sent=is_sent)


def close(world: World, key: str = "round-1") -> None:
    with clock.set_to(world.stage(key).closes_at):
        stage_acts.close_stage(world.session, world.consultation, world.stage(key), actor="test", reason="It is time.")
