"""A mail as it is sent: the same words in HTML, a calendar file where something is asked for."""

import email
import email.policy
import re
from dataclasses import replace
from email.message import EmailMessage

import lxml.html
import pytest
from sqlalchemy import select

from consult import clock
from consult.config import Config
from consult.models import Consultation, Contact, Message
from consult.services.access import purposes
from consult.services.mail import composing, mails, outbox
from tests.services.conftest import BEFORE, MakeWorld, World, reworked
from tests.services.mail.test_mails import LINK, letters

PURPOSES = {
    "invitation": (purposes.INVITATION, ""),
    "reminder": (purposes.REMINDER, "round-1"),
    "next round": (purposes.NEXT_ROUND, "round-1"),
    "new link": (purposes.NEW_LINK, ""),
    "receipt": (purposes.RECEIPT, "round-1"),
}


def composed(world: World, config: Config, purpose: str, stage: str, mail: mails.Mail) -> EmailMessage:
    """The mail as a mail program of the first expert reads it."""
    expert = world.experts[0]
    with clock.set_to(BEFORE):
        outbox.queue(world.session, expert, purpose, stage, mail.subject, mail.body)
    message, contact = world.session.execute(
        select(Message, Contact)
        .join(Contact, Contact.expert_id == Message.expert_id)
        .where(Message.expert_id == expert.id, Message.purpose == purpose)
    ).one()
    consultation = world.session.get_one(Consultation, world.consultation.id)
    sent = composing.compose(world.session, config, message, expert, consultation, contact)
    return email.message_from_bytes(sent.as_bytes(), policy=email.policy.default)  # type: ignore[return-value]


def content(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


@pytest.mark.parametrize("name", PURPOSES)
def test_the_html_says_the_same_words_with_one_link(world: World, config: Config, name: str) -> None:
    purpose, stage = PURPOSES[name]
    letter = letters(world.definition)[name]
    mail = composed(world, config, purpose, stage, letter)
    first, second = (
        part.get_content_type()
        for part in mail.walk()
        if part.get_content_maintype() == "text" and not part.is_attachment()
    )
    assert (first, second) == ("text/plain", "text/html")
    assert content(mail, "plain") == letter.body
    page = lxml.html.fromstring(content(mail, "html"))
    assert page.get("lang") == "en"
    assert page.xpath("string(//title)") == letter.subject
    words = " ".join(page.xpath("string(//body)").split())
    assert words == " ".join(letter.body.split())
    assert page.xpath("//a/@href") == [LINK] and page.xpath("string(//a)") == LINK


@pytest.mark.parametrize("name", PURPOSES)
def test_the_html_is_small_and_fetches_nothing(world: World, config: Config, name: str) -> None:
    purpose, stage = PURPOSES[name]
    text = content(composed(world, config, purpose, stage, letters(world.definition)[name]), "html")
    page = lxml.html.fromstring(text)
    assert len(text) < 4_000
    assert page.xpath("//@src | //@style | //img | //script | //link") == []
    assert "url(" not in text and "@import" not in text
    assert "prefers-color-scheme: dark" in text
    assert page.xpath("//meta[@name='color-scheme']/@content") == ["light dark"]


@pytest.mark.parametrize("name", PURPOSES)
def test_only_mails_that_ask_for_something_bring_a_calendar_file(world: World, config: Config, name: str) -> None:
    purpose, stage = PURPOSES[name]
    mail = composed(world, config, purpose, stage, letters(world.definition)[name])
    files = [part.get_payload(decode=True) for part in mail.iter_attachments()]
    deadlines = [bytes(file).count(b"BEGIN:VEVENT") for file in files]  # type: ignore[arg-type]
    assert deadlines == {"": [3], "round-1": [1]}[stage] * (purpose in composing.DATED)
    assert (mail["List-Unsubscribe"] is not None) == (name == "reminder")
    assert (mail["List-Unsubscribe-Post"] is not None) == (name == "reminder")


def test_the_calendar_of_a_stage_that_is_over_stays_at_home(world: World, config: Config) -> None:
    over = world.stage("first-look")
    over.opens_at, over.closes_at = BEFORE.replace(year=2025), BEFORE
    letter = letters(world.definition)["reminder"]
    mail = composed(world, config, purposes.REMINDER, "first-look", letter)
    assert list(mail.iter_attachments()) == []
    assert mail.get_content_type() == "multipart/alternative"


def test_marks_in_words_stay_words(world: World, config: Config) -> None:
    """What somebody wrote into a name or a title is never markup, nor a link."""
    evil = '<img src=x onerror="alert(1)"> & http://127.0.0.1:8000/i/theirs {{ 7*7 }}'
    letter = mails.new_link(world.definition, "en", evil, LINK)
    text = content(composed(world, config, purposes.NEW_LINK, "", letter), "html")
    page = lxml.html.fromstring(text)
    assert page.xpath("//img") == [] and page.xpath("//a/@href") == [LINK]
    assert evil in page.xpath("string(//body)")


def test_lines_in_another_language_say_so(make_world: MakeWorld, config: Config) -> None:
    """The sentences have no Welsh yet, the folder has: a screen reader is told which is which."""
    definition = reworked(
        make_world(0).definition,
        languages=["en", "cy"],
        title={"en": "Library", "cy": "Llyfrgell"},
        purpose={"en": "Why", "cy": "Pam\nhynny?"},
    )
    world = make_world(1, slug="other", definition=definition)
    world.experts[0].language = "cy"
    mail = composed(world, config, purposes.INVITATION, "", letters(definition, "cy")["invitation"])
    page = lxml.html.fromstring(content(mail, "html"))
    assert page.get("lang") == "en"
    assert page.xpath("//*[@lang='cy']/text()") == ["Llyfrgell", "Pam", "hynny?"]
    assert mail["Content-Language"] == "en, cy"


def test_addresses_come_from_the_settings_and_stay_whole(make_world: MakeWorld, config: Config) -> None:
    """Long ones too: a header that is folded inside an address is none."""
    slug = "a" + "-b" * 29
    world = make_world(1, slug=slug)
    public = "https://consultations-of-experts.department.ministry.example.org"
    away = replace(config, public_url=public, secret_key="k" * 40)
    mail = composed(world, away, purposes.REMINDER, "round-1", letters(world.definition)["reminder"])
    click, written = re.findall(r"<([^>]+)>", mail["List-Unsubscribe"])
    assert click.startswith(f"{public}/c/{slug}/no-reminders/") and " " not in click
    assert written.startswith("mailto:committee@library.example.org?subject=")
    assert mail["Message-ID"].endswith("@consultations-of-experts.department.ministry.example.org>")


def test_a_mail_composed_twice_differs_in_nothing_but_the_date(world: World, config: Config) -> None:
    letter = letters(world.definition)["reminder"]
    one = composed(world, config, purposes.REMINDER, "round-1", letter)
    with clock.set_to(BEFORE.replace(month=12)):
        two = composed(world, config, purposes.REMINDER, "round-1", letter)
    for head in set(one.keys()) - {"Date", "Content-Type"}:
        assert one[head] == two[head], head
    assert one["Date"] != two["Date"]
    parts = [[part.get_payload() for part in mail.walk() if not part.is_multipart()] for mail in (one, two)]
    assert parts[0] == parts[1]
