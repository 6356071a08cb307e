"""The page on which the facilitator enters what came by telephone or on paper."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html

from consult.models import Answer, Message, Submission
from tests.web.markup import faults
from tests.web.staffing import HERE, House, open_house, proof

BOARD = f"/c/{HERE}/facilitate"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def address(code: str) -> str:
    return f"{BOARD}/experts/{code}/enter/round-2"


def who_may_be_entered(client: FlaskClient) -> list[str]:
    return re.findall(r"/experts/(\w+)/enter/round-2", client.get(BOARD).text)


def post(client: FlaskClient, code: str, **fields: str) -> tuple[int, str]:
    carried = proof(client, address(code), BOARD)
    sent = client.post(address(code), data={**carried, **fields})
    is_refused = sent.status_code == 303 and "held=" in str(sent.location)
    return sent.status_code, client.get(sent.location).text if is_refused else sent.text


def test_it_is_offered_for_those_who_have_not_begun(house: House) -> None:
    codes = who_may_be_entered(house.client("facilitator"))
    submitted = {row.expert_id for row in house.rows(Submission)}
    assert len(codes) == 9 and len(submitted) == 12
    assert who_may_be_entered(house.client("secretariat")) == []
    assert house.client("secretariat").get(address(codes[0])).status_code == 403


def test_the_page_is_blank_whatever_was_answered_before(house: House) -> None:
    client = house.client("facilitator")
    text = client.get(address(who_may_be_entered(client)[0])).text
    page = html.fromstring(text)
    assert faults(text) == []
    assert page.xpath("//main//input[@checked]") == []
    boxes = [box.text_content().strip() for box in page.xpath("//main//textarea")]
    assert boxes and not any(boxes)
    assert len(page.xpath("//main//input[@name='item-L1.wish']")) >= 2


def test_what_was_submitted_online_is_not_shown(house: House) -> None:
    client = house.client("facilitator")
    submitted = client.get(address("E01"))
    assert submitted.status_code == 409 and "has submitted" in submitted.text


def test_a_mistake_keeps_everything_typed(house: House) -> None:
    client = house.client("facilitator")
    code = who_may_be_entered(client)[0]
    fields = {"item-L1.wish": "5", "item-L1.wish.reason": "Said <b>so</b> on the telephone"}
    status, text = post(client, code, **fields)
    assert status == 303 and "Say how the answers came." in text
    page = html.fromstring(text)
    assert page.xpath("//input[@name='item-L1.wish'][@checked]/@value") == ["5"]
    assert "Said &lt;b&gt;so&lt;/b&gt; on the telephone" in text
    assert page.xpath("//div[@id='errors']//a/@href") == ["#channel-telephone"]


def test_it_is_submitted_marked_and_receipted(house: House) -> None:
    client = house.client("facilitator")
    code = who_may_be_entered(client)[0]
    page = html.fromstring(client.get(address(code)).text)
    names = {name for name in page.xpath("//main//input[@type='radio']/@name") if "item-" in name}
    fields = {name: page.xpath("//input[@name=$name]/@value", name=name)[0] for name in names}
    before = len(house.rows(Message))
    status, text = post(client, code, channel="paper", key="k1", **fields)
    assert status == 303, text
    (entered,) = [row for row in house.rows(Submission) if row.channel == "paper"]
    stored = house.rows(Answer, submission_id=entered.id)
    assert sum(row.value is not None for row in stored) >= len(names)
    assert len(house.rows(Message)) == before + 1
    board = client.get(BOARD).text
    assert "submitted, on paper" in board and code not in who_may_be_entered(client)
    twice = {**proof(client, address(code), BOARD), "channel": "paper", "key": "k1"}
    assert client.post(address(code), data=twice).status_code == 303
    assert len(house.rows(Submission, channel="paper")) == 1


def test_somebody_who_never_agreed_is_asked_first(house: House) -> None:
    client = house.client("facilitator")
    code = who_may_be_entered(client)[-1]
    assert 'name="agrees"' in client.get(address("E14")).text, code
    status, text = post(client, "E14", channel="telephone")
    assert status == 303 and "Without this consent no answers can be entered." in text
