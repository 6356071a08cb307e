"""Releasing: accepted reasons, as many from either side, and the fates, once, when the next round opens."""

from typing import Any

import pytest
from sqlalchemy import select

from analysis.canonical import digest
from consult import clock
from consult.models import Comment, Release
from consult.released_texts import SIDES
from consult.services.measures import comments, moderation
from consult.services.rounds import results
from consult.services.rounds.releasing import release_texts
from consult.services.running import leaving, stage_acts
from tests.services.conftest import MakeWorld, World, reworked
from tests.services.playing import play
from tests.services.reasons import by_place, decide
from tests.services.rounds.holding import hold, opened, submit_all
from tests.services.samples import rating, three_rounds


@pytest.fixture
def decided(make_world: MakeWorld) -> World:
    """Eleven experts have rated; their reasons are decided; round 2 is not open yet."""
    return rated(make_world)


def rated(make_world: MakeWorld, **changes: Any) -> World:
    world = make_world(11, definition=reworked(three_rounds(), **changes))
    play(world.session, world.definition, world.consultation, world.experts, world.stage("round-1"), rate=by_place())
    decide(world)
    return world


def reasons(world: World) -> dict[str, dict[str, list[str]]]:
    """By measure and side, the ratings of the released reasons, as their words say them."""
    release = release_texts(world.session, world.stage("round-1"))
    assert release is not None
    found: dict[str, dict[str, dict[str, list[Any]]]] = release.content["reasons"]
    return {
        key: {side: sorted(one["en"].partition(" is a ")[2][0] for one in said) for side, said in of["wish"].items()}
        for key, of in found.items()
    }


def test_as_many_reasons_for_high_as_for_low(decided: World) -> None:
    """Three of each side at most; a side is named where five rated so; below eight ratings there is none."""
    assert reasons(decided) == {
        "L1": {"low": ["1"] * 3, "high": ["5"] * 3, "other": []},
        "L2": {"low": [], "high": ["5"] * 3, "other": ["1"] * 3},
        "L4": {"low": [], "high": ["5"] * 3, "other": []},
        "L5": {"low": [], "high": ["5"] * 3, "other": []},
        "L6": {"low": [], "high": [], "other": ["3"] * 3 + ["5"] * 3},
        "L7": {"low": [], "high": ["5"] * 3, "other": ["1"] * 3},
    }


def test_the_protocol_says_how_many_and_from_how_many_ratings(make_world: MakeWorld) -> None:
    content = three_rounds().model_dump(mode="json", by_alias=True, exclude_none=True)["protocol"]
    changed = content | {
        "feedback": {**content["feedback"], "reasons_each_side": 1},
        "disclosure": {**content.get("disclosure", {}), "reasons": 7},
    }
    found = reasons(rated(make_world, protocol=changed))
    assert found["L1"] == {"low": ["1"], "high": ["5"], "other": []}
    assert found["L3"] == {"low": [], "high": ["5"], "other": ["1"]}, "seven are enough here"


def test_a_reason_said_twice_is_shown_once(make_world: MakeWorld) -> None:
    world = make_world(11, definition=three_rounds())
    play(world.session, world.definition, world.consultation, world.experts, world.stage("round-1"), rate=by_place())
    for view in comments.comments(world.session, world.consultation, "waiting"):
        moderation.accept_comment(world.session, world.consultation, view.handle, actor="t", texts={"en": "The same"})
    release = release_texts(world.session, world.stage("round-1"))
    assert release is not None
    assert sum(map(len, release.content["reasons"]["L4"]["wish"].values())) == 1


def test_only_accepted_reasons_are_released(make_world: MakeWorld) -> None:
    world = make_world(9, definition=three_rounds())
    hold(world, 1)
    one, other, *_ = (
        view
        for view in comments.comments(world.session, world.consultation, "waiting")
        if (view.measure, view.criterion) == ("L1", "wish")
    )
    moderation.withhold_comment(world.session, world.consultation, one.handle, reason="Names a person", actor="t")
    moderation.accept_comment(world.session, world.consultation, other.handle, actor="t", texts={"en": "Quiet"})
    release = release_texts(world.session, world.stage("round-1"))
    assert release is not None
    found = release.content["reasons"]
    assert found["L1"]["wish"] == {"low": [], "high": [{"en": "Quiet"}], "other": []}
    assert found["L2"]["wish"] == {"low": [], "high": [], "other": []}


def test_what_is_unclear_is_no_reason(decided: World) -> None:
    for comment in decided.session.scalars(select(Comment)):
        comment.kind, comment.criterion = "unclear", None
    decided.session.flush()
    assert all(said == {"low": [], "high": [], "other": []} for said in reasons(decided).values())


def test_texts_are_released_once_with_a_digest(decided: World) -> None:
    session, stage = decided.session, decided.stage("round-1")
    assert results.released_texts(session, stage) is None
    opened(decided, 2)
    content = results.released_texts(session, stage)
    first, again = release_texts(session, stage), release_texts(session, stage)
    assert first is not None and again is first
    assert session.scalars(select(Release).where(Release.kind == "texts")).all() == [first]
    assert first.content == content and first.digest == digest(content)
    assert content is not None and (content["format"], first.number) == (3, 1)


