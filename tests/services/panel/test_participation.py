"""How many came how far in each stage."""

from datetime import timedelta

from sqlalchemy.orm import Session

from analysis.model.stage import Participation
from consult import clock
from consult.definition.consultation import Definition
from consult.models import Consultation
from consult.services.panel import panel, participation
from consult.services.running import leaving, publishing
from tests.services.conftest import BEFORE, MakeWorld
from tests.services.panel.taking_part import agree, draft, submission


def test_participation_counts_each_expert_once(make_world: MakeWorld) -> None:
    with clock.set_to(BEFORE + timedelta(days=7)):
        world = make_world(4)
        done, begun, agreed, _silent = world.experts
        for expert in (done, begun, agreed):
            agree(world, expert)
        draft(world, done, "first-look")
        submission(world, done, "first-look")
        submission(world, done, "first-look", number=2)
        draft(world, begun, "first-look")
        counts = participation.by_stage(world.session, world.consultation)
    assert list(counts) == ["first-look", "round-1", "round-2"]
    assert counts["first-look"].steps() == {"invited": 4, "consented": 3, "started": 2, "submitted": 1}
    assert counts["round-1"] == Participation(invited=4, consented=3, started=0, submitted=0)


def test_a_closed_stage_keeps_its_participation(make_world: MakeWorld) -> None:
    """Who leaves afterwards counts where they took part, and is not invited to later stages."""
    with clock.set_to(BEFORE + timedelta(days=7)):
        world = make_world(3)
        for expert in world.experts:
            agree(world, expert)
            submission(world, expert, "first-look")
    stage = world.stage("first-look")
    stage.opened_at, stage.closed_at = stage.opens_at, stage.closes_at
    world.session.flush()
    with clock.set_to(stage.closes_at + timedelta(days=1)):
        leaving.withdraw(world.session, world.experts[0], "expert")
        agree(world, world.experts[1], is_given=False)
        counts = participation.by_stage(world.session, world.consultation)
    assert counts["first-look"].steps() == {"invited": 3, "consented": 3, "started": 3, "submitted": 3}
    assert counts["round-1"] == Participation(invited=2, consented=1, started=0, submitted=0)


def test_who_leaves_during_a_stage_no_longer_counts_as_submitted(make_world: MakeWorld) -> None:
    with clock.set_to(BEFORE + timedelta(days=7)):
        world = make_world(3)
        agree(world, world.experts[0])
        submission(world, world.experts[0], "first-look")
        leaving.withdraw(world.session, world.experts[0], "expert")
        counts = participation.by_stage(world.session, world.consultation)["first-look"]
    assert counts == Participation(invited=3, consented=0, started=0, submitted=0)


def test_another_consultations_panel_is_not_told(make_world: MakeWorld) -> None:
    one, two = make_world(slug="one"), make_world(2, slug="two")
    submission(one, one.experts[0], "first-look")
    counts = participation.by_stage(two.session, two.consultation)["first-look"]
    assert counts.submitted == 0
    assert panel.not_answered(two.session, two.consultation, one.stage("first-look"))
    assert {item.expert_id for item in panel.members(two.session, two.consultation)} == {
        expert.id for expert in two.experts
    }


def test_publishing_alone_has_no_panel(session: Session, definition: Definition) -> None:
    consultation: Consultation = publishing.publish(session, definition, actor="test")
    assert panel.members(session, consultation) == []
    assert participation.by_stage(session, consultation)["round-1"].invited == 0
