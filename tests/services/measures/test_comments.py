"""Comments: those that count, of frozen stages, in an order that tells nothing of people."""

import pytest
from sqlalchemy import select

from consult import clock
from consult.errors import NotFound
from consult.models import Comment, Proposal
from consult.services.measures import comments, moderation, proposals
from consult.services.running import leaving
from tests.services.conftest import World
from tests.services.measures.saying import IDEA, close, proposal, say, texts


def test_only_comments_that_count_are_shown(panel: World) -> None:
    say(panel, 0, "First thought")
    say(panel, 0, "Second thought", key="two")
    say(panel, 1, "From one who left")
    with clock.set_to(panel.stage("round-1").opens_at):
        leaving.withdraw(panel.session, panel.experts[1], "test")
    close(panel)
    assert texts(panel) == ["Second thought"]
    assert comments.waiting(panel.session, panel.consultation)["comments"] == 1


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


def test_the_order_says_nothing_about_people(panel: World) -> None:
    words = [f"Reason number {number}" for number in range(9)]
    for expert, text in enumerate(words):
        say(panel, expert, text)
    close(panel)
    shown = [view.text for view in comments.comments(panel.session, panel.consultation)]
    assert sorted(shown) == words != shown
    fields = set(comments.CommentView.__dataclass_fields__)
    assert not fields & {"expert_id", "submission_id", "code", "pseudonym"}
