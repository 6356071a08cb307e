"""The pages that mails lead to beside the landing: calendar files, and the end of reminders."""

from datetime import timedelta

import pytest
from flask import Flask

from consult import clock
from consult.models import Contact, Expert, LoginSession, Message
from consult.services.definitions import consultation_by_slug, definition_of
from consult.services.mail import delivering, reminders, reminding
from consult.services.running import leaving
from consult.web.application import csrf
from tests.web.visiting import SLUG, Library, page

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def address(library: Library, number: int = 1) -> str:
    """The address in the mail, without the server's."""
    with library.database.reading() as session:
        consultation = consultation_by_slug(session, SLUG)
        whole = reminders.stop_address(library.config, consultation, library.expert(number))
    return whole.removeprefix(library.config.public_url)


def stopped(library: Library) -> list[int]:
    return [contact.expert_id for contact in library.rows(Contact) if contact.reminders_stopped_at]


@pytest.fixture
def guarded(round_1: Library) -> Library:
    """With the protection of forms on, as it is when the server runs."""
    assert round_1.app.config.get("WTF_CSRF_ENABLED", True)
    return round_1


# No more reminders


def test_one_click_of_a_mail_program_ends_the_reminders(guarded: Library) -> None:
    """RFC 8058: a POST without cookie or form token, answered without a redirect."""
    there = address(guarded)
    for _ in range(2):
        answer = guarded.app.test_client().post(there, data=ONE_CLICK)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers
        assert "You get no more reminders" in answer.text
    assert stopped(guarded) == [guarded.expert(1).id]
    assert guarded.expert(1).withdrawn_at is None


def test_looking_changes_nothing_and_the_button_does(guarded: Library) -> None:
    before = guarded.everything()
    there = address(guarded)
    for method in ("GET", "HEAD"):
        assert guarded.app.test_client().open(there, method=method).status_code == 200
    browser = guarded.browser()
    assert browser.open(there) == 200
    assert guarded.everything() == before
    assert "You stay in the panel" in browser.main
    browser.press("", "", mark="No more reminders")
    assert browser.status == 200 and "You get no more reminders" in browser.main
    assert stopped(guarded) == [guarded.expert(1).id]


def test_the_address_opens_nothing_else(guarded: Library) -> None:
    client = guarded.app.test_client()
    before = len(guarded.rows(LoginSession))
    answer = client.post(address(guarded), data=ONE_CLICK)
    for mark in (guarded.expert(1).code, "Person 1", "person1@example.org"):
        assert mark not in answer.text
    assert len(guarded.rows(LoginSession)) == before
    assert client.get(f"/c/{SLUG}/").status_code == 401
    token = address(guarded).rpartition("/")[2]
    assert client.get(f"/i/{token}").status_code == 410


def test_who_has_left_is_not_told_that_they_stay(guarded: Library) -> None:
    there = address(guarded)
    with guarded.database.writing() as session:
        leaving.withdraw(session, session.get_one(Expert, guarded.expert(1).id), "expert")
    client = guarded.app.test_client()
    for answer in (client.get(there), client.post(there, data=ONE_CLICK)):
        assert answer.status_code == 200
        assert "You stay" not in answer.text and "still come" not in answer.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_wrong_address_is_refused_without_a_word_about_the_panel(guarded: Library, method: str) -> None:
    client, before = guarded.app.test_client(), guarded.everything()
    good = address(guarded)
    number = good.rpartition("/")[2].partition("-")[0]
    texts = set()
    for wrong in (good[:-1], good.replace(f"/{number}-", "/99-"), f"/c/{SLUG}/no-reminders/x"):
        answer = client.open(wrong, method=method)
        assert answer.status_code == 410
        texts.add(answer.text.replace(wrong, ""))
    assert len(texts) == 1
    elsewhere = good.replace(SLUG, "no-such-place")
    assert client.open(elsewhere, method=method).status_code == 404
    assert guarded.everything() == before


