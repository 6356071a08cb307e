"""Measures: every wording is kept, the newest counts, and a round keeps the one it asked."""

from consult import clock
from consult.services.measures import measures, revising
from consult.services.running import publishing, stage_acts
from tests.services.conftest import MakeWorld, World
from tests.services.measures.changing import add, find, live, reword
from tests.services.samples import three_rounds


def test_wordings_are_kept_and_the_newest_counts(few: World) -> None:
    first = find(few, "L3")
    reword(few, "L3", "Second", is_substantive=False)
    third = reword(few, "L3", "Third", is_substantive=True)
    assert find(few, "L3").version.id == third.version.id
    assert third.title == first.title and third.text == {"en": "Third"}
    assert [w.key for w in measures.newest_wordings(few.session, few.consultation.id)] == [
        "L1",
        "L2",
        "L3",
        "L4",
        "L5",
        "L6",
        "L7",
    ]


def test_an_open_round_keeps_its_wording(few: World) -> None:
    stage = few.stage("round-1")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(few.session, few.consultation, stage, actor="test")
    before = {w.key: w.version.id for w in measures.wordings_in_stage(few.session, stage)}
    reword(few, "L3", "Second", is_substantive=False)
    add(few)
    after = {w.key: w.version.id for w in measures.wordings_in_stage(few.session, stage)}
    assert after == before


def test_two_consultations_do_not_share_measures(make_world: MakeWorld) -> None:
    one = make_world(1, definition=three_rounds())
    revising.drop_measure(one.session, one.consultation, find(one, "L1"), reason="Gone", actor="test")
    other = publishing.publish(one.session, three_rounds(), actor="test", slug="other")
    found = measures.live_wordings(one.session, other.id)
    assert [wording.key for wording in found] == ["L1", "L2", "L3", "L4", "L5", "L6", "L7"]
    assert "L1" not in live(one)
