"""Publishing: from a folder and one of its schedules to a consultation, and correcting it."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult import clock
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.definition.parts import Window
from consult.errors import AlreadyPublished, NotPossible
from consult.models import DefinitionRow, MeasureVersion, Stage, VariableRow
from consult.services.definitions import definition_of
from consult.services.measures import measures
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from consult.words.refusals import in_english
from tests.services.conftest import MakeWorld, reworked, town_library
from tests.services.playing import play
from tests.services.samples import QUESTIONS, every_type
from tests.sources import ROOT

NDPC = load(ROOT / "questionnaires" / "ndpc-2020")
RIGA = ZoneInfo("Europe/Riga")


def windows_of(session: Session, consultation_id: int) -> dict[str, tuple[datetime, datetime]]:
    return {stage.key: (stage.opens_at, stage.closes_at) for stage in stages.stages_of(session, consultation_id)}


@pytest.mark.parametrize("schedule", ["plan-a", "plan-b"])
def test_each_schedule_is_published_as_the_folder_says(session: Session, schedule: str) -> None:
    made = publishing.publish(session, NDPC, actor="test", schedule=schedule)
    found = windows_of(session, made.id)
    written = NDPC.schedules[schedule].stages
    assert set(found) == set(written)
    for key, (opens, closes) in found.items():
        assert f"{opens.astimezone(RIGA):%Y-%m-%d %H:%M}" == written[key].opens
        assert f"{closes.astimezone(RIGA):%Y-%m-%d %H:%M}" == written[key].closes
    assert made.slug == "ndpc-2020" and made.schedule == schedule
    kinds = {stage.key: (stage.kind, stage.round_number) for stage in made.stages}
    assert kinds["round-2"] == ("round", 2) and kinds["event"] == ("event", None)
    assert len(measures.live_wordings(session, made.id)) == len(NDPC.measures.measures)  # type: ignore[union-attr]


CHANGES = [("2027-11-07", "comes twice in America/Halifax"), ("9999-12-31", "cannot be moved that far|is out of reach")]


def test_the_default_schedule_is_plan_a_and_an_unknown_one_is_refused(session: Session) -> None:
    with pytest.raises(NotPossible, match=r"no_such_schedule.*'plan-a', 'plan-b'"):
        publishing.publish(session, NDPC, actor="test", schedule="plan-c")
    assert publishing.publish(session, NDPC, actor="test").schedule == "plan-a"


def test_a_name_is_published_once_and_another_name_again(session: Session) -> None:
    first = publishing.publish(session, town_library(), actor="test")
    with pytest.raises(AlreadyPublished):
        publishing.publish(session, town_library(), actor="test")
    second = publishing.publish(session, town_library(), actor="test", slug="again")
    assert (first.slug, second.slug) == ("town-library", "again")
    assert windows_of(session, first.id) == windows_of(session, second.id)
    assert definition_of(session, second.id).digest() == town_library().digest()


@pytest.mark.parametrize("name", ["With Space", "Town", "a/b", "-a", "a" * 61])
def test_a_name_must_fit_into_an_address(session: Session, name: str) -> None:
    with pytest.raises(NotPossible):
        publishing.publish(session, town_library(), actor="test", slug=name)


def test_the_published_definition_reads_back_the_same(session: Session) -> None:
    for definition in (NDPC, every_type()):
        made = publishing.publish(session, definition, actor="test")
        row = session.scalars(select(DefinitionRow).where(DefinitionRow.consultation_id == made.id)).one()
        assert row.digest == definition.digest()
        assert definition_of(session, made.id) == definition


def test_the_schedule_moves_as_a_whole(session: Session) -> None:
    made = publishing.publish(session, NDPC, actor="test", start=date(2026, 10, 14))
    before = NDPC.schedules["plan-a"].stages
    shift = date(2026, 10, 14) - date(2020, 6, 17)
    for key, (opens, closes) in windows_of(session, made.id).items():
        for moment, written in ((opens, before[key].opens), (closes, before[key].closes)):
            wanted = datetime.strptime(written, "%Y-%m-%d %H:%M") + shift
            assert moment.astimezone(RIGA).replace(tzinfo=None) == wanted
    first, *_, follow_up = stages.stages_of(session, made.id)
    assert first.opens_at == datetime(2026, 10, 14, 6, tzinfo=UTC)
    assert follow_up.opens_at.astimezone(RIGA).hour == 9


@pytest.mark.parametrize(("day", "utc"), [("2026-10-24", 6), ("2026-10-25", 7), ("2026-03-28", 7), ("2026-03-29", 6)])
def test_nine_stays_nine_over_a_change_of_the_clocks(day: str, utc: int) -> None:
    moment = publishing.local_moment(f"{day} 09:00", "Europe/Riga")
    assert moment == datetime.fromisoformat(day).replace(hour=utc, tzinfo=UTC)
    from_summer = date.fromisoformat(day) - date(2020, 7, 2)
    moved = publishing.local_moment("2020-07-02 09:00", "Europe/Riga", from_summer)
    assert moved == moment and moved.astimezone(RIGA).hour == 9


DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))
ZONES = st.sampled_from(["Europe/Riga", "America/Halifax", "Australia/Lord_Howe", "UTC"])


@settings(max_examples=200, deadline=None)
@given(DAYS, st.lists(st.tuples(st.integers(0, 400), st.integers(4, 23)), min_size=1, max_size=5), DAYS, ZONES)
def test_a_shift_keeps_days_apart_and_wall_clocks(
    day: date, gaps: list[tuple[int, int]], start: date, zone: str
) -> None:
    """Hours from four o'clock: earlier ones do not exist on some days of some zones."""
    opens = [f"{day + timedelta(days=days)} {hour:02d}:00" for days, hour in gaps]
    windows = {str(n): Window(opens=text, closes=text) for n, text in enumerate(opens)}
    shift = publishing.shift_to(windows, start)
    moved = [publishing.local_moment(text, zone, shift).astimezone(ZoneInfo(zone)) for text in opens]
    assert min(moved).date() == start
    assert [moment.hour for moment in moved] == [hour for _, hour in gaps]
    days = [datetime.fromisoformat(text).date() for text in opens]
    assert [(m.date() - moved[0].date()) for m in moved] == [one - days[0] for one in days]
    assert publishing.shift_to(windows, None) == timedelta()


