"""Ratings kept from the short list are counted apart, and what is found without them is given in words."""

import pytest

from analysis.protocol.states import Without
from consult import clock
from consult.services.answering import short_list as listing
from consult.services.answering.feedback import feedback_for
from consult.services.answering.saving import marks, save
from consult.services.answering.submitting import note_shown, submit
from consult.services.rounds import results
from consult.services.running import stage_acts
from tests.services.answering.near import EXPERTS, at, entries, make_near
from tests.services.conftest import MakeWorld, World


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    return make_near(make_world)


def answer_all(world: World, kept: int, *, opened_too: bool = False) -> None:
    """Everybody rates L4 as before: the first so many from the list, the rest on its page."""
    with clock.set_to(world.stage("round-2").opens_at):
        for expert in range(EXPERTS):
            given = at(world, expert)
            step = given.step("L4")
            assert step.wording is not None
            if expert < kept:
                listing.keep(world.session, given, entries(world, expert)["L4"])
            if expert >= kept or opened_too:
                save(world.session, given, step.asked, {"L4.wish": ["5"]}, marks(given, ["L4.wish"]))
                known = feedback_for(world.session, given, step.wording)
                assert known is not None
                note_shown(world.session, given, step, known.result, known.form)
            submit(world.session, at(world, expert), idempotency_key=f"{expert}")
    stage = world.stage("round-2")
    with clock.set_to(stage.closes_at):
        stage_acts.close_stage(world.session, world.consultation, stage, actor="t", reason="All are here.")


@pytest.mark.parametrize(
    ("kept", "code"), [(0, "stable"), (5, "stable"), (6, "kept_in_list"), (EXPERTS, "kept_in_list")]
)
def test_stability_is_not_known_where_over_a_third_kept_from_the_list(panel: World, kept: int, code: str) -> None:
    answer_all(panel, kept)
    one = results.frozen_content(panel.session, panel.stage("round-2")).measures["L4"].criteria["wish"]
    assert one.stability.code == code
    assert (one.kept_in_list.kept if one.kept_in_list else 0) == kept


def test_who_opened_the_page_too_did_not_keep_from_the_list(panel: World) -> None:
    answer_all(panel, 9, opened_too=True)
    one = results.frozen_content(panel.session, panel.stage("round-2")).measures["L4"].criteria["wish"]
    assert one.stability.code == "stable" and one.kept_in_list is None


def test_findings_without_them_are_given_in_words_from_five_on_each_side(panel: World) -> None:
    """Without nine of fifteen too few are left for a verdict: it changes."""
    answer_all(panel, 9)
    stage = panel.stage("round-2")
    frozen = results.frozen_content(panel.session, stage).measures["L4"].criteria["wish"].kept_in_list
    assert frozen is not None and (frozen.kept, frozen.verdict) == (9, Without.CHANGES)
    shown = results.released_numbers(panel.session, stage)
    assert shown is not None and shown.measures["L4"].criteria["wish"].kept_in_list == frozen


@pytest.mark.parametrize("kept", [4, 11])
def test_of_fewer_nothing_is_released(panel: World, kept: int) -> None:
    answer_all(panel, kept)
    shown = results.released_numbers(panel.session, panel.stage("round-2"))
    assert shown is not None
    one = shown.measures["L4"].criteria["wish"]
    assert one.kept_in_list is None
    assert one.counts is not None and one.suppressed is None, "the distribution is shown, and nothing says it is not"
