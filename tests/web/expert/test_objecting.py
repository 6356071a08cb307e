"""On one's own page one objects to an optional use and stays, and takes it back; the consent says so before."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from consult import clock
from consult.models import Expert, Objection
from consult.services.access import invitations
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from tests.services.access.test_objections import optional
from tests.services.conftest import BEFORE, panel_file
from tests.web.visiting import Browser, Library, enter, open_library

OTHER = "other"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with open_library(tmp_path, "round-2") as opened:
        yield opened


@pytest.fixture
def browser(library: Library) -> Iterator[Browser]:
    """An expert of a panel with optional uses, signed in and taking part."""
    with library.database.writing() as session:
        with clock.set_to(BEFORE):
            made = publishing.publish(session, optional(), actor="test", slug=OTHER)
            importing.import_panel(session, made, optional(), panel_file(3), "test")
        stage = stages.find_stage(session, made.id, "round-1")
        with clock.set_to(stage.opens_at):
            stage_acts.open_stage(session, made, stage, actor="test")
            expert = session.scalars(select(Expert).filter_by(consultation_id=made.id).order_by(Expert.id)).first()
            assert expert is not None
            token = invitations.create_invitation(session, expert)
        opens = stage.opens_at
    with clock.set_to(opens):
        found = library.browser()
        enter(found, f"/i/{token}")
        yield found


def uses(library: Library) -> list[str]:
    with library.database.reading() as session:
        return sorted(session.scalars(select(Objection.use)))


def test_the_consent_says_which_uses_are_optional(browser: Browser) -> None:
    browser.open(f"/c/{OTHER}/consent")
    assert browser.text.count("Later you can object to this") == 2


def test_object_and_allow_again(library: Library, browser: Browser) -> None:
    browser.open(f"/c/{OTHER}/my-data")
    assert browser.text.count("You can object to this and take part all the same.") == 2
    browser.press("objects", "yes", mark="files of rows")
    assert uses(library) == ["rows"] and "You object:" in browser.text
    assert browser.open(f"/c/{OTHER}/stage/round-1/L1") == 200, "still taking part"
    browser.open(f"/c/{OTHER}/my-data")
    browser.press("objects", "no", mark="files of rows")
    assert uses(library) == [] and "You object:" not in browser.text


def test_a_condition_of_taking_part_has_no_button(library: Library, browser: Browser) -> None:
    browser.open(f"/c/{OTHER}/my-data")
    forms = browser.tree.xpath("//main//form[.//button[@name='objects']]")
    assert [form.get("action").rpartition("/")[2] for form in forms] == ["quoted", "rows"]
    sent = browser.client.post(f"/c/{OTHER}/my-data/uses/counted", data={"objects": "yes"})
    assert sent.status_code in (400, 403, 404) and uses(library) == []
