"""Collecting: proposals in the answers that count, one row each, when their stage closes."""

import pytest
from sqlalchemy import select

from consult import clock
from consult.models import Expert, Proposal
from consult.services.answering.responding import find_respondent
from consult.services.answering.saving import marks, save
from consult.services.answering.submitting import submit
from consult.services.rounds.collecting import collect_proposals
from consult.services.running import leaving, stage_acts
from tests.services.conftest import World


def propose(world: World, expert: Expert, *ideas: tuple[str, str], key: str = "one") -> None:
    """Submit round 1 with these titles and texts, nothing rated."""
    stage = world.stage("round-1")
    given = find_respondent(world.session, world.consultation, world.definition, expert, stage)
    typed = {f"ideas.{number}.title": [title] for number, (title, _) in enumerate(ideas, start=1)}
    typed |= {f"ideas.{number}.what": [text] for number, (_, text) in enumerate(ideas, start=1)}
    with clock.set_to(stage.opens_at):
        save(world.session, given, given.steps()[-1].asked, typed, marks(given, given.drafts))
        submit(world.session, given, idempotency_key=key)


@pytest.fixture
def asking(panel: World) -> World:
    stage = panel.stage("round-1")
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(panel.session, panel.consultation, stage, actor="test")
    return panel


def collected(world: World) -> tuple[int, list[tuple[int, str, str]]]:
    """How many, and all there are: the author's place, title and text."""
    count = collect_proposals(world.session, world.consultation, world.stage("round-1"))
    rows = world.session.scalars(select(Proposal)).all()
    places = {expert.id: place for place, expert in enumerate(world.experts)}
    return count, sorted((places[row.expert_id or 0], row.title, row.text) for row in rows)


def test_each_idea_is_a_proposal_of_its_author_and_waits(asking: World) -> None:
    first, second, third, *_ = asking.experts
    propose(asking, first, ("A garden", "Trees for all"), ("A pond", "Water for all"))
    propose(asking, second, ("A swing", "For children"))
    propose(asking, third)
    assert collected(asking) == (
        3,
        [(0, "A garden", "Trees for all"), (0, "A pond", "Water for all"), (1, "A swing", "For children")],
    )
    row = asking.session.scalars(select(Proposal)).first()
    assert row is not None and (row.fate, row.language, row.stage_id) == ("waiting", "en", asking.stage("round-1").id)


def test_half_an_idea_is_one_and_an_empty_place_is_none(asking: World) -> None:
    expert = asking.experts[0]
    propose(asking, expert, ("", ""), ("Only a title", ""))
    assert collected(asking) == (1, [(0, "Only a title", "")])
    other = asking.experts[1]
    propose(asking, other, ("", "Only a text"))
    assert (1, "", "Only a text") in collected(asking)[1]


def test_only_what_counts_is_collected(asking: World) -> None:
    """The newest submission, of those who stay."""
    stays, leaves, *_ = asking.experts
    propose(asking, stays, ("A first thought", "Taken back"))
    propose(asking, stays, ("A second thought", "Instead of it"), key="two")
    propose(asking, leaves, ("Of who left", "And is gone"))
    leaving.withdraw(asking.session, leaves, "test")
    assert collected(asking) == (1, [(0, "A second thought", "Instead of it")])


def test_a_stage_that_asks_for_none_has_none(panel: World) -> None:
    """Round 2 has no questionnaire, round 3 asks for picks."""
    for key in ("round-2", "round-3"):
        assert collect_proposals(panel.session, panel.consultation, panel.stage(key)) == 0
