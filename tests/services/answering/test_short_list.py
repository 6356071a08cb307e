"""The short list: what comes in full, what may be kept from it, and that the ledger holds how."""

import pytest
from sqlalchemy import select

from consult import clock
from consult.models import FeedbackShown
from consult.services.answering import short_list as listing
from consult.services.answering.responding import find_respondent
from consult.services.answering.saving import marks, save
from tests.services.answering.near import EXPERTS, at, by_expert, entries, make_near, ruled
from tests.services.conftest import MakeWorld, World
from tests.services.rounds.holding import hold, opened


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    return make_near(make_world)


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
