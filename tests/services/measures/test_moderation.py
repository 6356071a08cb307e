"""Moderation: what is fed back is decided by people, with reasons, and stands once released."""

import json

import pytest
from sqlalchemy import select

from consult import clock
from consult.errors import NotFound, NotPossible, ReasonNeeded
from consult.models import Comment, Release
from consult.services.measures import comments, moderation
from consult.services.rounds import results
from consult.services.running import leaving, publishing
from tests.services.conftest import World
from tests.services.measures.saying import close, only, open_next, say, texts
from tests.services.samples import three_rounds


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
    assert first.text in [one["en"] for one in released["reasons"]["L1"]["wish"]["high"]]


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
    assert sorted(one["en"] for one in released["reasons"]["L1"]["wish"]["high"]) == ["Reason 1", "Reason 2"]
    for text in ("Reason 1", "Reason 3"):
        with pytest.raises(NotPossible, match="reasons_released"):
            moderation.accept_comment(session, consultation, only(panel, text).handle, actor="t")
        with pytest.raises(NotPossible, match="reasons_released"):
            moderation.withhold_comment(session, consultation, only(panel, text).handle, reason="Late", actor="t")
    rows = session.scalars(select(Release).where(Release.kind == "texts")).all()
    assert len(rows) == 1


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
