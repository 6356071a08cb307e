from datetime import UTC, datetime, timedelta

import click
import pytest

from consult import clock
from consult.commands.context import read_moment
from tests.commands.conftest import BEFORE, TOWN_LIBRARY, CommandLine

SLUG = "town-library"
OPENS = datetime(2026, 9, 7, 11, tzinfo=UTC)


def test_opening_ahead_of_time_needs_a_reason(library: CommandLine) -> None:
    assert "say why" in library.refused("open", SLUG, "first-look")
    said = library.out("open", SLUG, "first-look", "--reason", "the hall is free")
    assert said == "'first-look' is open until 2026-09-18 20:00 UTC\u22123\n"
    assert "was opened before" in library.refused("open", SLUG, "first-look")


def test_opening_in_time_needs_none(library: CommandLine) -> None:
    with clock.set_to(OPENS + timedelta(minutes=1)):
        assert "is open until" in library.out("open", SLUG, "first-look")
        assert "no departure" in library.out("deviations", SLUG)


def test_a_round_needs_the_one_before(library: CommandLine) -> None:
    said = library.refused("open", SLUG, "round-2", "--reason", "hurry")
    assert "'round-1' must be closed and frozen" in said


def test_the_close_is_moved_in_the_zone(library: CommandLine) -> None:
    extend = ("extend", SLUG, "round-2", "2026-11-20 18:00")
    assert "Missing option '--reason'" in library(*extend, code=2).stderr
    said = library.out(*extend, "--reason", "holidays")
    assert said == "'round-2' closes at 2026-11-20 18:00 UTC\u22124\n"
    assert "no words in 'en'" in library(*extend, "--reason", " ", code=2).stderr
    past = ("extend", SLUG, "round-2", "2026-08-20 18:00", "--reason", "x")
    assert "must lie ahead" in library.refused(*past)
    wrong = ("extend", SLUG, "round-2", "20 November", "--reason", "x")
    assert "write 2026-10-16 20:00" in library(*wrong, code=2).stderr


def test_an_hour_that_does_not_exist_is_refused() -> None:
    with pytest.raises(click.BadParameter, match="clocks are put forward"):
        read_moment("2026-03-29 03:30", "Europe/Riga")
    assert read_moment("2026-03-29 04:30", "Europe/Riga").hour == 1


def test_closing_freezes(library: CommandLine) -> None:
    assert "has not been opened" in library.refused("close", SLUG, "first-look")
    library("open", SLUG, "first-look", "--reason", "a try")
    with clock.set_to(BEFORE + timedelta(minutes=5)):
        assert "say why" in library.refused("close", SLUG, "first-look")
        said = library.out("close", SLUG, "first-look", "--reason", "everybody has answered")
        assert "'first-look' is closed and frozen; results digest " in said
        assert "closed already" in library.refused("close", SLUG, "first-look")


def test_the_clock_opens_and_closes(library: CommandLine) -> None:
    assert library.out("tick") == ""
    with clock.set_to(OPENS):
        assert library.out("tick") == "town-library: opened first-look\n"
        assert library.out("tick") == ""
    with clock.set_to(OPENS + timedelta(days=30)):
        assert library.out("tick") == ("town-library: closed first-look\ntown-library: opened round-1\n")


def test_a_consultation_that_refuses_does_not_hinder_the_others(
    library: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    library("publish", TOWN_LIBRARY, "--slug", "another-one")
    made = library.database()
    with made.engine.connect() as connection:
        connection.exec_driver_sql(
            "INSERT INTO registration (consultation_id, digest, protocol, locked_at) "
            "SELECT id, 'other', '{}', '2026-01-01 00:00:00' FROM consultation "
            "WHERE slug = 'another-one'"
        )
        connection.commit()
    made.dispose()
    with clock.set_to(OPENS):
        library("tick")
    with clock.set_to(OPENS + timedelta(days=12)):
        result = library("tick", code=1)
    assert result.stdout == "town-library: closed first-look\n"
    assert result.stderr.startswith("another-one: the protocol registered on 2026-01-01")


def test_finishing_waits_for_the_last_round(library: CommandLine) -> None:
    assert "'round-1' is not closed yet" in library.refused("finish", SLUG)
    with clock.set_to(OPENS.replace(year=2027)):
        assert "no round was held" in library.refused("finish", SLUG)
