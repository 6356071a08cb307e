"""The short list: what comes in full, what may be kept from it, and that the ledger holds how."""

from collections.abc import Iterator
from itertools import cycle, repeat
from typing import Any

import pytest
from sqlalchemy import select

from analysis.protocol.states import Without
from consult import clock
from consult.definition.consultation import Definition
from consult.models import FeedbackShown
from consult.services.answering import short_list as listing
from consult.services.answering.feedback import feedback_for
from consult.services.answering.responding import Respondent, find_respondent
from consult.services.answering.saving import marks, save
from consult.services.answering.short_list import ShortEntry
from consult.services.answering.submitting import note_shown, submit
from consult.services.rounds import results
from consult.services.running import stage_acts
from tests.services.conftest import MakeWorld, World, reworked
from tests.services.playing import Rate
from tests.services.rounds.holding import hold, opened, reword
from tests.services.samples import three_rounds

EXPERTS = 15
POINTS = {
    "L1.wish": "5" * 14 + "3",  # clear, but the last expert is in another band
    "L2.wish": "5" * 8 + "1" * 7,  # no verdict
    "L3.wish": "5" * 14 + "1",  # agreed, two ratings from failing
    "L4.wish": "5" * 15,
    "L5.wish": "5" * 14 + "-",  # clear; the last expert gave no rating
}
"""Ratings of the first round, expert by expert; every other measure is clear and high."""


def by_expert() -> Rate:
    points: dict[str, Iterator[str]] = {key: cycle(row) for key, row in POINTS.items()}

    def rate(key: str, chance: Any) -> str:
        point = next(points.get(key) or repeat("5"))
        return "no:dont_know" if point == "-" else point

    return rate


def ruled(form: str) -> Definition:
    protocol = three_rounds().protocol.model_dump(mode="json", by_alias=True, exclude_none=True)
    return reworked(three_rounds(), protocol={**protocol, "feedback": {**protocol["feedback"], "form": form}})


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    """Fifteen experts in the second of three rounds; one measure was reworded in between."""
    world = make_world(EXPERTS, definition=ruled("short_list"))
    hold(world, 1, by_expert())
    with clock.set_to(world.stage("round-1").closes_at):
        reword(world, "L7", is_substantive=False)
    opened(world, 2)
    return world


def at(world: World, expert: int = 0) -> Respondent:
    found = world.experts[expert]
    return find_respondent(world.session, world.consultation, world.definition, found, world.stage("round-2"))


def entries(world: World, expert: int = 0) -> dict[str, ShortEntry]:
    return {entry.measure.step.key: entry for entry in listing.short_list(world.session, at(world, expert))}


def keep(world: World, expert: int, *keys: str) -> None:
    with clock.set_to(world.stage("round-2").opens_at):
        for key in keys:
            listing.keep(world.session, at(world, expert), entries(world, expert)[key])


def test_what_is_near_stands_in_the_list_and_the_rest_comes_in_full(panel: World) -> None:
    assert entries(panel).keys() == {"L1", "L4", "L5", "L6"}


def test_who_differs_or_gave_no_rating_gets_the_measure_in_full(panel: World) -> None:
    assert entries(panel, EXPERTS - 1).keys() == {"L4", "L6"}


@pytest.mark.parametrize("form", ["bars_on_scale", "words", "reasons"])
def test_no_other_form_has_a_list(make_world: MakeWorld, form: str) -> None:
    world = make_world(EXPERTS, definition=ruled(form))
    hold(world, 1, by_expert())
    opened(world, 2)
    assert entries(world) == {}


def test_the_first_round_has_none(make_world: MakeWorld) -> None:
    world = make_world(2, definition=ruled("short_list"))
    opened(world, 1)
    found = find_respondent(
        world.session, world.consultation, world.definition, world.experts[0], world.stage("round-1")
    )
    assert listing.short_list(world.session, found) == []


def test_a_keep_stores_the_former_rating_and_the_ledger_says_where_it_was_seen(panel: World) -> None:
    keep(panel, 0, "L4")
    assert at(panel).typed["L4.wish"] == ["5"]
    assert entries(panel)["L4"].is_kept and not entries(panel)["L1"].is_kept
    shown = panel.session.scalars(select(FeedbackShown)).all()
    assert [(row.form, row.expert_id) for row in shown] == [("short_list", panel.experts[0].id)]


def test_undo_opens_it_again(panel: World) -> None:
    keep(panel, 0, "L4")
    with clock.set_to(panel.stage("round-2").opens_at):
        listing.undo(panel.session, at(panel), entries(panel)["L4"])
    found = entries(panel)["L4"]
    assert found.measure.is_open and not found.is_kept


def test_neither_overwrites_what_was_answered_on_the_page(panel: World) -> None:
    """A list that is still on screen elsewhere knows nothing of it."""
    stale = entries(panel)["L4"]
    with clock.set_to(panel.stage("round-2").opens_at):
        given = at(panel)
        save(panel.session, given, given.step("L4").asked, {"L4.wish": ["2"]}, marks(given, ["L4.wish"]))
        listing.keep(panel.session, at(panel), stale)
        listing.undo(panel.session, at(panel), stale)
    assert at(panel).typed["L4.wish"] == ["2"]


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
    assert shown is not None and shown.measures["L4"].criteria["wish"].kept_in_list is None
