"""Where somebody's texts are gone for good, what is left would tell who wrote it."""

import pytest
from sqlalchemy import select

from consult.errors import NotFound
from consult.models import Release
from consult.services.measures import comments, moderation
from consult.services.measures.erasures import thinned
from consult.services.running import leaving
from tests.services.conftest import World
from tests.services.measures.saying import close, open_next, say, texts


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


def test_only_stages_that_counted_the_erased_are_thinned(panel: World) -> None:
    for expert in range(3):
        say(panel, expert, "Quiet")
    close(panel)
    session, consultation = panel.session, panel.consultation
    first = panel.stage("round-1")
    assert thinned(session, consultation.id) == {}
    leaving.withdraw(session, panel.experts[0], "test")
    assert thinned(session, consultation.id) == {}, "who leaves without being erased leaves the texts"
    leaving.erase(session, panel.experts[5], "test")
    assert thinned(session, consultation.id) == {}, "who submitted nothing thins nothing"
    leaving.erase(session, panel.experts[1], "test")
    assert thinned(session, consultation.id) == {first.id: "round-1"}


def test_who_was_erased_before_the_freeze_was_never_counted(panel: World) -> None:
    for expert in range(3):
        say(panel, expert, "Quiet")
    leaving.erase(panel.session, panel.experts[1], "test")
    close(panel)
    assert thinned(panel.session, panel.consultation.id) == {}
