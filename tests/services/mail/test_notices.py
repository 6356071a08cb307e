"""Who is told that a stage opened, moved or closed, and what is counted before."""

from datetime import timedelta

from consult import clock
from consult.config import Config
from consult.services.access import purposes
from consult.services.mail import inviting, mails, notices
from consult.services.rounds.stages import StageAct
from consult.services.running import leaving, lookahead, stage_acts
from tests.services.conftest import BEFORE, MakeWorld, World, reworked
from tests.services.mail.telling import begin, submit, tell, tick, told


def test_who_may_answer_is_told_of_an_opening_by_the_clock(invited: World, config: Config) -> None:
    with clock.set_to(invited.stage("first-look").opens_at):
        done, again = tick(invited, config), tick(invited, config)
    assert (done, again) == (["opened first-look"], [])
    assert told(invited, purposes.NEXT_ROUND).keys() == {item.id for item in invited.experts[2:]}


def test_nobody_who_was_never_invited_hears_of_anything(make_world: MakeWorld, config: Config) -> None:
    world = make_world(2)
    with clock.set_to(world.stage("first-look").opens_at):
        assert tick(world, config) == ["opened first-look"]
    assert told(world, purposes.NEXT_ROUND) == {}


def test_a_new_close_is_told_to_those_who_have_not_submitted(invited: World, config: Config) -> None:
    stage = invited.stage("first-look")
    with clock.set_to(stage.opens_at):
        tick(invited, config)
        submit(invited, invited.experts[2], stage)
        later = stage.closes_at + timedelta(days=2)
        stage_acts.extend_stage(invited.session, invited.consultation, stage, later, actor="anna", reason="A holiday.")
        assert tell(invited, config, stage, StageAct.EXTEND) == 2
        assert tell(invited, config, stage, StageAct.EXTEND) == 2  # a second move is told too
    found = told(invited, purposes.MOVED)
    assert found.keys() == {item.id for item in invited.experts[3:]}
    until = mails.deadline(invited.consultation, invited.definition, invited.experts[3], stage.closes_at)
    assert all(f"Please answer by {until}." in body for body in found.values())


def test_a_close_is_told_to_those_who_answered_or_began(invited: World, config: Config) -> None:
    stage = invited.stage("first-look")
    with clock.set_to(stage.opens_at + timedelta(hours=1)):
        tick(invited, config)
        submit(invited, invited.experts[2], stage)
        begin(invited, invited.experts[3], stage)
        seen = lookahead.before(invited.session, invited.consultation, stage, StageAct.CLOSE)
        assert (seen.told, seen.unfinished) == (2, 1)
        stage_acts.close_stage(invited.session, invited.consultation, stage, actor="anna", reason="All are here.")
        assert tell(invited, config, stage, StageAct.CLOSE) == 2
        assert tell(invited, config, stage, StageAct.CLOSE) == 0
    found = told(invited, purposes.CLOSED)
    assert found.keys() == {item.id for item in invited.experts[2:4]}
    assert "your answers count" in found[invited.experts[2].id]
    assert "what you typed does not count" in found[invited.experts[3].id]
    assert all("Next: \u201c" in body and " opens on " in body for body in found.values())
    assert not any("://" in body for body in found.values())


def test_dates_in_the_texts_of_a_folder_are_filled_in_mails(make_world: MakeWorld, config: Config) -> None:
    plain = make_world(0, slug="plain").definition
    purpose = {"en": "Round 1 opens on {date round-1.opens}, for everybody."}
    world = make_world(1, definition=reworked(plain, purpose=purpose))
    with clock.set_to(BEFORE):
        inviting.invite_all(world.session, world.consultation, world.definition, config, "anna")
    (body,) = told(world, purposes.INVITATION).values()
    assert "{" not in body
    assert "Round 1 opens on " in body and " 2026, for everybody." in body


def test_the_end_is_told_once_to_those_who_took_part(invited: World, config: Config) -> None:
    """With the address of the results, which is nobody's own; not to who left or never answered."""
    first, third, fourth = invited.experts[0], *invited.experts[2:4]
    stage = invited.stage("first-look")
    with clock.set_to(stage.opens_at + timedelta(hours=1)):
        stage_acts.open_stage(invited.session, invited.consultation, stage, actor="anna")
        for expert in (third, fourth):
            submit(invited, expert, stage)
        leaving.withdraw(invited.session, fourth, "anna")
    last = invited.stage("round-2")
    about = (invited.session, invited.consultation, invited.definition, config, last, "anna")
    assert [one.expert.id for one in notices.of_the_finish(invited.session, invited.consultation)] == [third.id]
    assert notices.tell_finished(*about) == 1
    assert notices.tell_finished(*about) == 0
    written = told(invited, purposes.FINISHED)
    assert set(written) == {third.id} and first.id not in written
    assert f"/c/{invited.consultation.slug}/public" in written[third.id] and "/i/" not in written[third.id]
