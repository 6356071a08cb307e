"""Dates in texts: in the reader's language, from the schedule as it stands."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy.orm import Session

from consult import clock
from consult.definition.loader import load
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from consult.words.dates import Windows, fill_dates, offset, written, written_in
from tests.services.conftest import World
from tests.sources import ROOT

SUMMER = datetime(2020, 7, 2, 8, 0, tzinfo=UTC)
WINTER = datetime(2021, 1, 11, 7, 5, tzinfo=UTC)
WINDOWS: Windows = {"event": (SUMMER, SUMMER + timedelta(hours=2)), "follow-up": (WINTER, WINTER)}
RIGA = "Europe/Riga"


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("On {date event.opens}.", "en", "On 2 July 2020."),
        ("{date event.opens}", "ru", "2 июля 2020\u202fг."),
        ("{date event.opens}", "de", "2. Juli 2020"),
        ("{time event.opens}–{time event.closes}", "en", "11:00–13:00"),
        ("{datetime follow-up.opens}", "en", "11 January 2021, 09:05"),
        ("{date follow-up.opens}", "ru", "11 января 2021\u202fг."),
        ("No date here", "en", "No date here"),
        (
            "{date nowhere.opens} and {weekday event.opens} {}",
            "en",
            "{date nowhere.opens} and {weekday event.opens} {}",
        ),
    ],
)
def test_placeholders_are_filled_in_the_readers_language(text: str, language: str, expected: str) -> None:
    assert fill_dates(text, WINDOWS, RIGA, language) == expected


def test_a_date_is_that_of_the_zone() -> None:
    midnight = {"event": (datetime(2020, 7, 1, 21, 30, tzinfo=UTC), SUMMER)}
    assert fill_dates("{date event.opens}", midnight, RIGA, "en") == "2 July 2020"
    assert fill_dates("{date event.opens}", midnight, "America/Halifax", "en") == "1 July 2020"


def test_a_moment_says_where_and_which_offset() -> None:
    assert written_in(SUMMER, RIGA, "en") == "2 July 2020, 11:00 (Riga, UTC+3)"
    assert written_in(WINTER, RIGA, "ru") == "11 января 2021\u202fг., 09:05 (Рига, UTC+2)"
    assert written_in(WINTER, "America/St_Johns", "en").endswith(", UTC−3:30)")


@pytest.mark.parametrize(("hours", "said"), [(0, "UTC+0"), (5.5, "UTC+5:30"), (-4, "UTC−4"), (-3.5, "UTC−3:30")])
def test_offsets(hours: float, said: str) -> None:
    assert offset(SUMMER.astimezone(timezone(timedelta(hours=hours)))) == said


def test_an_unknown_form_is_a_full_date() -> None:
    assert written(SUMMER, "datetime", "en") == written(SUMMER, "anything", "en")


@pytest.mark.parametrize(("language", "said"), [("en", "20 October 2026"), ("ru", "20 октября 2026\u202fг.")])
def test_texts_follow_the_shifted_schedule(session: Session, language: str, said: str) -> None:
    ndpc = load(ROOT / "questionnaires" / "ndpc-2020")
    hint = ndpc.questions["R1-01"].hint
    assert hint is not None and "{date round-2.opens}" in hint[language]
    start = date(2026, 10, 20) - (date(2020, 7, 17) - date(2020, 6, 17))
    made = publishing.publish(session, ndpc, actor="test", start=start)
    windows = {stage.key: (stage.opens_at, stage.closes_at) for stage in stages.stages_of(session, made.id)}
    filled = fill_dates(hint[language], windows, made.zone, language)
    assert said in filled and "{" not in filled


def test_texts_follow_a_moved_close(world: World) -> None:
    stage = world.stage("first-look")
    hint = world.definition.questions["missing"].hint
    assert hint is not None
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
        stage_acts.extend_stage(
            world.session,
            world.consultation,
            stage,
            stage.closes_at + timedelta(days=7),
            actor="test",
            reason="Holidays",
        )
    windows = {"first-look": (stage.opens_at, stage.closes_at)}
    filled = fill_dates(hint["en"], windows, world.consultation.zone, "en")
    assert filled == "The questionnaire closes on 25 September 2026."


@pytest.mark.parametrize(
    ("hour", "form", "expected"),
    [
        (0, "time", "03:30 (UTC+3)"),
        (1, "time", "03:30 (UTC+2)"),
        (2, "time", "04:30"),
        (0, "datetime", "25 October 2026, 03:30 (UTC+3)"),
        (0, "date", "25 October 2026"),
    ],
)
def test_a_time_that_comes_twice_says_which_is_meant(hour: int, form: str, expected: str) -> None:
    moment = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
    filled = fill_dates(f"{{{form} event.opens}}", {"event": (moment, moment)}, RIGA, "en")
    assert filled == expected
