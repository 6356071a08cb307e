"""Feedback: what the frozen round says, the own rating, accepted reasons, and asking for one."""

import hashlib
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, select

from consult import clock
from consult.models import Answer, Comment, Submission, VariableRow
from consult.released_texts import SIDES, Side, Words
from consult.services import submissions
from consult.services.answering import feedback
from consult.services.answering.feedback import AskedBecause, asks_reason, feedback_for, shown_first
from consult.services.answering.feedback_types import CriterionFeedback, Feedback
from consult.services.answering.responding import Respondent, find_respondent
from consult.services.measures import comments, moderation
from consult.services.rounds import results
from consult.services.running import leaving, stage_acts
from tests.services.conftest import MakeWorld, World, reworked
from tests.services.measures.changing import add
from tests.services.playing import play
from tests.services.reasons import POINTS, by_place, decide
from tests.services.samples import rating, three_rounds


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    """Eleven experts have rated; the reasons are decided; round 2 is open."""
    world = make_world(11, definition=three_rounds())
    play(world.session, world.definition, world.consultation, world.experts, world.stage("round-1"), rate=by_place())
    decide(world)
    stage = world.stage("round-2")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    return world


def load(world: World, expert: int = 0, key: str = "round-2") -> Respondent:
    return find_respondent(world.session, world.consultation, world.definition, world.experts[expert], world.stage(key))


def shown(world: World, expert: int = 0) -> dict[str, Feedback]:
    given = load(world, expert)
    found = {w.key: feedback_for(world.session, given, w) for w in given.wordings}
    return {key: known for key, known in found.items() if known is not None}


def by_side(feedback: Feedback) -> dict[Side, list[Words]]:
    reasons = feedback.criteria["wish"].reasons
    return {side: list(reasons.of(side)) for side in SIDES}


def ratings_named(reasons: list[Any]) -> list[str]:
    return sorted(one["en"].partition(" is a ")[2][0] for one in reasons)


def test_numbers_are_those_released_and_the_own_rating_stands_beside(panel: World) -> None:
    released = results.released_numbers(panel.session, panel.stage("round-1"))
    assert released is not None
    for expert in (0, 10):
        known = shown(panel, expert)
        assert set(known) == {f"L{number}" for number in range(1, 8)}
        for key, one in known.items():
            wish = one.criteria["wish"]
            frozen = released.measures[key].criteria["wish"]
            assert (wish.n, wish.median, wish.q1, wish.q3, wish.counts) == (
                frozen.n,
                frozen.median,
                frozen.q1,
                frozen.q3,
                frozen.counts,
            )
            point = POINTS[f"{key}.wish"][expert]
            assert wish.own == (None if point == "-" else int(point))
    assert shown(panel)["L1"].criteria["wish"].counts == (5, 0, 0, 0, 6)
    assert shown(panel)["L3"].criteria["wish"].counts is None, "seven are below the floor"
    assert shown(panel)["L3"].criteria["wish"].median == 5


def test_there_is_none_in_the_first_round(panel: World) -> None:
    given = load(panel, key="round-1")
    assert all(feedback_for(panel.session, given, w) is None for w in given.wordings)


def test_it_comes_from_the_frozen_result_whatever_happens_to_answers(panel: World) -> None:
    before = shown(panel, 3)
    first = panel.stage("round-1")
    leaving.withdraw(panel.session, panel.experts[0], "test")
    late = Submission(
        consultation_id=panel.consultation.id,
        stage_id=first.id,
        expert_id=panel.experts[1].id,
        number=2,
        idempotency_key="late",
        receipt="LATE",
        channel="paper",
        is_late=True,
        submitted_at=first.closes_at,
    )
    panel.session.add(late)
    panel.session.flush()
    variable = panel.session.scalars(select(VariableRow).where(VariableRow.key == "L1.wish")).one()
    panel.session.execute(
        insert(Answer).values(
            submission_id=late.id, variable_id=variable.id, value=1, consultation_id=panel.consultation.id
        )
    )
    counted = submissions.count_values(panel.session, first)[None, "L1.wish"]
    assert counted == {(5, None): 4, (1, None): 6}, "the rows did change"
    assert shown(panel, 3) == before


def test_reasons_are_accepted_ones_and_as_many_for_high_as_for_low(panel: World) -> None:
    """At most three for each side; a side is named where five rated so."""
    sides = {key: by_side(one) for key, one in shown(panel).items()}
    found = {
        key: {side: "".join(ratings_named(reasons)) for side, reasons in one.items() if any(one.values())}
        for key, one in sides.items()
    }
    assert found == {
        "L1": {"high": "555", "low": "111", "other": ""},
        "L2": {"high": "555", "low": "", "other": "111"},
        "L3": {},
        "L4": {"high": "555", "low": "", "other": ""},
        "L5": {"high": "555", "low": "", "other": ""},
        "L6": {"high": "", "low": "", "other": "333555"},
        "L7": {"high": "555", "low": "", "other": "111"},
    }
    for one in sides.values():
        for reason in (reason for side in one.values() for reason in side):
            assert set(reason) == {"en"}