def test_nothing_is_released_of_a_round_before_it_is_frozen(panel: World) -> None:
    stage = panel.stage("round-1")
    assert release_texts(panel.session, stage) is None
    opened(panel, 1)
    assert release_texts(panel.session, stage) is None


def test_after_an_erasure_no_reason_is_released(decided: World) -> None:
    """Whoever moderated would see whose is missing."""
    leaving.erase(decided.session, decided.experts[3], "test")
    assert reasons(decided) == {} and remarks(decided) == {}


def test_who_left_after_the_close_is_still_counted(decided: World) -> None:
    """What was read of a closed stage does not change: six high and five low have their reasons."""
    for expert in decided.experts[3:]:
        leaving.withdraw(decided.session, expert, "test")
    assert reasons(decided)["L1"] == {"low": ["1"] * 3, "high": ["5"] * 3, "other": []}


def test_who_left_before_the_close_is_not(make_world: MakeWorld) -> None:
    """Of nine who rated high two leave: with seven ratings, one below the floor, no reason is shown."""
    world = make_world(9, definition=three_rounds())
    opened(world, 1)
    submit_all(world, 1)
    stage = world.stage("round-1")
    with clock.set_to(stage.opens_at):
        for expert in world.experts[:2]:
            leaving.withdraw(world.session, expert, "test")
    with clock.set_to(stage.closes_at.replace(hour=23, minute=59)):
        stage_acts.close_stage(world.session, world.consultation, stage, actor="test", reason="x")
    for view in comments.comments(world.session, world.consultation, "waiting"):
        moderation.accept_comment(world.session, world.consultation, view.handle, actor="t")
    release = release_texts(world.session, stage)
    assert release is not None and release.content["reasons"] == {}


def test_fates_say_what_became_of_each_measure(panel: World) -> None:
    hold(panel, 1)
    hold(panel, 2)
    opened(panel, 3)
    content = results.released_texts(panel.session, panel.stage("round-2"))
    assert content is not None
    assert {key: fate["fate"] for key, fate in content["fates"].items()} == {
        "L1": "settled",
        "L2": "settled",
        "L3": "carried",
        "L4": "settled",
        "L5": "settled",
        "L6": "settled",
        "L7": "settled",
    }
    assert content["fates"]["L3"]["facts"] == {"stage": "round-3"}


def test_the_lowest_point_of_a_scale_from_nought_is_low(make_world: MakeWorld) -> None:
    content = three_rounds().model_dump(mode="json", by_alias=True, exclude_none=True)["scales"]["WISH5"]
    bands = [
        {**band, "from": first, "to": last}
        for band, (first, last) in zip(content["bands"], [(0, 1), (2, 2), (3, 4)], strict=True)
    ]
    scale = {**content, "min": 0, "max": 4, "labels": {"0": "Not at all", "4": "Very much"}, "bands": bands}
    world = make_world(9, definition=reworked(three_rounds(), scales={"WISH5": scale}))
    hold(world, 1, rating({}, "0"))
    for view in comments.comments(world.session, world.consultation, "waiting"):
        words = {"en": f"Said {view.handle}"}
        moderation.accept_comment(world.session, world.consultation, view.handle, actor="t", texts=words)
    release = release_texts(world.session, world.stage("round-1"))
    assert release is not None
    assert {side: len(said) for side, said in release.content["reasons"]["L1"]["wish"].items()} == {
        "low": 3,
        "high": 0,
        "other": 0,
    }


def remarks(world: World) -> dict[str, list[str]]:
    release = release_texts(world.session, world.stage("round-1"))
    assert release is not None
    found: dict[str, list[dict[str, str]]] = release.content["remarks"]
    return {key: [one["en"] for one in said] for key, said in found.items()}


def test_a_remark_on_the_measure_speaks_for_no_side(make_world: MakeWorld) -> None:
    """At most as many as of a side, from eight ratings on; none of them stands among the reasons."""
    world = make_world(11, definition=three_rounds())
    play(world.session, world.definition, world.consultation, world.experts, world.stage("round-1"), rate=by_place())
    for number, view in enumerate(comments.comments(world.session, world.consultation, "waiting")):
        words = {"en": f"{'Of all' if view.criterion is None else 'Of one'}: {number} is a 5"}
        moderation.accept_comment(world.session, world.consultation, view.handle, actor="t", texts=words)
    found = remarks(world)
    assert set(found) == {"L1", "L2", "L4", "L5", "L6", "L7"}, "L3 has seven ratings only"
    assert all(len(said) == 3 and all(one.startswith("Of all") for one in said) for said in found.values())
    released = results.released_reasons(world.session, world.stage("round-1"))
    assert {key: [one["en"] for one in texts.remarks] for key, texts in released.items()} == found
    sides = [words["en"] for texts in released.values() for side in SIDES for words in texts.of("wish").of(side)]
    assert sides and all(one.startswith("Of one") for one in sides)
