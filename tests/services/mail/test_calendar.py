"""Calendar files, read back by a reader of their own."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult import clock
from consult.characters import readable
from consult.config import Config
from consult.definition.consultation import Definition
from consult.definition.text import is_blank
from consult.models import Stage
from consult.services.mail import calendar
from consult.services.running import stage_acts
from tests.services.conftest import BEFORE, MakeWorld, World, reworked


def written(world: World, config: Config, *keys: str, language: str = "en") -> bytes:
    found = [world.stage(key) for key in keys]
    return calendar.calendar_file(world.session, config, world.consultation, world.definition, found, language, BEFORE)


def unfolded(file: bytes) -> list[str]:
    assert file.endswith(b"\r\n")
    return file.decode().replace("\r\n ", "").split("\r\n")[:-1]


def entries(file: bytes) -> list[dict[str, str]]:
    """The entries of a file: name of each property, and its value as read."""
    found: list[dict[str, str]] = []
    for line in unfolded(file):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name not in ("END", "BEGIN"):
            found[-1][name] = re.sub(r"\\(.)", lambda sign: {"n": "\n"}.get(sign[1], sign[1]), value)
    return found


def test_a_deadline_is_a_moment_in_utc(world: World, config: Config) -> None:
    file = written(world, config, "round-1")
    assert unfolded(file)[:5] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//consult//deadlines//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
    ]
    assert unfolded(file)[-1] == "END:VCALENDAR"
    assert entries(file) == [
        {
            "UID": "round-1.town-library@127.0.0.1",
            "SEQUENCE": "0",
            "DTSTAMP": "20260901T080000Z",
            "DTSTART": "20261016T230000Z",
            "SUMMARY": "Deadline: Round 1 – Town library",
            "DESCRIPTION": "Your personal link is in the mails you got from us.\n"
            "Questions: Library committee, committee@library.example.org",
            'ORGANIZER;CN="Library committee"': "mailto:committee@library.example.org",
            "CLASS": "PRIVATE",
            "TRANSP": "TRANSPARENT",
        }
    ]
    assert b"TZID" not in file and b"/i/" not in file


def test_an_event_has_a_beginning_and_an_end(make_world: MakeWorld, definition: Definition, config: Config) -> None:
    content = definition.model_dump(mode="json", by_alias=True, exclude_none=True)
    content["stages"].append({"key": "meeting", "kind": "event", "title": {"en": "Meeting"}})
    for schedule in content["schedules"].values():
        schedule["stages"]["meeting"] = {"opens": "2026-09-25 14:00", "closes": "2026-09-25 17:00"}
    changed = reworked(definition, stages=content["stages"], schedules=content["schedules"])
    (entry,) = entries(written(make_world(0, definition=changed), config, "meeting"))
    assert (entry["DTSTART"], entry["DTEND"]) == ("20260925T170000Z", "20260925T200000Z")
    assert entry["SUMMARY"] == "Meeting – Town library"
    assert entry["TRANSP"] == "OPAQUE"


def test_a_moved_deadline_replaces_the_one_noted_before(world: World, config: Config) -> None:
    before, other = entries(written(world, config, "round-1", "round-2"))
    stage = world.stage("round-1")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="anna")
        stage_acts.extend_stage(
            world.session,
            world.consultation,
            stage,
            stage.closes_at + timedelta(days=2),
            actor="anna",
            reason="A holiday.",
        )
    after, still = entries(written(world, config, "round-1", "round-2"))
    assert after["UID"] == before["UID"] != other["UID"]
    assert after["DTSTART"] == "20261018T230000Z"
    assert (before["SEQUENCE"], after["SEQUENCE"]) == ("0", "1")
    assert still == other


AWKWARD = 'Ёлки; "C:\\new",\nвторая строка\r\nтретья\x00\x1b[2J'


def test_awkward_words_are_escaped(make_world: MakeWorld, config: Config) -> None:
    definition = make_world(0, slug="plain").definition
    contact = {"name": AWKWARD, "email": "committee@library.example.org"}
    changed = reworked(definition, short_title=AWKWARD, contact=contact)
    file = written(make_world(0, definition=changed), config, "round-1")
    (entry,) = entries(file)
    assert entry["SUMMARY"] == ('Deadline: Round 1 – Ёлки; "C:\\new",\nвторая строка\nтретья[2J')
    heads = [line for line in unfolded(file) if line.startswith("ORGANIZER")]
    assert heads == ["ORGANIZER;CN=\"Ёлки; 'C:\\new', вторая строка третья[2J\":mailto:committee@library.example.org"]
    assert not re.search(rb"[\x00-\x09\x0b\x0c\x0e-\x1f]", file)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300).filter(lambda text: not is_blank(text)))
def test_any_title_is_folded_escaped_and_read_back(world: World, config: Config, text: str) -> None:
    """RFC 5545: lines of at most 75 octets (3.1), no bare semicolon, comma or backslash in a text (3.3.11)."""
    titled = world.definition.model_copy(update={"short_title": {"en": text}})
    file = written(dataclasses.replace(world, definition=titled), config, "round-1")
    parts = file.split(b"\r\n")
    assert max(map(len, parts)) <= 75 and all(part.decode() == readable(part.decode()) for part in parts)
    (entry,) = entries(file)
    assert entry["SUMMARY"] == f"Deadline: Round 1 – {readable(text.strip())}"
    (summary,) = (line for line in unfolded(file) if line.startswith("SUMMARY:"))
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", summary)


@pytest.mark.parametrize(
    ("closes", "closed", "expected"), [(1, None, True), (0, None, False), (-1, None, False), (1, -1, False)]
)
def test_only_what_is_neither_over_nor_closed_lies_ahead(closes: int, closed: int | None, expected: bool) -> None:
    now = datetime(2026, 9, 1, tzinfo=UTC)
    moments: dict[str, Any] = {"closes_at": now + timedelta(hours=closes)}
    moments["closed_at"] = None if closed is None else now + timedelta(hours=closed)
    assert calendar.lies_ahead(Stage(**moments), now) is expected