def test_fewer_on_one_side_means_fewer_on_the_other(make_world: MakeWorld) -> None:
    world = make_world(11, definition=three_rounds())
    play(world.session, world.definition, world.consultation, world.experts, world.stage("round-1"), rate=by_place())
    decide(world)
    low = [
        view
        for view in comments.comments(world.session, world.consultation)
        if (view.measure, view.criterion) == ("L1", "wish") and "L1 is a 1" in str(view.moderated)
    ]
    for view in low[1:]:
        moderation.withhold_comment(world.session, world.consultation, view.handle, reason="Twice", actor="t")
    stage = world.stage("round-2")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    reasons = by_side(shown(world)["L1"])
    assert ratings_named(reasons["high"]) == ["5"] and ratings_named(reasons["low"]) == ["1"]


def test_the_order_of_reasons_is_each_experts_own_and_stays(panel: World) -> None:
    orders = set()
    for expert in range(11):
        first, second = ([one["en"] for one in by_side(shown(panel, expert)["L4"])["high"]] for _ in range(2))
        assert first == second
        orders.add(tuple(first))
    assert len({frozenset(order) for order in orders}) == 1
    assert len(orders) > 2


def test_waiting_reasons_are_not_released(make_world: MakeWorld) -> None:
    world = make_world(9, definition=three_rounds())
    play(
        world.session,
        world.definition,
        world.consultation,
        world.experts,
        world.stage("round-1"),
        rate=lambda key, chance: "5",
    )
    stage = world.stage("round-2")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    assert by_side(shown(world)["L1"]) == {"high": [], "low": [], "other": []}
    assert shown(world)["L1"].remarks == []


def test_the_former_rating_of_one_who_was_away_is_empty(make_world: MakeWorld) -> None:
    world = make_world(9, definition=three_rounds())
    play(
        world.session,
        world.definition,
        world.consultation,
        world.experts[1:],
        world.stage("round-1"),
        rate=lambda key, chance: "5",
    )
    stage = world.stage("round-2")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    assert shown(world)["L1"].criteria["wish"].own is None
    assert shown(world)["L1"].criteria["wish"].n == 8
    assert shown(world, 1)["L1"].criteria["wish"].own == 5


NINE = [range(1, 4), range(4, 7), range(7, 10)]
FIVE = [range(1, 3), range(3, 4), range(4, 6)]


def known(
    median: float | None, q1: float | None, q3: float | None, own: int | None, *, is_pairable: bool = True
) -> Feedback:
    one = CriterionFeedback(n=12, median=median, q1=q1, q3=q3, counts=None, own=own)
    return Feedback(
        result="round-1/1",
        form="words",
        criteria={"wish": one},
        remarks=(),
        former=None,
        is_pairable=is_pairable,
        groups={},
    )


@pytest.mark.parametrize(
    ("median", "q1", "q3", "own", "rating", "bands", "expected"),
    [
        (8, 7, 9, None, 7, NINE, ""),
        (8, 7, 9, None, 6, NINE, "differs"),  # another band than the median
        (8, 8, 9, None, 7, NINE, ""),  # one point outside the middle half
        (9, 9, 9, None, 7, NINE, "differs"),  # two points outside
        (5, 5, 5, None, 6, NINE, ""),
        (4, 4, 4, None, 6, NINE, "differs"),
        (8, 7, 9, 8, 8, NINE, ""),
        (8, 7, 9, 6, 8, NINE, "moved"),  # conforming needs a reason too
        (8, 7, 9, 7, 9, NINE, ""),  # moved within the band
        (6.5, 6, 7, None, 6, NINE, ""),  # a median half-way lies in both bands
        (6.5, 6, 7, None, 7, NINE, ""),
        (6.5, 6, 7, None, 3, NINE, "differs"),
        (2.5, 2, 3, None, 2, FIVE, ""),
        (2.5, 2, 3, None, 3, FIVE, ""),
        (2.5, 2, 3, None, 4, FIVE, "differs"),
        (3.5, 3, 4, None, 3, FIVE, ""),
        (8, None, None, None, 2, NINE, "differs"),  # the middle half is below the floor
        (None, None, None, None, 2, NINE, ""),
        (None, None, None, 8, 2, NINE, "moved"),
    ],
)
def test_when_a_reason_is_asked(
    median: float | None,
    q1: float | None,
    q3: float | None,
    own: int | None,
    rating: int,
    bands: list[range],
    expected: str,
) -> None:
    given = known(median, q1, q3, own)
    assert {str(why) for why in asks_reason(given, "wish", rating, bands)} == set(expected.split())
    assert not asks_reason(None, "wish", rating, bands)
    assert not asks_reason(given, "ease", rating, bands)


