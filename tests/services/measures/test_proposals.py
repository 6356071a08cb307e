"""Proposals: decided once, with a reason their author can read."""

import pytest

from consult.errors import NotFound, NotPossible, ReasonNeeded
from consult.services.measures import comments, measures, proposals, revising
from consult.services.running import leaving
from tests.services.conftest import World
from tests.services.measures.saying import IDEA, close, proposal, say


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


def test_a_title_for_readers_stands_beside_the_writers_own(panel: World) -> None:
    say(panel, 0, "x", IDEA)
    close(panel)
    session, consultation, garden = panel.session, panel.consultation, proposal(panel, "A garden")
    with pytest.raises(NotPossible, match="title_needs_words"):
        proposals.entitle_proposal(session, consultation, garden, {"en": " ", "ru": ""}, actor="t")
    proposals.entitle_proposal(session, consultation, garden, {"en": " Garden ", "ru": ""}, actor="t")
    assert (garden.title, garden.title_in) == ("A garden", {"en": "Garden"})


def test_what_waits_stands_first(panel: World) -> None:
    for expert in range(6):
        say(panel, expert, "x", {"ideas.1.title": [f"Idea {expert}"], "ideas.1.what": ["For everyone"]})
    close(panel)
    session, consultation = panel.session, panel.consultation
    first = proposals.proposals(session, consultation)[0]
    proposals.withhold_proposal(session, consultation, first, reason="Not ours", actor="t")
    found = proposals.proposals(session, consultation)
    assert found[-1] is first and [one.fate for one in found] == ["waiting"] * 5 + ["withheld"]
