"""Moderation: what is fed back is decided by people, with reasons, and stands once released."""

import json

import pytest
from sqlalchemy import select

from consult import clock
from consult.errors import NotFound, NotPossible, ReasonNeeded
from consult.models import Comment, Proposal, Release
from consult.services.answering.responding import respondent
from consult.services.answering.saving import marks, save
from consult.services.answering.submitting import submit
from consult.services.measures import comments, measures, moderation, proposals, revising
from consult.services.rounds import results
from consult.services.running import leaving, publishing, stage_acts
from tests.services.conftest import MakeWorld, World
from tests.services.samples import three_rounds

IDEA = {"ideas.1.title": ["A garden"], "ideas.1.what": ["Trees for everyone"]}


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    """The first of three rounds is open."""
    world = make_world(9, definition=three_rounds())
    stage = world.stage("round-1")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")
    return world


def say(world: World, expert: int, comment: str, idea: dict[str, list[str]] | None = None, key: str = "one") -> None:
    stage = world.stage("round-1")
    given = respondent(world.session, world.consultation, world.definition, world.experts[expert], stage)
    posted = {"L1.wish": ["5"], "L1.comment": [comment], **(idea or {})}
    with clock.set_to(stage.opens_at):
        for step in given.steps():
            save(world.session, given, step.asked, posted, marks(given, given.drafts))
        submit(world.session, given, idempotency_key=key)


def close(world: World) -> None:
    stage = world.stage("round-1")
    with clock.set_to(stage.closes_at.replace(day=20)):
        stage_acts.close_stage(world.session, world.consultation, stage, actor="test")


def open_next(world: World) -> None:
    stage = world.stage("round-2")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(world.session, world.consultation, stage, actor="test")


def texts(world: World, state: str | None = None) -> list[str]:
    found = comments.comments(world.session, world.consultation, state)
    return sorted(view.text for view in found)


def only(world: World, text: str) -> comments.CommentView:
    (found,) = (view for view in comments.comments(world.session, world.consultation) if view.text == text)
    return found


def test_a_comment_waits_until_somebody_decides(panel: World) -> None:
    say(panel, 0, "Quiet is rare")
    say(panel, 1, "Too dear")
    close(panel)
    assert texts(panel, "waiting") == ["Quiet is rare", "Too dear"]
    assert comments.waiting(panel.session, panel.consultation) == {"comments": 2, "proposals": 0}
    session, consultation = panel.session, panel.consultation
    moderation.accept_comment(session, consultation, only(panel, "Quiet is rare").handle, actor="t")
    with pytest.raises(ReasonNeeded):
        moderation.withhold_comment(session, consultation, only(panel, "Too dear").handle, reason=" ", actor="t")
    assert only(panel, "Too dear").moderation == "waiting"
    moderation.withhold_comment(session, consultation, only(panel, "Too dear").handle, reason="Names a shop", actor="t")
    accepted, withheld = only(panel, "Quiet is rare"), only(panel, "Too dear")
    assert accepted.moderated == {"en": "Quiet is rare"} and accepted.reason is None
    assert (withheld.moderation, withheld.reason) == ("withheld", "Names a shop")
    assert comments.waiting(session, consultation)["comments"] == 0
    moderation.accept_comment(
        session, consultation, withheld.handle, actor="t", texts={"en": "It costs much", "ru": " "}
    )
    assert only(panel, "Too dear").moderated == {"en": "It costs much"}
    assert only(panel, "Too dear").reason is None


def test_only_comments_that_count_are_shown(panel: World) -> None:
    say(panel, 0, "First thought")
    say(panel, 0, "Second thought", key="two")
    say(panel, 1, "From one who left")
    with clock.set_to(panel.stage("round-1").opens_at):
        leaving.withdraw(panel.session, panel.experts[1], "test")
    close(panel)
    assert texts(panel) == ["Second thought"]
    assert comments.waiting(panel.session, panel.consultation)["comments"] == 1


@pytest.mark.parametrize("is_erased", [False, True])
def test_after_an_erasure_no_comment_of_the_stage_is_seen_or_released(panel: World, is_erased: bool) -> None:
    """One that is missing would be the leaver's, for whoever saw the list before."""
    for number in range(8):
        say(panel, number, f"Because of {number}")
    close(panel)
    session, consultation = panel.session, panel.consultation
    handles = [view.handle for view in comments.comments(session, consultation)]
    for handle in handles[1:]:
        moderation.accept_comment(session, consultation, handle, actor="test")
    if is_erased:
        leaving.erase(session, panel.experts[0], "test")
        with pytest.raises(NotFound):
            moderation.accept_comment(session, consultation, handles[0], actor="test")
    assert len(texts(panel)) == (0 if is_erased else 8)
    assert comments.waiting(session, consultation)["comments"] == (0 if is_erased else 1)
    open_next(panel)
    release = session.scalars(select(Release).where(Release.kind == "texts")).one()
    assert bool(release.content["reasons"]) is not is_erased