def test_a_rating_that_was_kept_and_explained_before_is_asked_about_no_more() -> None:
    given = known(8, 7, 9, 2)
    assert asks_reason(given, "wish", 2, NINE) == {AskedBecause.DIFFERS}, "kept, and never explained"
    explained = replace(given, criteria={"wish": replace(given.criteria["wish"], is_explained=True)})
    assert not asks_reason(explained, "wish", 2, NINE)
    assert asks_reason(explained, "wish", 3, NINE) == {AskedBecause.DIFFERS}, "another rating is another matter"


def test_what_was_explained_is_known_by_criterion(panel: World) -> None:
    """Everybody gave a reason for every measure in round 1, but one who then withdrew it by submitting again."""
    assert all(one.criteria["wish"].is_explained for one in shown(panel, 3).values())
    for comment in panel.session.scalars(
        select(Comment).join(Submission).where(Submission.expert_id == panel.experts[3].id)
    ):
        if comment.criterion == "wish" or comment.criterion is None:
            panel.session.delete(comment)
    panel.session.flush()
    assert not any(one.criteria["wish"].is_explained for one in shown(panel, 3).values())
    assert all(one.criteria["wish"].is_explained for one in shown(panel, 4).values())


def test_which_reason_stood_first_is_known_by_its_digest(panel: World) -> None:
    for expert in range(3):
        feedback = shown(panel, expert)["L1"]
        first = {side: by_side(feedback)[side][0] for side in SIDES if side != "other"}
        wanted = {
            side: hashlib.sha256(str(sorted(words.items())).encode()).hexdigest()[:12] for side, words in first.items()
        }
        assert shown_first(feedback) == {"wish": wanted}
    assert shown_first(shown(panel)["L6"]) == {"wish": {}}, "none of a side was shown"


def test_no_reason_is_asked_against_ratings_of_another_wording() -> None:
    other = known(8, 7, 9, 8, is_pairable=False)
    assert not asks_reason(other, "wish", 2, NINE)
    assert asks_reason(replace(other, is_pairable=True), "wish", 2, NINE)


def test_nothing_is_settled_after_one_round(panel: World) -> None:
    assert feedback.settled_measures(panel.session, load(panel)) == []


def test_a_wording_that_stayed_has_no_former_one(panel: World) -> None:
    for one in shown(panel).values():
        assert one.former is None and one.is_pairable
    assert len(shown(panel)) == 7


def test_what_came_in_after_the_round_before_is_new(panel: World) -> None:
    first, second = load(panel, key="round-1"), load(panel)
    assert not any(feedback.is_new(panel.session, first, wording) for wording in first.wordings), "there is none before"
    assert not any(feedback.is_new(panel.session, second, wording) for wording in second.wordings)
    added = add(panel)
    assert feedback.is_new(panel.session, second, added)


def test_medians_of_groups_are_shown_where_the_protocol_says_so(make_world: MakeWorld) -> None:
    content = three_rounds().model_dump(mode="json", by_alias=True, exclude_none=True)["protocol"]
    protocol = {**content, "feedback": {**content["feedback"], "groups": True}}
    world = make_world(12, definition=reworked(three_rounds(), protocol=protocol))
    first, rate = world.stage("round-1"), rating({"L2": "5"})
    play(world.session, world.definition, world.consultation, world.experts, first, rate=rate)
    stage = world.stage("round-2")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    found = {key: one.groups for key, one in shown(world).items()}
    four, five = ({"wish": {"library": point, "town": point}} for point in (4, 5))
    assert found == {f"L{number}": five if number == 2 else four for number in range(1, 8)}


def test_settled_measures_come_with_what_they_were_settled_on(make_world: MakeWorld) -> None:
    """L3 is middling and rated on; the others were agreed twice."""
    world = make_world(9, definition=three_rounds())
    for key in ("round-1", "round-2"):
        stage = world.stage(key)
        play(world.session, world.definition, world.consultation, world.experts, stage, rate=rating({"L3": "3"}))
    third = world.stage("round-3")
    with clock.set_to(third.opens_at):
        stage_acts.open_stage(world.session, world.consultation, third, actor="test")
    found = feedback.settled_measures(world.session, load(world, key="round-3"))
    assert [wording.key for wording, _ in found] == ["L1", "L2", "L4", "L5", "L6", "L7"]
    assert {numbers.criteria["wish"].median for _, numbers in found} == {4}
