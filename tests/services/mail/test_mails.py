"""What mails say, and how they travel: words, languages, and the HTML beside the plain text."""

import email
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import lxml.html
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from sqlalchemy import select

from consult import clock
from consult.config import Config
from consult.definition.consultation import Definition
from consult.models import Consultation, Contact, Message
from consult.services.access import purposes
from consult.services.mail import calendar, closing, composing, mails, outbox
from consult.words import catalogues
from tests.services.conftest import BEFORE, MakeWorld, World, reworked

LINK, UNTIL = "http://127.0.0.1:8000/i/abc", "28 June 2020, 23:59 (Riga, UTC+3)"
END = "12 July 2020, 23:59 (Riga, UTC+3)"
"""Until when a new link can be used."""


def letters(definition: Definition, language: str = "en") -> dict[str, mails.Mail]:
    about = (definition, language, "Anna")
    return {
        "invitation": mails.invitation(*about, LINK, UNTIL),
        "reminder": mails.reminder(*about, "Round 1", LINK, UNTIL, has_started=False),
        "reminder, begun": mails.reminder(*about, "Round 1", LINK, UNTIL, has_started=True),
        "next round": mails.next_round(*about, "Round 1", LINK, UNTIL),
        "new deadline": mails.moved(*about, "Round 1", LINK, UNTIL),
        "new link": mails.new_link(*about, LINK, "Round 1", UNTIL, END),
        "receipt": mails.receipt(*about, "Round 1", "7K2Q-XB4M", LINK, UNTIL),
    }


# Words


def test_every_letter_says_who_writes_whom_to_ask_where_and_until_when(definition: Definition) -> None:
    written = letters(definition)
    for purpose, mail in written.items():
        assert mail.body.startswith("Dear Anna,\n\n"), purpose
        assert definition.contact.email in mail.body
        assert definition.organiser["en"] in mail.body
        assert "Town library" in mail.subject
        assert "\n" not in mail.subject
        assert "%(" not in mail.subject + mail.body
        assert [line for line in mail.body.split("\n") if "://" in line] == [LINK]
        assert mail.body.count(UNTIL) == 1
    assert f"Please use it by {END}." in written["new link"].body
    assert len({mail.body for mail in written.values()}) == len(written)
    assert "7K2Q-XB4M" in written["receipt"].body
    assert "begun" in written["reminder, begun"].body
    assert ["no more reminders" in mail.body for mail in written.values()] == [
        "reminder" in purpose for purpose in written
    ]


def test_a_letter_without_a_deadline_says_nothing_of_one(definition: Definition) -> None:
    about = (definition, "en", "Anna")
    for mail in (
        mails.invitation(*about, LINK, ""),
        mails.new_link(*about, LINK),
        mails.receipt(*about, "Round 1", "7K2Q-XB4M", LINK, ""),
    ):
        assert "open until" not in mail.body and "again until" not in mail.body
        assert "answer by" not in mail.body and "use it by" not in mail.body
        assert "\n\n\n" not in mail.body


def test_content_comes_in_the_experts_language(definition: Definition) -> None:
    changed = reworked(definition, languages=["en", "ru"], short_title={"en": "Town library", "ru": "Библиотека"})
    assert "Библиотека" in mails.new_link(changed, "ru", "Анна", "link").subject
    assert "Town library" in mails.new_link(changed, "lv", "Anna", "link").subject


def test_a_percent_sign_in_a_title_or_a_name_does_no_harm(definition: Definition) -> None:
    changed = reworked(definition, short_title="100 %(title)s of 5%")
    mail = mails.new_link(changed, "en", "50% Anna %s", "link")
    assert "100 %(title)s of 5%" in mail.subject
    assert "50% Anna %s" in mail.body


