"""The measures editor: every change with a reason, every refusal with everything typed kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import escape

from consult.models import Comment, JournalEntry, MeasureFate, MeasureVersion, Proposal
from tests.web.staffing import HERE, House, open_house, refused, send

EDITOR = f"/c/{HERE}/measures"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


@pytest.fixture
def closed(house: House) -> House:
    """The same with round 2 closed, so that its comments wait."""
    address = f"/c/{HERE}/facilitate/stages/round-2/close"
    assert send(house.client("facilitator"), address, reason="All are in").status_code == 303
    return house


def _waiting(house: House) -> list[Comment]:
    found: list[Comment] = house.rows(Comment, moderation="waiting", text="Said in the open round")
    return found


def _proposal(house: House) -> str:
    """The address of the one proposal there is."""
    return f"{EDITOR}/proposals/{house.rows(Proposal)[0].handle}"


def test_what_experts_typed_is_shown_as_text(house: House) -> None:
    client = house.client("facilitator")
    text = client.get(EDITOR).text
    assert "A &lt;i&gt;garden&lt;/i&gt;" in text and "<i>garden" not in text
    comments = client.get(f"{EDITOR}/comments?show=all").text
    assert "&lt;b&gt;most&lt;/b&gt;" in comments and "<b>most" not in comments


def test_a_proposal_becomes_a_measure(house: House) -> None:
    client, address = house.client("facilitator"), f"{_proposal(house)}/accept"
    page = client.get(address).text
    assert 'value="A &lt;i&gt;garden&lt;/i&gt;"' in page
    again = refused(client, address, title_en="A garden", text_en="Benches.", theme="house")
    assert again.status_code == 200 and 'value="A garden"' in again.text
    assert house.rows(Proposal)[0].fate == "waiting"
    done = send(
        client, address, title_en="A garden", text_en="Benches.", theme="house", reason="Nothing like it in the list"
    )
    assert done.location == EDITOR
    assert house.rows(Proposal)[0].fate == "accepted"
    newest = house.rows(MeasureVersion)[-1]
    assert newest.content["title"] == {"en": "A garden"} and newest.content["actors"] == []
    assert refused(client, EDITOR + "/add").status_code == 200
    assert client.get(address).status_code == 409


def test_a_proposal_can_be_contained_in_a_measure(house: House) -> None:
    client, address = house.client("facilitator"), f"{_proposal(house)}/merge"
    assert refused(client, address, into="L99", reason="Seats").status_code == 200
    assert send(client, address, into="L1", reason="Seats are seats").status_code == 303
    proposal = house.rows(Proposal)[0]
    assert (proposal.fate, proposal.reason) == ("merged", "Seats are seats")
    assert "Seats are seats" in client.get(EDITOR).text


def test_a_proposal_is_left_out_with_a_reason_only(house: House) -> None:
    client, address = house.client("facilitator"), f"{_proposal(house)}/withhold"
    assert refused(client, address, reason="   ").status_code == 200
    assert send(client, address, reason="Outside the house").status_code == 303
    assert house.rows(Proposal)[0].fate == "withheld"


def test_a_proposal_gets_a_title_for_readers(house: House) -> None:
    client, address = house.client("facilitator"), f"{_proposal(house)}/title"
    own = house.rows(Proposal)[0]
    assert f'value="{escape(own.title)}"' in client.get(address).text
    assert refused(client, address, title_en=" ").status_code == 200
    assert send(client, address, title_en="A shed").status_code == 303
    found = house.rows(Proposal)[0]
    assert (found.title, found.title_in, found.fate) == (own.title, {"en": "A shed"}, "waiting")


@pytest.mark.parametrize("kind", ["editorial", "substantive"])
def test_rewording_says_whether_ratings_compare(house: House, kind: str) -> None:
    client, address = house.client("facilitator"), f"{EDITOR}/L2/reword"
    fields = {"title_en": "A workshop", "text_en": "Hand tools only.", "reason": "Shorter"}
    without = refused(client, address, **fields)
    assert without.status_code == 200
    assert "Hand tools only." in without.text and 'href="#item-kind-0"' in without.text
    done = send(client, address, kind=kind, **fields)
    assert done.location == f"{EDITOR}/L2"
    newest = house.rows(MeasureVersion, number=2)[0]
    assert newest.is_pairable is (kind == "editorial")
    assert newest.reason == "Shorter"
    page = client.get(f"{EDITOR}/L2").text
    assert "Hand tools only." in page and "Sewing machines" in page


def test_the_same_wording_is_refused(house: House) -> None:
    client, address = house.client("facilitator"), f"{EDITOR}/L2/reword"
    version = house.rows(MeasureVersion, number=1)[1]
    answer = refused(
        client,
        address,
        kind="editorial",
        reason="Words worth keeping",
        title_en=version.content["title"]["en"],
        text_en=version.content["text"]["en"],
    )
    assert answer.status_code == 200
    assert "Words worth keeping" in answer.text and "There is a problem" in answer.text


def test_merging_and_dropping_need_reasons_and_are_final(closed: House) -> None:
    client = closed.client("facilitator")
    assert refused(client, f"{EDITOR}/L3/merge", into="L4").status_code == 200
    assert 'value="L3"' not in client.get(f"{EDITOR}/L3/merge").text
    done = send(client, f"{EDITOR}/L3/merge", into="L4", reason="One idea")
    assert done.status_code == 303
    assert send(client, f"{EDITOR}/L5/drop", reason="Decided elsewhere").status_code == 303
    fates = {row.fate for row in closed.rows(MeasureFate)}
    assert {"merged", "dropped"} <= fates
    again = refused(client, f"{EDITOR}/L3/drop", reason="Words worth keeping")
    assert again.status_code == 200 and "Words worth keeping" in again.text
    assert f"{EDITOR}/L3/drop" not in client.get(f"{EDITOR}/L3").text


def test_a_measure_rated_once_is_not_dropped(house: House) -> None:
    client = house.client("facilitator")
    assert (
        send(
            client, f"{_proposal(house)}/accept", title_en="A garden", text_en="Benches.", theme="house", reason="New"
        ).status_code
        == 303
    )
    key = next(row.facts["measure"] for row in house.rows(JournalEntry, act="add measure"))
    assert client.get(f"{EDITOR}/{key}").status_code == 200
    assert client.get(f"{EDITOR}/no-such-measure").status_code == 404


def test_a_comment_is_accepted_in_words_of_its_own(closed: House) -> None:
    client, comment = closed.client("facilitator"), _waiting(closed)[0]
    address = f"{EDITOR}/comments/{comment.handle}/accept"
    assert "Said in the open round" in client.get(address).text
    assert refused(client, address, text_en="").status_code == 200
    assert send(client, address, text_en="A shorter way to say it").status_code == 303
    stored = closed.rows(Comment, id=comment.id)[0]
    assert stored.moderation == "accepted"
    assert stored.moderated == {"en": "A shorter way to say it"}
    pages = [client.get(f"{EDITOR}/comments?show=accepted&page={number}").text for number in (1, 2, 3)]
    assert sum("Shown as:" in page for page in pages) == 1


def test_a_comment_is_withheld_with_a_reason(closed: House) -> None:
    client, comment = closed.client("facilitator"), _waiting(closed)[0]
    address = f"{EDITOR}/comments/{comment.handle}/withhold"
    assert refused(client, address).status_code == 200
    assert send(client, address, reason="It names a person").status_code == 303
    assert "It names a person" in client.get(f"{EDITOR}/comments?show=withheld").text


def test_comments_released_with_the_round_before_change_no_more(house: House) -> None:
    client = house.client("facilitator")
    old = next(row for row in house.rows(Comment) if "workshop" in row.text)
    assert f"comments/{old.handle}/accept" not in client.get(f"{EDITOR}/comments?show=all").text
    late = refused(client, f"{EDITOR}/comments/{old.handle}/accept", text_en="Words worth keeping")
    assert late.status_code == 200 and "Words worth keeping" in late.text


def test_comments_of_the_open_round_cannot_be_reached(house: House) -> None:
    client, waiting = house.client("facilitator"), _waiting(house)
    assert waiting
    for comment in waiting:
        assert client.get(f"{EDITOR}/comments/{comment.handle}/accept").status_code == 404


def test_odd_choices_in_the_address_do_no_harm(closed: House) -> None:
    client = closed.client("facilitator")
    for query in ("show=' OR 1=1", "page=0", "page=99999999", "page=-1", "show=all&page=x"):
        assert client.get(f"{EDITOR}/comments?{query}").status_code == 200
