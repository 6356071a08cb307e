"""The board: who has answered and never what; stages opened, moved and closed with a reason."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from consult import clock
from consult.models import Deviation, Expert, Message, Result, Stage, Submission
from consult.services.definitions import consultation_by_slug
from consult.services.mail import correspondence
from consult.services.measures import comments
from consult.services.running import leaving
from tests.services.conftest import town_library
from tests.web.staffing import HERE, TEXT, House, open_house, proof, refused, send

BOARD = f"/c/{HERE}/facilitate"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def test_the_board_says_who_has_not_answered_and_never_what(house: House) -> None:
    text = house.client("facilitator").get(BOARD).text
    assert text.count("submitted</span>") == 5
    assert text.count("not answered</span>") == 9
    assert "5 of 14 submitted" in text and "12 of 14 submitted" in text
    assert TEXT[:20] not in text and "Said in the open round" not in text


def test_the_panel_can_be_listed_for_another_stage(house: House) -> None:
    client = house.client("secretariat")
    assert client.get(f"{BOARD}?stage=round-1").text.count("submitted</span>") == 12
    assert client.get(f"{BOARD}?stage=no-stage").status_code == 404


def test_the_secretariat_reads_but_does_not_steer(house: House) -> None:
    text = house.client("secretariat").get(BOARD).text
    assert "new-link" in text
    for word in ("/withdraw", "/close", "/extend", "/journal", "to moderate"):
        assert word not in text


def test_comments_of_an_open_round_are_not_even_counted(house: House) -> None:
    """One more comment just after somebody submitted would say whose it is."""
    with house.reading() as session:
        consultation = consultation_by_slug(session, HERE)
        found = comments.closed_comments(session, consultation)
    assert {item.view.stage for item in found} == {"round-1"}
    # round 2 is open, so what was said in round 1 was released and waits for nobody any more
    assert all(item.is_over for item in found)
    assert "to moderate" not in house.client("facilitator").get(BOARD).text
    shown = house.client("facilitator").get(f"/c/{HERE}/measures/comments?show=all").text
    assert "Said in the open round" not in shown


def test_after_an_erasure_the_page_of_comments_says_why_it_lists_none(house: House) -> None:
    page, why = f"/c/{HERE}/measures/comments?show=all", "answers in it were erased"
    client = house.client("facilitator")
    before = client.get(page).text
    assert "/accept" not in before and 'class="pre"' in before and why not in before
    with house.database.writing() as session:
        consultation = consultation_by_slug(session, HERE)
        stage = session.scalars(select(Stage).filter_by(consultation_id=consultation.id, key="round-1")).one()
        expert = session.scalars(
            select(Expert).join(Submission, Submission.expert_id == Expert.id).where(Submission.stage_id == stage.id)
        ).first()
        assert expert is not None
        leaving.erase(session, expert, "test")
    after = client.get(page).text
    assert 'class="pre"' not in after and why in after


def test_closing_early_needs_a_reason_then_freezes(house: House) -> None:
    client, address = house.client("facilitator"), f"{BOARD}/stages/round-2/close"
    without = refused(client, address)
    assert without.status_code == 200
    assert "There is a problem" in without.text and "<title>Error: " in without.text
    assert house.stage("round-2").closed_at is None
    done = send(client, address, reason="Everybody has answered")
    assert (done.status_code, done.location) == (303, BOARD)
    assert house.stage("round-2").closed_at is not None
    assert len(house.rows(Result, stage_id=house.stage("round-2").id)) == 1
    assert "Everybody has answered" in client.get(BOARD).text
    again = refused(client, address, reason="Once more, with words worth keeping")
    assert again.status_code == 200 and "words worth keeping" in again.text


def test_moving_the_close_is_in_the_consultations_zone(house: House) -> None:
    client, address = house.client("facilitator"), f"{BOARD}/stages/round-2/extend"
    done = send(client, address, closes_at="2026-11-20T18:30", reason="Holidays in between")
    assert done.status_code == 303
    assert house.stage("round-2").closes_at.isoformat() == "2026-11-20T22:30:00+00:00"
    assert [row.reason for row in house.rows(Deviation)] == ["Holidays in between"]


@pytest.mark.parametrize("when", ["", "soon", "2026-13-40T99:99"])
def test_a_close_that_is_no_time_is_refused_with_everything_kept(house: House, when: str) -> None:
    answer = refused(
        house.client("facilitator"), f"{BOARD}/stages/round-2/extend", closes_at=when, reason="Words worth keeping"
    )
    assert answer.status_code == 200
    assert "Words worth keeping" in answer.text and 'href="#item-closes_at"' in answer.text
    assert house.rows(Deviation) == []


def test_a_close_in_the_past_is_refused(house: House) -> None:
    answer = refused(
        house.client("facilitator"),
        f"{BOARD}/stages/round-2/extend",
        closes_at="2026-01-01T10:00",
        reason="Words worth keeping",
    )
    assert answer.status_code == 200 and "Words worth keeping" in answer.text


def test_opening_early_needs_a_reason(house: House) -> None:
    client = house.client("stranger")
    address = "/c/other-library/facilitate/stages/round-1/open"
    with clock.set_to(house.stage("round-1", "other-library").opens_at - timedelta(days=1)):
        client = house.client("stranger")
        assert "say why" in refused(client, address).text
        assert send(client, address, reason="Agreed with the council").status_code == 303
    assert house.stage("round-1", "other-library").opened_at is not None


def test_a_new_link_goes_by_mail_only(house: House) -> None:
    client = house.client("secretariat")
    done = send(client, f"{BOARD}/experts/E02/new-link")
    assert done.location == BOARD
    mails = house.rows(Message, purpose="new-link")
    assert [mail.state for mail in mails] == ["queued"]
    assert "/i/" in mails[0].body
    assert "/i/" not in client.get(BOARD).text


def test_a_withdrawn_expert_gets_no_more_links(house: House) -> None:
    client = house.client("facilitator")
    assert send(client, f"{BOARD}/experts/E03/withdraw").status_code == 303
    assert house.rows(Expert, code="E03")[0].withdrawn_at is not None
    assert "experts/E03/" not in client.get(BOARD).text
    address = f"{BOARD}/experts/E03/new-link"
    assert "There is a problem" in refused(client, address).text


def test_an_uncertain_mail_waits_for_a_person(house: House) -> None:
    with house.database.writing() as session:
        expert = session.get_one(Expert, house.rows(Expert, code="E04")[0].id)
        config = house.app.extensions["consult_config"]
        correspondence.send_new_link(session, expert, town_library(), config, "test")
        mail = session.scalars(select(Message)).one()
        mail.state = "uncertain"
    client = house.client("facilitator")
    assert "1 mail to look into" in client.get(BOARD).text
    handle = house.rows(Message)[0].handle
    sent, again = (f"{BOARD}/mails/{handle}/{said}" for said in ("sent", "again"))
    assert client.post(sent, data=proof(client, sent, BOARD)).status_code == 303
    assert house.rows(Message)[0].state == "sent" and house.rows(Message)[0].body is None
    assert client.post(again, data=proof(client, again, BOARD)).status_code == 404


def test_the_journal_shows_acts_and_that_the_chain_holds(house: House) -> None:
    client = house.client("facilitator")
    send(client, f"{BOARD}/stages/round-2/close", reason="Everybody has answered")
    text = client.get(f"{BOARD}/journal").text
    assert "close stage" in text and "facilitator@staff.example.org" in text
    assert "The chain holds" in text
