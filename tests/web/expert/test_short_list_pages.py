"""The short list on its page: keep and undo without a script, the way to it and on from it, a late press."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from consult import clock
from consult.models import Consultation, Draft
from consult.services.access import invitations
from consult.services.rounds import stages
from tests.services import playing
from tests.services.answering.near import EXPERTS, by_expert, ruled
from tests.services.conftest import BEFORE
from tests.web.expert.beside import OTHER, opened, published, signed_in
from tests.web.visiting import Browser, Library, enter, open_library

NEAR = f"/c/{OTHER}/stage/round-2/near"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, "round-2") as opened:
        yield opened


@pytest.fixture
def browser(library: Library) -> Browser:
    """The first expert of a panel that is fed back by a short list, signed in."""
    definition = ruled("short_list")
    with library.database.writing() as session:
        made, experts = published(session, definition, EXPERTS)
        for expert in experts:
            playing.agree(session, definition, expert)
        first = stages.find_stage(session, made.id, "round-1")
        playing.play(session, definition, made, experts, first, rate=by_expert())
        second = opened(session, made, "round-2")
        token, opens = invitations.create_invitation(session, experts[0]), second.opens_at
    with signed_in(library, token, opens) as found:
        yield found


def stored(library: Library) -> dict[str, list[Any]]:
    """What is drafted in the second round of that panel."""
    with library.database.reading() as session:
        made = session.scalars(select(Consultation).filter_by(slug=OTHER)).one()
        stage = stages.find_stage(session, made.id, "round-2")
        return {
            row.name: row.values for row in session.scalars(select(Draft).filter_by(stage_id=stage.id)) if row.values
        }


def test_full_measures_come_first_and_then_the_list(browser: Browser) -> None:
    browser.open(f"/c/{OTHER}/stage/round-2/")
    seen = []
    while not browser.path.endswith("/near"):
        seen.append(browser.path.rpartition("/")[2])
        browser.press("go", "keep")
        assert len(seen) < 9, seen
    assert set(seen) == {"L2", "L3"}
    assert "In full: 0 of 2 left" in browser.main and "Short list: 5 of 5 left" in browser.main


def test_each_is_kept_by_a_press_of_its_own_and_can_be_taken_back(browser: Browser, library: Library) -> None:
    browser.open(NEAR)
    assert browser.tree.xpath("count(//button[@name='keep'])") == 5
    browser.press("keep", "L4")
    assert browser.path == NEAR and "Short list: 4 of 5 left" in browser.main
    assert stored(library)["L4.wish"] == ["5"]
    browser.press("undo", "L4")
    assert "Short list: 5 of 5 left" in browser.main and "L4.wish" not in stored(library)


def test_a_measure_opened_from_the_list_leads_back_to_it(browser: Browser, library: Library) -> None:
    browser.open(f"/c/{OTHER}/stage/round-2/L4")
    browser.press("go", "next", {"L4.wish": "4"})
    assert browser.path == NEAR
    assert stored(library)["L4.wish"] == ["4"]
    assert browser.tree.xpath("//li[@id='row-L4']//button") == []
    assert "Changed" in browser.tree.xpath("string(//li[@id='row-L4'])")


def test_on_it_goes_to_what_is_left_then_to_the_review(browser: Browser) -> None:
    browser.open(NEAR)
    for key in ("L1", "L4", "L5", "L6", "L7"):
        browser.press("keep", key)
    browser.press("go", "next")
    assert browser.path.rpartition("/")[2] in {"L2", "L3"}
    while browser.path.rpartition("/")[2] in {"L2", "L3"}:
        browser.press("go", "keep")
    browser.open(NEAR)
    browser.press("go", "next")
    assert browser.path.endswith("/review")


def test_no_page_of_it_keeps_all_at_once(browser: Browser) -> None:
    browser.open(NEAR)
    kept = [button.get("value") for button in browser.tree.xpath("//button[@name='keep']")]
    assert sorted(kept) == ["L1", "L4", "L5", "L6", "L7"]
    assert browser.tree.xpath("//button[@name='go']/@value") == ["next", "next"]


def test_nothing_is_kept_once_the_round_is_over(browser: Browser, library: Library) -> None:
    browser.open(NEAR)
    with clock.set_to(BEFORE.replace(year=BEFORE.year + 2)):
        browser.press("keep", "L4")
    assert browser.status != 200 or not browser.path.endswith("/near")
    assert "L4.wish" not in stored(library)


def test_a_consultation_without_the_form_has_no_such_page(library: Library) -> None:
    browser = library.browser()
    enter(browser, library.link(1))
    browser.open("/c/town-library/stage/round-2/near")
    assert not browser.path.endswith("/near")