def corrected(definition: Definition, **changes: str) -> Definition:
    content = definition.model_dump(mode="json", by_alias=True, exclude_none=True)
    listed = content["measures"]["measures"]
    listed[0] = {**listed[0], **{key: {"en": text} for key, text in changes.items()}}
    return reworked(definition, title={"en": "A better title"}, measures=content["measures"])


def test_a_correction_is_published_before_anyone_submitted(make_world: MakeWorld) -> None:
    world = make_world()
    session, consultation = world.session, world.consultation
    better = corrected(world.definition, text="A room of fifty seats.")
    assert publishing.republish(session, consultation, better, actor="test") == 2
    assert definition_of(session, consultation.id).title == {"en": "A better title"}
    first = measures.newest_wordings(session, consultation.id)[0]
    assert first.text == {"en": "A room of fifty seats."} and first.version.is_pairable
    versions = select(func.count()).where(MeasureVersion.consultation_id == consultation.id)
    assert session.scalar(versions) == 8
    assert publishing.republish(session, consultation, better, actor="test") == 3
    assert session.scalar(versions) == 8


def test_a_correction_brings_its_new_questions_and_options_into_an_open_stage(make_world: MakeWorld) -> None:
    world = make_world(definition=every_type())
    session, consultation, stage = world.session, world.consultation, world.stage("first-look")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(session, consultation, stage, actor="test")
        questions = [dict(question) for question in QUESTIONS]
        role = next(question for question in questions if question["key"] == "role")
        role["options"] = [{"key": "nobody", "label": "Nobody"}, *role["options"]]
        questions.append({"key": "added", "type": "text", "text": "And?", "required": False})
        pages = {
            "key": "first-look",
            "title": "First look",
            "sections": [{"key": "all", "title": "All", "questions": questions}],
        }
        better = reworked(every_type(), questionnaires={"first-look": pages})
        publishing.republish(session, consultation, better, actor="test")
    columns = {
        row.key: row
        for row in session.scalars(select(VariableRow).where(VariableRow.consultation_id == consultation.id))
    }
    assert columns["role"].labels == ["nobody", "reader", "teacher", "someone"]
    assert "added" in columns and "named" not in columns


def test_no_correction_after_a_submission(make_world: MakeWorld) -> None:
    world = make_world()
    stage = world.stage("first-look")
    play(world.session, world.definition, world.consultation, world.experts[:1], stage)
    with pytest.raises(NotPossible, match="too_late_to_correct"):
        publishing.republish(world.session, world.consultation, corrected(world.definition), actor="test")


def test_no_correction_once_the_protocol_is_registered(make_world: MakeWorld) -> None:
    world = make_world()
    stage = world.stage("round-1")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
        with pytest.raises(NotPossible, match="too_late_to_correct"):
            publishing.republish(world.session, world.consultation, corrected(world.definition), actor="test")


@pytest.mark.parametrize("lost", ["stage", "schedule"])
def test_a_correction_keeps_the_stages_in_use(make_world: MakeWorld, lost: str) -> None:
    world = make_world()
    content = world.definition.model_dump(mode="json", by_alias=True, exclude_none=True)
    schedules = content["schedules"]
    if lost == "stage":
        del schedules["autumn"]["stages"]["round-2"]
    else:
        schedules["winter"] = schedules.pop("autumn")
    with pytest.raises(NotPossible, match="other_stages"):
        publishing.republish(
            world.session, world.consultation, reworked(world.definition, schedules=schedules), actor="test"
        )
    assert world.session.scalar(select(func.count(Stage.id))) == 3


@pytest.mark.parametrize(("start", "says"), CHANGES)
def test_a_start_that_moves_a_time_to_a_change_of_the_clocks_is_refused(
    session: Session, definition: Definition, start: str, says: str
) -> None:
    """Nothing is computed silently: 08:00 exists on every day, 01:30 does not."""
    schedules = definition.model_dump(mode="json")["schedules"]
    window = schedules["autumn"]["stages"]["first-look"]
    window["opens"] = window["opens"][:11] + "01:30"
    early = reworked(definition, schedules=schedules)
    with pytest.raises(NotPossible) as refused, session.begin_nested():
        publishing.publish(session, early, actor="test", start=date.fromisoformat(start))
    told = in_english(refused.value)
    assert re.search(says, told)
    assert told.startswith("the schedule of 'first-look' for this start: ")
    assert told.endswith("choose another time")