def test_this_view_alone_asks_for_no_form_token(guarded: Library) -> None:
    """An exemption made while serving would hold for everybody: it is made once, at import."""
    exempt = set(csrf._exempt_views)
    assert exempt == {"consult.web.expert.correspondence.no_reminders"}
    assert csrf._exempt_blueprints == set()
    client = guarded.app.test_client()
    client.post(address(guarded), data=ONE_CLICK)
    assert set(csrf._exempt_views) == exempt
    assert client.post(f"/c/{SLUG}/new-link", data={"email": "a@example.org"}).status_code == 400


def test_the_host_header_leads_no_mail_astray(guarded: Library) -> None:
    """Asked for under another name of this machine, links are still those of the settings."""
    client = guarded.app.test_client()
    form = client.get(f"/c/{SLUG}/new-link", headers={"Host": "localhost:666"})
    token = form.text.partition('name="csrf_token" value="')[2].partition('"')[0]
    data = {"email": "person1@example.org", "csrf_token": token}
    client.post(f"/c/{SLUG}/new-link", data=data, headers={"Host": "localhost:666"})
    (message,) = guarded.rows(Message, purpose="new-link")
    assert "http://127.0.0.1:8000/i/" in message.body and "666" not in message.body


def test_the_wish_is_heard_by_the_next_reminder(guarded: Library) -> None:
    guarded.app.test_client().post(address(guarded), data=ONE_CLICK)
    with guarded.database.writing() as session:
        consultation = consultation_by_slug(session, SLUG)
        definition = definition_of(session, consultation.id)
        stage = guarded.stage("round-1")
        count = reminding.remind(session, consultation, definition, guarded.config, stage, "test")
    reminded = {message.expert_id for message in guarded.rows(Message, purpose="reminder")}
    assert count == len(reminded) == 13
    assert guarded.expert(1).id not in reminded
    assert delivering.deliver(guarded.database, guarded.config) == {"sent": 13}


# Calendar files


def test_a_task_offers_its_deadline_as_a_calendar_file(round_1: Library) -> None:
    browser = round_1.browser(1)
    browser.get(f"/c/{SLUG}/")
    links = browser.tree.xpath("//main//a[starts-with(., 'Calendar file')]")
    stages = [link.get("href").split("/")[4] for link in links]
    assert stages == ["round-1", "round-2"]  # the first stage is closed
    assert links[0].text_content() == "Calendar file: Round 1"
    answer = browser.client.get(links[0].get("href"))
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    assert answer.mimetype_params == {"charset": "utf-8", "method": "PUBLISH"}
    assert answer.headers["Content-Disposition"] == ("attachment; filename=town-library-round-1.ics")
    assert b"DTSTART:20261016T230000Z\r\n" in answer.data
    assert b"UID:round-1.town-library@127.0.0.1\r\n" in answer.data
    assert b"/i/" not in answer.data


def test_a_file_downloaded_later_is_stamped_later(round_1: Library) -> None:
    browser = round_1.browser(1)
    first = browser.client.get(page("round-1", "calendar.ics")).data
    with clock.set_to(clock.utc_now() + timedelta(hours=1)):
        second = browser.client.get(page("round-1", "calendar.ics")).data
    assert first != second
    assert [line for line in first.split() if line not in second.split()] == [
        next(line for line in first.split() if line.startswith(b"DTSTAMP"))
    ]


def test_only_signed_in_experts_get_the_file(round_1: Library) -> None:
    assert round_1.app.test_client().get(page("round-1", "calendar.ics")).status_code == 401
    client = round_1.browser(1).client
    assert client.get(page("no-such-stage", "calendar.ics")).status_code == 404
    assert client.post(page("round-1", "calendar.ics")).status_code in (400, 405)


def test_both_views_say_who_may_enter(round_1: Library) -> None:
    app: Flask = round_1.app
    guards = {
        name: app.view_functions[f"correspondence.{name}"].guard  # type: ignore[attr-defined]
        for name in ("calendar", "no_reminders")
    }
    assert guards == {"calendar": "expert", "no_reminders": "public"}