def test_a_withdrawal_or_an_erasure_before_the_freeze_takes_no_comment_from_the_others(panel: World) -> None:
    say(panel, 0, "Quiet is rare")
    say(panel, 1, "Too dear")
    with clock.set_to(panel.stage("round-1").opens_at):
        leaving.erase(panel.session, panel.experts[1], "test")
    close(panel)
    assert texts(panel) == ["Quiet is rare"]
    leaving.withdraw(panel.session, panel.experts[0], "test")
    assert texts(panel) == ["Quiet is rare"]


def test_nothing_of_an_open_stage_is_seen_counted_or_reached(panel: World) -> None:
    say(panel, 0, "Quiet is rare", IDEA)
    session, consultation = panel.session, panel.consultation
    comment = session.scalars(select(Comment)).one()
    session.add(
        Proposal(
            consultation_id=consultation.id,
            stage_id=panel.stage("round-1").id,
            title="Early",
            text="Too early",
            language="en",
            fate="waiting",
        )
    )
    session.flush()
    assert texts(panel) == [] and proposals.proposals(session, consultation) == []
    assert comments.waiting(session, consultation) == {"comments": 0, "proposals": 0}
    with pytest.raises(NotFound):
        moderation.accept_comment(session, consultation, comment.handle, actor="t")
    with pytest.raises(NotFound):
        moderation.withhold_comment(session, consultation, comment.handle, reason="No", actor="t")
    with pytest.raises(NotFound):
        proposals.proposal_of(session, consultation, proposal(panel, "Early").handle)
    assert comment.moderation == "waiting"


def test_who_leaves_after_the_close_takes_no_comment_along(panel: World) -> None:
    """One less just then would say whose it was: in the list, and in what is released."""
    for expert in range(9):
        say(panel, expert, f"Reason {expert}")
    close(panel)
    before = comments.comments(panel.session, panel.consultation)
    for view in before:
        moderation.accept_comment(panel.session, panel.consultation, view.handle, actor="t")
    first = min(before, key=lambda view: moderation.scramble(str({"en": view.text})))
    writer = panel.experts[int(first.text.removeprefix("Reason "))]
    with clock.set_to(panel.stage("round-2").opens_at):
        leaving.withdraw(panel.session, writer, "test")
    after = comments.comments(panel.session, panel.consultation)
    assert [view.handle for view in after] == [view.handle for view in before]
    open_next(panel)
    released = results.released_texts(panel.session, panel.stage("round-1"))
    assert released is not None
    assert first.text in [one["en"] for one in released["reasons"]["L1"]["high"]]


def test_the_order_says_nothing_about_people(panel: World) -> None:
    words = [f"Reason number {number}" for number in range(9)]
    for expert, text in enumerate(words):
        say(panel, expert, text)
    close(panel)
    shown = [view.text for view in comments.comments(panel.session, panel.consultation)]
    assert sorted(shown) == words != shown
    fields = set(comments.CommentView.__dataclass_fields__)
    assert not fields & {"expert_id", "submission_id", "code", "pseudonym"}


def test_another_consultations_comment_is_not_found(panel: World) -> None:
    say(panel, 0, "Quiet")
    close(panel)
    other = publishing.publish(panel.session, three_rounds(), actor="test", slug="other")
    view = only(panel, "Quiet")
    with pytest.raises(NotFound):
        moderation.accept_comment(panel.session, other, view.handle, actor="test")
    assert comments.comments(panel.session, other) == []


