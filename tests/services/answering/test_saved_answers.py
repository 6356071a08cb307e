"""Saved answers count at the close: only where declared, only what was sent, only of half, only of who lets them."""

import pytest
from sqlalchemy import select

from consult import clock
from consult.models import Answer, Comment, Consent, JournalEntry, Submission, VariableRow
from consult.services.answering import saved_answers
from consult.services.answering.submitting import submit
from consult.services.running import leaving
from tests.services.answering.saved import MEASURES, agreed, at, close, counting, rate
from tests.services.conftest import MakeWorld, World
from tests.services.rounds.holding import opened


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    """Three experts in the first round."""
    world = make_world(3, definition=counting())
    agreed(world)
    opened(world, 1)
    return world


def counted(world: World) -> list[tuple[int, str]]:
    """Which of the experts count, and by which channel."""
    places = {expert.id: place for place, expert in enumerate(world.experts)}
    stage = world.stage("round-1")
    rows = world.session.execute(
        select(Submission.expert_id, Submission.channel).where(Submission.stage_id == stage.id).order_by(Submission.id)
    )
    return sorted((places[expert], channel) for expert, channel in rows)


def ratings(world: World) -> dict[str, int | str | None]:
    rows = world.session.execute(
        select(VariableRow.key, Answer.value, Answer.state)
        .join(VariableRow, VariableRow.id == Answer.variable_id)
        .where(VariableRow.key.like("%.wish"))
    )
    return {key.partition(".")[0]: value if value is not None else state for key, value, state in rows}


@pytest.mark.parametrize(("rated", "is_counted"), [(3, False), (4, True), (7, True)])
def test_from_half_of_the_ratings_on(panel: World, rated: int, is_counted: bool) -> None:
    rate(panel, 0, MEASURES[:rated])
    close(panel)
    assert counted(panel) == ([(0, "draft")] if is_counted else [])


def test_only_what_was_sent(panel: World) -> None:
    rate(panel, 0, MEASURES[:5])
    rate(panel, 0, MEASURES[4:], "1", is_sent=False)
    close(panel)
    assert ratings(panel) == {**dict.fromkeys(MEASURES[:4], 5), **dict.fromkeys(MEASURES[4:], "not_reached")}


def test_what_was_typed_alone_counts_nowhere(panel: World) -> None:
    rate(panel, 0, MEASURES, is_sent=False)
    close(panel)
    assert counted(panel) == []


def test_a_page_saved_by_itself_and_then_pressed_on_from_was_sent(panel: World) -> None:
    rate(panel, 0, MEASURES, is_sent=False)
    rate(panel, 0, MEASURES)
    close(panel)
    assert counted(panel) == [(0, "draft")]


def test_what_is_not_valid_is_left_out(panel: World) -> None:
    rate(panel, 0, MEASURES[:4])
    rate(panel, 0, MEASURES[4:5], "77")
    close(panel)
    assert ratings(panel) == {**dict.fromkeys(MEASURES[:4], 5), **dict.fromkeys(MEASURES[4:], "not_reached")}


def test_nobody_who_said_no_until_they_take_it_back(panel: World) -> None:
    for expert in (0, 1):
        rate(panel, expert, MEASURES)
    with clock.set_to(panel.stage("round-1").opens_at):
        for expert in (0, 1):
            saved_answers.choose(panel.session, at(panel, expert), counts=False)
        saved_answers.choose(panel.session, at(panel, 1), counts=True)
    assert [saved_answers.may_count(at(panel, expert)) for expert in range(3)] == [False, True, True]
    close(panel)
    assert counted(panel) == [(1, "draft")]


def test_who_submitted_counts_as_submitted(panel: World) -> None:
    rate(panel, 0, MEASURES[:4])
    with clock.set_to(panel.stage("round-1").opens_at):
        submit(panel.session, at(panel, 0), idempotency_key="k")
    rate(panel, 0, MEASURES, "1")
    close(panel)
    assert counted(panel) == [(0, "web")]
    assert ratings(panel)["L1"] == 5


def test_nobody_who_left_or_no_longer_agrees(panel: World) -> None:
    for expert in range(3):
        rate(panel, expert, MEASURES)
    with clock.set_to(panel.stage("round-1").opens_at):
        leaving.withdraw(panel.session, panel.experts[0], "expert")
        said = panel.session.scalars(select(Consent).where(Consent.expert_id == panel.experts[1].id)).first()
        assert said is not None
        columns = {column.key: getattr(said, column.key) for column in Consent.__table__.columns if column.key != "id"}
        panel.session.add(Consent(**{**columns, "is_given": False, "said_at": clock.utc_now()}))
        panel.session.flush()
    close(panel)
    assert counted(panel) == [(2, "draft")]


def test_not_where_it_is_not_declared(make_world: MakeWorld) -> None:
    world = make_world(1, definition=counting("left_out"))
    agreed(world)
    opened(world, 1)
    rate(world, 0, MEASURES)
    close(world)
    assert counted(world) == []


def test_it_has_no_receipt_is_not_late_and_takes_the_reasons_along(panel: World) -> None:
    rate(panel, 0, MEASURES)
    close(panel)
    made = panel.session.scalars(select(Submission)).one()
    assert (made.receipt, made.is_late, made.submitted_at) == (None, False, panel.stage("round-1").closed_at)
    said = panel.session.scalars(select(Comment.text).where(Comment.submission_id == made.id))
    assert sorted(said) == [f"Why of {measure}" for measure in MEASURES]


def test_the_journal_says_how_many(panel: World) -> None:
    for expert in (0, 1):
        rate(panel, expert, MEASURES)
    close(panel)
    entry = panel.session.scalars(select(JournalEntry).where(JournalEntry.act == "close stage")).one()
    assert entry.facts["counted_at_close"] == 2
