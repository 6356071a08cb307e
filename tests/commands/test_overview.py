import time

import pytest
from sqlalchemy import text

from consult import clock
from tests.commands.conftest import AFTER_ROUND_1, CommandLine

SLUG = "town-library"


def test_list_without_a_consultation(consult: CommandLine) -> None:
    assert "there is no consultation yet" in consult.out("list")


def test_list_tells_what_is_open(rated: CommandLine) -> None:
    assert rated.out("list").splitlines()[1].endswith("UTC\u22123  -")
    rated("open", SLUG, "round-2", "--reason", "everybody is ready")
    assert rated.out("list").splitlines()[1].endswith("round-2")


def test_status_shows_stages_and_participation(rated: CommandLine) -> None:
    shown = rated.out("status", SLUG)
    assert "What the town library should become" in shown
    assert "round-1     round   closed, frozen  2026-10-05 08:00 UTC\u22123" in shown
    assert "round-2     round   planned" in shown
    assert "round-1          12         12       10         10" in shown
    assert "protocol registered at 2026-10-05 08:00 UTC\u22123, digest " in shown
    assert "waiting for a decision: 140 comments, 1 proposal" in shown


def test_status_names_only_when_asked(library: CommandLine) -> None:
    library("open", SLUG, "first-look", "--reason", "a try")
    short = library.out("status", SLUG)
    assert "first-look: 12 have not submitted, 0 of them have started" in short
    assert "Person 7" not in short
    assert "person7@example.org" in library.out("status", SLUG, "--names")


def test_status_of_no_consultation(consult: CommandLine) -> None:
    assert consult.refused("status", "nowhere") == "there is no consultation 'nowhere'\n"


def test_a_missed_stage_says_so(library: CommandLine) -> None:
    with clock.set_to(AFTER_ROUND_1):
        assert "missed, never opened" in library.out("status", SLUG)


def test_deviations_with_their_reasons(library: CommandLine) -> None:
    assert "no departure" in library.out("deviations", SLUG)
    library("open", SLUG, "first-look", "--reason", "the hall is free")
    line = library.out("deviations", SLUG).splitlines()[1]
    assert line == "2026-09-01 09:00 UTC\u22123  first-look  opened early  the hall is free"


def test_the_journal_names_the_person_at_the_keyboard(library: CommandLine) -> None:
    library("open", SLUG, "first-look", "--reason", "a try")
    shown = library.out("journal", SLUG)
    assert "open stage" in shown and "  cli:" in shown
    assert "entries hold together; the last hash is " in library.out("journal", SLUG, "--verify")


def test_a_changed_journal_is_found(library: CommandLine) -> None:
    made = library.database()
    with made.engine.connect() as connection:
        connection.execute(text("DROP TRIGGER tr_journal_no_update"))
        connection.execute(text("UPDATE journal SET actor = 'nobody' WHERE number = 1"))
        connection.commit()
    made.dispose()
    assert "entry 1 is not what was recorded" in library.refused("journal", SLUG, "--verify")


def test_times_do_not_depend_on_the_machine(library: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        shown = library.out("status", SLUG)
    time.tzset()
    assert "2026-09-07 08:00 UTC\u22123" in shown
