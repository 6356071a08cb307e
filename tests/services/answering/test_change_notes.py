"""What played a part is asked where a rating changed, of as many who stayed, and kept with the submission."""

import pytest

from analysis.protocol.states import WhyChanged
from consult import clock
from consult.definition.consultation import Definition
from consult.models import ChangeNote
from consult.services.answering import change_notes
from consult.services.answering.responding import Respondent, find_respondent
from consult.services.answering.saving import marks, save
from consult.services.answering.submitting import has_changed_since, submit
from consult.services.rounds import results
from consult.services.running import leaving, own_data, stage_acts
from tests.services.conftest import MakeWorld, World, reworked
from tests.services.measures.changing import add, reword
from tests.services.rounds.holding import hold, opened
from tests.services.samples import three_rounds

EXPERTS = 12
MEASURES = ("L1", "L2", "L3", "L4", "L5", "L6", "L7")


def asking(why: bool | None = True) -> Definition:
    content = three_rounds().model_dump(mode="json", by_alias=True, exclude_none=True)["measures"]
    return reworked(three_rounds(), measures={**content, **({"why_changed": why} if why is not None else {})})


def same(key: str, chance: object) -> str:
    return "4"


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    """Twelve experts who all rated everything 4, in the second round."""
    world = make_world(EXPERTS, definition=asking())
    hold(world, 1, same)
    opened(world, 2)
    return world


def at(world: World, expert: int = 0) -> Respondent:
    found = world.experts[expert]
    return find_respondent(world.session, world.consultation, world.definition, found, world.stage("round-2"))


def rate(world: World, expert: int, measure: str, rating: str, *named: str) -> None:
    given = at(world, expert)
    inputs = {f"{measure}.wish": [rating], f"{measure}.why": list(named)}
    with clock.set_to(given.stage.opens_at):
        save(world.session, given, given.step(measure).asked, inputs, marks(given, inputs))


def submitted(world: World, expert: int = 0) -> list[tuple[bool, list[str]]]:
    given = at(world, expert)
    with clock.set_to(given.stage.opens_at):
        known = submit(world.session, given, idempotency_key=f"{expert}:{len(given.drafts)}")
    notes = world.session.query(ChangeNote).filter_by(submission_id=known.id)
    return sorted((note.has_changed, note.named) for note in notes)


def test_what_is_named_is_kept_with_whether_the_rating_changed(panel: World) -> None:
    rate(panel, 0, "L1", "2", "reason_read", "panel_ratings")
    rate(panel, 0, "L2", "4", "rather_not_say")
    rate(panel, 0, "L3", "1")
    assert submitted(panel) == [(False, ["rather_not_say"]), (True, ["panel_ratings", "reason_read"])]


def test_of_a_measure_reworded_in_substance_nothing_is_kept(make_world: MakeWorld) -> None:
    """What was rated before was another measure: nothing was changed and nothing kept."""
    world = make_world(EXPERTS, definition=asking())
    hold(world, 1, same)
    with clock.set_to(world.stage("round-1").closes_at):
        reword(world, "L1", "Another measure now", is_substantive=True)
        reword(world, "L2", "The same in other words", is_substantive=False)
        new = add(world)
    opened(world, 2)
    for measure in ("L1", "L2", new.key):
        rate(world, 0, measure, "2", "reason_read")
    assert submitted(world) == [(True, ["reason_read"])]


def test_without_a_rating_now_there_is_nothing_to_explain(panel: World) -> None:
    given = at(panel)
    inputs = {"L1.why": ["slip"]}
    with clock.set_to(given.stage.opens_at):
        save(panel.session, given, given.step("L1").asked, inputs, marks(given, inputs))
    assert submitted(panel) == []


def test_another_answer_to_it_is_a_change_to_be_submitted(panel: World) -> None:
    rate(panel, 0, "L1", "2", "reason_read")
    given = at(panel)
    with clock.set_to(given.stage.opens_at):
        known = submit(panel.session, given, idempotency_key="a")
    assert not has_changed_since(panel.session, at(panel), known)
    rate(panel, 0, "L1", "2", "slip")
    assert has_changed_since(panel.session, at(panel), known)


def asked_to_stay(world: World) -> list[str]:
    given = at(world)
    order = given.ordered_wordings()
    return [one.key for one in order if change_notes.asks_who_stays(world.session, given, one)]


def test_of_as_many_who_stayed_it_is_asked(panel: World) -> None:
    """After each change the next kept rating is asked about; who keeps all is never asked."""
    order = [one.key for one in at(panel).ordered_wordings()]
    assert sorted(order) == sorted(MEASURES)
    assert asked_to_stay(panel) == []
    rate(panel, 0, order[0], "2")
    assert asked_to_stay(panel) == order[1:], "whichever stays next"
    rate(panel, 0, order[1], "4")
    assert asked_to_stay(panel) == [order[1]]
    rate(panel, 0, order[2], "1")
    rate(panel, 0, order[3], "1")
    rate(panel, 0, order[4], "4")
    assert asked_to_stay(panel) == [order[1], *order[3:]]


@pytest.mark.parametrize("why", [None, False])
def test_nobody_is_asked_where_the_definition_does_not(make_world: MakeWorld, why: bool | None) -> None:
    world = make_world(2, definition=asking(why))
    hold(world, 1, same)
    opened(world, 2)
    assert not any(item.key.endswith(".why") for item in at(world).step("L1").asked)


def closed(world: World, people: int) -> None:
    for expert in range(EXPERTS):
        rate(world, expert, "L1", "2", *(["reason_read", "slip"] if expert < people else []))
        rate(world, expert, "L2", "4", *(["panel_ratings"] if expert < people - 1 else []))
        submitted(world, expert)
    stage = world.stage("round-2")
    with clock.set_to(stage.closes_at):
        stage_acts.close_stage(world.session, world.consultation, stage, actor="t", reason="All are here.")


def test_a_frozen_round_counts_people_pooled_over_measures(panel: World) -> None:
    rate(panel, 0, "L3", "1", "reason_read")
    closed(panel, 9)
    frozen = results.frozen_content(panel.session, panel.stage("round-2")).why
    assert frozen is not None and frozen.changed.named is not None and frozen.stayed.named is not None
    assert (frozen.changed.people, frozen.stayed.people) == (9, 8)
    counted = {code: number for code, number in frozen.changed.named.items() if number}
    assert counted == {WhyChanged.REASON_READ: 9, WhyChanged.SLIP: 9}
    shown = results.released_numbers(panel.session, panel.stage("round-2"))
    assert shown is not None and shown.why == frozen


def test_of_fewer_than_eight_people_nothing_is_released(panel: World) -> None:
    closed(panel, 8)
    shown = results.released_numbers(panel.session, panel.stage("round-2"))
    assert shown is not None and shown.why is not None
    assert shown.why.changed.named is not None and shown.why.stayed.named is None


def test_where_nobody_said_anything_nothing_is_said(panel: World) -> None:
    closed(panel, 0)
    assert results.frozen_content(panel.session, panel.stage("round-2")).why is None


def test_it_is_among_ones_own_data_and_goes_with_an_erasure(panel: World) -> None:
    rate(panel, 0, "L1", "2", "reason_read")
    submitted(panel)
    told = own_data.own_data(panel.session, panel.experts[0])["submissions"][-1]["change_notes"]
    assert told == [{"measure": "L1", "has_changed": True, "named": ["reason_read"]}]
    leaving.erase(panel.session, panel.experts[0], "t")
    assert panel.session.query(ChangeNote).count() == 0
