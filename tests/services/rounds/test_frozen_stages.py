"""The frozen stages in their order, each with the result that counts and what was released of it."""

from consult.services.rounds import results
from consult.services.rounds.frozen_stages import frozen_stages
from tests.services.conftest import World
from tests.services.playing import play
from tests.services.rounds.holding import hold, opened


def test_a_stage_before_it_is_frozen_is_not_among_them(panel: World) -> None:
    assert frozen_stages(panel.session, panel.consultation) == []
    hold(panel, 1)
    opened(panel, 2)
    (first,) = frozen_stages(panel.session, panel.consultation)
    stage = panel.stage("round-1")
    assert first.stage is stage and first.result == results.newest_result(panel.session, stage)
    assert first.numbers == results.released_numbers(panel.session, stage)


def test_they_come_in_the_order_of_their_opening(world: World) -> None:
    for key in ("first-look", "round-1"):
        play(world.session, world.definition, world.consultation, world.experts, world.stage(key))
    found = frozen_stages(world.session, world.consultation)
    assert [one.stage.key for one in found] == ["first-look", "round-1"]
    assert [one.numbers.stage for one in found] == ["first-look", "round-1"]
