"""What mails say, and how they travel: words, languages, and the HTML beside the plain text."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo

from consult.config import Config
from consult.definition.consultation import Definition
from consult.services.mail import calendar, closing, mails
from consult.words import catalogues
from tests.services.conftest import BEFORE, World, reworked

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
