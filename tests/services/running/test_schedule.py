"""What the clock does, and whom it tells."""

from consult import clock
from consult.config import Config
from consult.services import journal
from consult.services.access import purposes
from consult.services.running.stage_acts import CLOCK
from tests.services.conftest import BEFORE, World
from tests.services.mail.telling import tick, told


def test_before_anything_is_due_nothing_is_done_and_nobody_told(invited: World, config: Config) -> None:
    with clock.set_to(BEFORE):
        assert tick(invited, config) == []
    assert told(invited, purposes.NEXT_ROUND) == {}


def test_an_opening_is_done_once_and_told_to_those_who_may_answer(invited: World, config: Config) -> None:
    """Who declined and who left hear nothing; the act is the clock's."""
    stage = invited.stage("round-1")
    with clock.set_to(stage.opens_at):
        assert tick(invited, config) == ["opened round-1"]
        assert tick(invited, config) == []
    assert stage.opened_at == stage.opens_at
    assert set(told(invited, purposes.NEXT_ROUND)) == {expert.id for expert in invited.experts[2:]}
    acts = [(entry.actor, entry.act) for entry in journal.entries(invited.session, invited.consultation.id)]
    assert acts.count((CLOCK, "open stage")) == 1