@pytest.fixture
def marked_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Catalog]:
    """Translations into Russian that set every text of the mails in guillemets."""
    catalogue = Catalog(locale="ru")
    for module in (mails, closing, calendar):
        with Path(module.__file__).open("rb") as source:
            for _, words, _, _ in extract("python", source):
                catalogue.add(words, f"«{words}»")
    folder = tmp_path / "ru" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(catalogues, "CATALOGUES", tmp_path)
    catalogues.catalogue.cache_clear()
    yield catalogue
    catalogues.catalogue.cache_clear()


def test_every_sentence_of_the_letters_can_be_translated(
    world: World, config: Config, marked_catalogue: Catalog
) -> None:
    """Between guillemets stands what gettext gave; outside only what the folder says."""
    definition = abroad(world.definition)
    world.experts[0].language = "ru"
    stage = world.stage("round-1")
    written = letters(definition, "ru")
    until = mails.deadline(world.consultation, definition, world.experts[0], stage.closes_at)
    file = calendar.calendar_file(world.session, config, world.consultation, definition, [stage], "ru", BEFORE)
    following = closing.following("ru", "Round 2", UNTIL)
    written["finished"] = closing.finished(definition, "ru", "Anna", "https://consult.example.org/c/x/public")
    for has_submitted in (True, False):
        written[f"closed {has_submitted}"] = closing.closed(
            definition, "ru", "Anna", "Round 1", following, has_submitted=has_submitted
        )
    used = "\n".join(mail.subject + mail.body for mail in written.values())
    used += until + file.decode().replace("\r\n ", "").replace("\\,", ",").replace("\\;", ";")
    for message in marked_catalogue:
        if message.id:
            start = str(message.string).partition("%(")[0]
            assert start in used, message.id
    told = "\n".join(mail.body for mail in written.values())
    for text in (definition.purpose, definition.title, definition.organiser):
        told = told.replace(text["en"], "")
    left = re.sub(r"«[^»]*»|http\S+", "", told)
    assert left.split() == []


# Whose clock


def abroad(definition: Definition, zone: str = "Europe/Riga", **changes: object) -> Definition:
    """The town library with experts who live in that zone."""
    content = definition.model_dump(mode="json", by_alias=True, exclude_none=True)
    parts = [{"key": "harbour", "label": {"en": "Harbour"}, "zone": zone}]
    return reworked(definition, lists={**content["lists"], "parts": parts}, **changes)


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("America/Halifax", "16 October 2026, 20:00 (Halifax, UTC\u22123)"),
        # Bermuda's clock shows the same in October.
        ("Atlantic/Bermuda", "16 October 2026, 20:00 (Halifax, UTC\u22123)"),
        (
            "Europe/Riga",
            "16 October 2026, 20:00 (Halifax, UTC\u22123); on your clock: 17 October 2026, 02:00 (Riga, UTC+3)",
        ),
        (
            "Asia/Kolkata",
            "16 October 2026, 20:00 (Halifax, UTC\u22123); on your clock: 17 October 2026, 04:30 (Kolkata, UTC+5:30)",
        ),
    ],
)
def test_a_deadline_stands_in_both_zones_when_their_clocks_differ(world: World, zone: str, expected: str) -> None:
    definition = abroad(world.definition, zone)
    moment = world.stage("round-1").closes_at
    assert mails.deadline(world.consultation, definition, world.experts[0], moment) == expected


def test_a_date_is_written_in_the_language_of_its_sentence(world: World) -> None:
    """No catalogue for Welsh: an English sentence holds an English date."""
    world.experts[0].language = "cy"
    moment = world.stage("round-1").closes_at
    assert mails.deadline(world.consultation, world.definition, world.experts[0], moment) == (
        "16 October 2026, 20:00 (Halifax, UTC\u22123)"
    )


# As they travel


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


PURPOSES = {
    "invitation": (purposes.INVITATION, ""),
    "reminder": (purposes.REMINDER, "round-1"),
    "next round": (purposes.NEXT_ROUND, "round-1"),
    "new link": (purposes.NEW_LINK, ""),
    "receipt": (purposes.RECEIPT, "round-1"),
}


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
