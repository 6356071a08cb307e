"""The panel: who is in it and who has answered."""

from consult.services.panel import panel
from consult.services.running import leaving
from tests.services.conftest import MakeWorld, World
from tests.services.panel.taking_part import agree, draft, submission


def test_members_tell_who_they_are_and_what_they_said(world: World) -> None:
    agree(world, world.experts[0])
    agree(world, world.experts[1])
    agree(world, world.experts[1], is_given=False)
    by_mail = {item.email: item for item in panel.members(world.session, world.consultation)}
    assert [by_mail[f"person{n}@example.org"].consent for n in (1, 2, 3)] == [True, False, None]
    first = by_mail["person1@example.org"]
    assert (first.name, first.code, first.group) == ("Person 1", world.experts[0].code, "library")


def test_not_answered_leaves_out_who_submitted_declined_or_left(make_world: MakeWorld) -> None:
    world = make_world(5)
    done, declined, left, begun, silent = world.experts
    submission(world, done, "first-look")
    agree(world, declined, is_given=False)
    leaving.withdraw(world.session, left, "expert")
    draft(world, begun, "first-look")
    stage = world.stage("first-look")
    found = panel.not_answered(world.session, world.consultation, stage)
    assert {(item.expert_id, item.has_started) for item in found} == {(begun.id, True), (silent.id, False)}


def test_not_answered_is_about_one_stage(world: World) -> None:
    submission(world, world.experts[0], "first-look")
    found = panel.not_answered(world.session, world.consultation, world.stage("round-1"))
    assert len(found) == 3
