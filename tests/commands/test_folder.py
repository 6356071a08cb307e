import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from consult import clock
from consult.commands import folder as commands
from consult.definition.loader import load
from consult.definition.schema import schema
from consult.errors import FileProblem
from tests.commands.conftest import BEFORE, TOWN_LIBRARY, CommandLine


def test_check_says_what_is_in_a_sound_folder(nothing: CommandLine) -> None:
    said = "town-library: 3 stages, 1 questionnaire, 5 questions, 7 measures; no problem\n"
    assert nothing.out("check", TOWN_LIBRARY) == said
    assert list(nothing.folder.iterdir()) == []


def test_check_names_every_problem_with_file_and_line(nothing: CommandLine, folder: Path) -> None:
    questions = folder / "first-look.yaml"
    questions.write_text(questions.read_text().replace("type: multi", "type: mutli"))
    main = folder / "consultation.yaml"
    main.write_text(main.read_text().replace("grace: 300", "grace: soon"))
    lines = nothing.refused("check", folder).splitlines()
    assert len(lines) == 2
    assert all(re.match(r"[a-z-]+\.yaml:\d+: .+", line) for line in lines)


def test_check_of_no_folder(nothing: CommandLine) -> None:
    assert "there is no such folder" in nothing.refused("check", "nowhere")


def test_warnings_are_told_and_hinder_nothing(consult: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    found = (load(TOWN_LIBRARY), [FileProblem("lists.yaml", 3, "never used", "leave it out")])
    monkeypatch.setattr(commands, "load_with_warnings", lambda folder, *more: found)
    for words in (("check", TOWN_LIBRARY), ("publish", TOWN_LIBRARY)):
        assert consult(*words).stderr == "lists.yaml:3: warning: never used; leave it out\n"


def test_schema_is_json(nothing: CommandLine) -> None:
    assert json.loads(nothing.out("schema")) == schema()


def test_publish_shows_the_schedule_in_the_zone(consult: CommandLine) -> None:
    shown = consult.out("publish", TOWN_LIBRARY)
    assert "published 'town-library' (autumn), America/Halifax" in shown
    assert "first-look  2026-09-07 08:00 UTC\u22123  2026-09-18 20:00 UTC\u22123" in shown
    assert "round-2     2026-11-02 08:00 UTC\u22124" in shown
    assert "town-library" in consult.out("list")


def test_publish_moves_the_schedule(consult: CommandLine) -> None:
    shown = consult.out("publish", TOWN_LIBRARY, "--start", "2027-06-01", "--slug", "second")
    assert "first-look  2027-06-01 08:00" in shown
    late = datetime(2027, 1, 2, 1, tzinfo=UTC)  # still the first of January in Halifax
    with clock.set_to(late):
        shown = consult.out("publish", TOWN_LIBRARY, "--start", "today")
    assert "first-look  2027-01-01 08:00" in shown
    assert "second" in consult.out("list")


def test_publish_refuses(consult: CommandLine, folder: Path) -> None:
    assert "no schedule 'spring'" in consult.refused("publish", folder, "--schedule", "spring")
    consult("publish", folder)
    assert "published already" in consult.refused("publish", folder)
    (folder / "lists.yaml").unlink()
    assert "WISH5" in consult.refused("publish", folder, "--slug", "other")
    for option in (("--start", "1 June"), ("--slug", "Town Library"), ("--slug", "a" * 61)):
        assert "Usage" in consult("publish", folder, *option, code=2).stderr
    assert "other" not in consult.out("list")


def test_republish_until_somebody_submitted(library: CommandLine, folder: Path, databases: Path) -> None:
    lists = folder / "lists.yaml"
    lists.write_text(lists.read_text().replace("label: Harbour", "label: The harbour"))
    assert "version 2" in library.out("republish", "town-library", folder)
    assert "no consultation 'other'" in library.refused("republish", "other", folder)


def test_republish_is_too_late_after_submissions(rated: CommandLine, folder: Path) -> None:
    assert "too late" in rated.refused("republish", "town-library", folder)


def test_the_first_day_is_that_of_the_zone() -> None:
    with clock.set_to(BEFORE):
        assert str(commands.first_day("today", "Pacific/Kiritimati")) == "2026-09-02"
        assert commands.first_day(None, "UTC") is None
