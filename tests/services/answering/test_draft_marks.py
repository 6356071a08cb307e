"""Marks beside the draft: said, taken back, and of nobody once the stage is closed."""

import pytest

from consult import clock
from consult.errors import StageNotOpen
from consult.services.answering.draft_marks import is_marked, mark
from tests.services.answering.saved import at, close
from tests.services.conftest import MakeWorld
from tests.services.rounds.holding import opened
from tests.services.samples import three_rounds

NAME = "said"


def test_a_mark_is_said_and_taken_back(make_world: MakeWorld) -> None:
    world = make_world(2, definition=three_rounds())
    opened(world, 1)
    assert not is_marked(at(world, 0), NAME)
    with clock.set_to(world.stage("round-1").opens_at):
        for is_said in (True, True, False):
            mark(world.session, at(world, 0), NAME, is_said=is_said)
            assert is_marked(at(world, 0), NAME) is is_said
            assert not is_marked(at(world, 1), NAME), "each says it of themselves"


def test_after_the_close_nothing_is_marked(make_world: MakeWorld) -> None:
    world = make_world(1, definition=three_rounds())
    opened(world, 1)
    close(world)
    with pytest.raises(StageNotOpen):
        mark(world.session, at(world, 0), NAME, is_said=True)
    assert not is_marked(at(world, 0), NAME)