def test_after_the_release_nothing_changes_any_more(panel: World) -> None:
    for expert in range(9):
        say(panel, expert, f"Reason {expert}")
    session, consultation = panel.session, panel.consultation
    close(panel)
    moderation.accept_comment(session, consultation, only(panel, "Reason 1").handle, actor="t")
    assert results.released_texts(session, panel.stage("round-1")) is None
    moderation.accept_comment(session, consultation, only(panel, "Reason 2").handle, actor="t")
    open_next(panel)
    released = results.released_texts(session, panel.stage("round-1"))
    assert released is not None
    assert sorted(one["en"] for one in released["reasons"]["L1"]["high"]) == ["Reason 1", "Reason 2"]
    for text in ("Reason 1", "Reason 3"):
        with pytest.raises(NotPossible, match="reasons_released"):
            moderation.accept_comment(session, consultation, only(panel, text).handle, actor="t")
        with pytest.raises(NotPossible, match="reasons_released"):
            moderation.withhold_comment(session, consultation, only(panel, text).handle, reason="Late", actor="t")
    rows = session.scalars(select(Release).where(Release.kind == "texts")).all()
    assert len(rows) == 1


def test_proposals_are_copied_at_the_close(panel: World) -> None:
    say(panel, 0, "x", IDEA)
    say(
        panel,
        0,
        "x",
        {
            "ideas.1.title": ["A pond"],
            "ideas.1.what": ["Water for everyone"],
            "ideas.2.title": ["A swing"],
            "ideas.2.what": ["For children too"],
        },
        key="two",
    )
    say(panel, 1, "x", IDEA)
    say(panel, 2, "x", IDEA)
    leaving.withdraw(panel.session, panel.experts[2], "test")
    assert proposals.proposals(panel.session, panel.consultation) == []
    close(panel)
    found = proposals.proposals(panel.session, panel.consultation)
    assert sorted((one.title, one.text, one.fate) for one in found) == [
        ("A garden", "Trees for everyone", "waiting"),
        ("A pond", "Water for everyone", "waiting"),
        ("A swing", "For children too", "waiting"),
    ]
    authors = {one.title: one.expert_id for one in found}
    assert authors["A pond"] == authors["A swing"] == panel.experts[0].id
    assert authors["A garden"] == panel.experts[1].id
    assert comments.waiting(panel.session, panel.consultation)["proposals"] == 3


def proposal(world: World, title: str) -> Proposal:
    return world.session.scalars(select(Proposal).where(Proposal.title == title)).one()


def test_each_proposal_is_decided_once_and_says_why(panel: World) -> None:
    session, consultation = panel.session, panel.consultation
    for expert, title in enumerate(("Garden", "Pond", "Swing")):
        say(panel, expert, "x", {"ideas.1.title": [title], "ideas.1.what": ["For everyone"]})
    close(panel)
    pond, swing, garden = (proposal(panel, title) for title in ("Pond", "Swing", "Garden"))
    into = measures.find_measure(session, consultation.id, "L1")
    with pytest.raises(ReasonNeeded):
        proposals.withhold_proposal(session, consultation, pond, reason="", actor="t")
    with pytest.raises(ReasonNeeded):
        proposals.merge_proposal(session, consultation, swing, into, reason=" ", actor="t")
    assert {one.fate for one in (pond, swing)} == {"waiting"}
    proposals.withhold_proposal(session, consultation, pond, reason="Not ours", actor="t")
    proposals.merge_proposal(session, consultation, swing, into, reason="In there", actor="t")
    content = {"title": {"en": "Garden"}, "text": {"en": "Trees"}}
    added = revising.add_measure(
        session, consultation, content, theme="house", reason="New", actor="t", proposal=garden
    )
    assert [(one.fate, one.reason, one.measure_id) for one in (pond, swing, garden)] == [
        ("withheld", "Not ours", None),
        ("merged", "In there", into.measure.id),
        ("accepted", "New", added.measure.id),
    ]
    for one in (pond, swing, garden):
        with pytest.raises(NotPossible):
            proposals.find_proposal(session, consultation, one.handle)
    with pytest.raises(NotFound):
        proposals.find_proposal(session, consultation, "a" * 16)
    own = proposals.proposals_of(session, panel.experts[1])
    assert [(one.reason, key) for one, key in own] == [("Not ours", None)]
    assert measures.live_wordings(session, consultation.id)[-1].key == added.key


def test_what_is_released_names_nobody(panel: World) -> None:
    for expert in range(9):
        say(panel, expert, f"Reason {expert}")
    close(panel)
    for view in comments.comments(panel.session, panel.consultation):
        moderation.accept_comment(panel.session, panel.consultation, view.handle, actor="t")
    open_next(panel)
    released = json.dumps(results.released_texts(panel.session, panel.stage("round-1")))
    for expert in panel.experts:
        assert expert.code not in released and expert.pseudonym not in released
    assert len(panel.session.scalars(select(Comment)).all()) == 9
