"""Stages and schedules: what runs when."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.core import Locale, UnknownLocaleError

from consult.definition.checks.content import Content
from consult.definition.checks.finding import Finding, Place
from consult.definition.clocks import NoSuchTime, moment_in
from consult.definition.parts import Schedule, Window

FORM = "%Y-%m-%d %H:%M"


def known_languages(content: Content) -> Iterator[Finding]:
    """Languages are declared once each, by codes that the world knows."""
    seen: set[str] = set()
    for at, language in enumerate(content.definition.languages):
        place: Place = ("languages", at)
        if language in seen:
            yield Finding(place, f"the language '{language}' is declared twice", "delete one")
        seen.add(language)
        try:
            Locale.parse(language, sep="-")
        except (ValueError, UnknownLocaleError):
            fix = "use a code like en, ru or pt-BR"
            yield Finding(place, f"'{language}' is not the code of a known language", fix)


def known_zone(content: Content) -> Iterator[Finding]:
    """The zone is a name of the IANA time zone database."""
    if _zone(content) is None:
        message = f"there is no time zone '{content.definition.zone}'"
        yield Finding(("zone",), message, "write one like Europe/Riga")
    for name, options in content.definition.lists.items():
        for at, option in enumerate(options):
            if option.zone is not None and _zone_of(option.zone) is None:
                message = f"there is no time zone '{option.zone}'"
                yield Finding(("lists", name, at, "zone"), message, "write one like Europe/Riga")


def _zone(content: Content) -> ZoneInfo | None:
    return _zone_of(content.definition.zone)


def _zone_of(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def calendar_dates(content: Content) -> Iterator[Finding]:
    """Days that are written exist in the calendar."""
    dates: list[tuple[Place, str]] = []
    if content.definition.nominal_date:
        dates.append((("nominal_date",), content.definition.nominal_date))
    if content.definition.measures:
        for at, measure in enumerate(content.definition.measures.measures):
            for piece, evidence in enumerate(measure.evidence):
                inner: Place = ("measures", "measures", at, "evidence", piece, "date")
                dates.append((inner, evidence.date))
    for place, written in dates:
        try:
            date.fromisoformat(written + "-01-01"[len(written) - 4 :] if len(written) < 10 else written)
        except ValueError:
            yield Finding(place, f"there is no day '{written}'", "write year-month-day")


def window_times(content: Content) -> Iterator[Finding]:
    """Every opening and closing exists on the clocks of the zone, and opening comes first."""
    zone = _zone(content)
    for name, schedule in content.definition.schedules.items():
        for key, window in schedule.stages.items():
            place: Place = ("schedules", name, "stages", key)
            bad = False
            for part in ("opens", "closes"):
                problem = _no_such_time(getattr(window, part), zone)
                if problem:
                    bad = True
                    yield Finding((*place, part), problem, "choose another time")
            if not bad and zone and _moment(window.opens, zone) >= _moment(window.closes, zone):
                message = f"'{key}' closes before it opens"
                yield Finding((*place, "closes"), message, "swap or correct the two times")


def _no_such_time(written: str, zone: ZoneInfo | None) -> str:
    try:
        local = datetime.strptime(written, FORM)
    except ValueError:
        return f"there is no time '{written}'"
    try:
        if zone is not None:
            moment_in(local, zone)
    except NoSuchTime as error:
        return str(error)
    return ""


def _moment(written: str, zone: ZoneInfo) -> datetime:
    return datetime.strptime(written, FORM).replace(tzinfo=zone).astimezone(UTC)


def round_numbers(content: Content) -> Iterator[Finding]:
    """Rounds are numbered 1, 2, 3 … in the order in which they stand."""
    rounds = [(at, stage) for at, stage in enumerate(content.definition.stages) if stage.round]
    for number, (at, stage) in enumerate(rounds, start=1):
        if stage.round != number:
            message = f"'{stage.key}' is round {stage.round} where round {number} is due"
            yield Finding(("stages", at, "round"), message, "number the rounds 1, 2, 3 …")


def round_order(content: Content) -> Iterator[Finding]:
    """In every schedule a round opens after the one before has closed."""
    zone = _zone(content)
    rounds = [stage.key for stage in content.definition.stages if stage.kind == "round"]
    for name, schedule in content.definition.schedules.items():
        for before, after in pairwise(rounds):
            if zone is None or not _both_exist(schedule, before, after, zone):
                continue
            first, second = schedule.stages[before], schedule.stages[after]
            if _moment(second.opens, zone) <= _moment(first.closes, zone):
                place = ("schedules", name, "stages", after, "opens")
                message = f"'{after}' opens before '{before}' has closed"
                yield Finding(place, message, "a round needs the result of the one before")


def _both_exist(schedule: Schedule, before: str, after: str, zone: ZoneInfo) -> bool:
    windows = [schedule.stages.get(key) for key in (before, after)]
    return all(window is not None and _exists(window, zone) for window in windows)


def _exists(window: Window, zone: ZoneInfo) -> bool:
    return not _no_such_time(window.opens, zone) and not _no_such_time(window.closes, zone)


def one_default(content: Content) -> Iterator[Finding]:
    """There is a schedule, and of several exactly one is the default."""
    schedules = content.definition.schedules
    if not schedules:
        yield Finding(("schedules",), "there is no schedule", "say when every stage runs")
    marked = [name for name, schedule in schedules.items() if schedule.default]
    if len(schedules) > 1 and not marked:
        fix = "write 'default: true' at one of them"
        yield Finding(("schedules",), "none of the schedules is the default", fix)
    for name in marked[1:]:
        message = f"'{marked[0]}' is the default schedule already"
        yield Finding(("schedules", name, "default"), message, "keep 'default: true' at one")


def stage_uses(content: Content) -> Iterator[Finding]:
    """There is a stage, and a questionnaire is used by one stage only."""
    if not content.definition.stages:
        yield Finding(("stages",), "there is no stage", "write at least one")
    for at, stage in enumerate(content.definition.stages):
        first = content.stage_of.get(stage.questionnaire or "")
        if first is not None and first[0] != at:
            message = f"'{stage.questionnaire}' is already asked in the stage '{first[1].key}'"
            yield Finding(("stages", at, "questionnaire"), message, "write another questionnaire")


def agenda_times(content: Content) -> Iterator[Finding]:
    """Points of an agenda have a time of the day and a length."""
    for at, stage in enumerate(content.definition.stages):
        if stage.minutes is not None and stage.minutes < 1:
            yield Finding(("stages", at, "minutes"), f"{stage.minutes} minutes", "write 1 or more")
        for index, point in enumerate(stage.agenda):
            place: Place = ("stages", at, "agenda", index)
            try:
                datetime.strptime(point.at, "%H:%M")
            except ValueError:
                message = f"'{point.at}' is not a time of the day"
                yield Finding((*place, "at"), message, 'write it like "11:00"')
            if point.minutes < 1:
                message = f"the point takes {point.minutes} minutes"
                yield Finding((*place, "minutes"), message, "write 1 or more")


def unused_questionnaires(content: Content) -> Iterator[Finding]:
    """Warns of a questionnaire that no stage asks."""
    for name in content.definition.questionnaires:
        if name not in content.stage_of:
            message = f"no stage asks the questionnaire '{name}'"
            fix = f"name it at a stage: 'questionnaire: {name}'"
            yield Finding(("questionnaires", name), message, fix)
