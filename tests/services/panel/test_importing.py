"""Importing: all of a file or none of it, and nothing that follows its order."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.definition.loader import load
from consult.errors import NotPossible, PanelInvalid
from consult.models import Contact, Expert, JournalEntry, Registration
from consult.services.panel import importing, panel
from tests.services.conftest import BEFORE, MakeWorld, World, panel_file
from tests.services.panel.test_panel_file import NDPC


def test_the_ndpc_template_has_the_agreed_columns() -> None:
    header = importing.template(load(NDPC)).splitlines()[0].split(",")
    assert header[:3] == ["name", "email", "language"]
    assert sorted(header[3:]) == ["country", "group", "role", "team"]


def count(session: Session, table: type[Expert] | type[Contact]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_panel_is_taken_in(make_world: MakeWorld) -> None:
    world = make_world(25)
    assert {expert.code for expert in world.experts} == {f"E{n:02d}" for n in range(1, 26)}
    first = world.experts[0]
    assert first.attributes == {"part": "harbour", "work": "work_library"}
    assert first.reporting_group == "library"
    assert first.withdrawn_at is None
    pseudonyms = {expert.pseudonym for expert in world.experts}
    assert len(pseudonyms) == 25
    assert all(len(name) == 7 and name.startswith("P-") for name in pseudonyms)


def test_neither_codes_nor_pseudonyms_nor_rows_follow_the_file(make_world: MakeWorld) -> None:
    """Chance gives the file's order to 25 experts once in 10^25 times."""
    experts = make_world(25).experts
    for order in (
        [expert.code for expert in experts],
        [expert.pseudonym for expert in experts],
        [expert.id for expert in experts],
    ):
        assert order != sorted(order)
    by_code = sorted(experts, key=lambda expert: expert.code)
    assert [expert.pseudonym for expert in by_code] != sorted(e.pseudonym for e in experts)


def test_a_file_with_one_mistake_brings_in_nobody(world: World) -> None:
    before = count(world.session, Expert), count(world.session, Contact)
    data = panel_file(3, start=10) + b"Nobody,,en,harbour,work_library,\n"
    with pytest.raises(PanelInvalid):
        importing.import_panel(world.session, world.consultation, world.definition, data, "test")
    assert (count(world.session, Expert), count(world.session, Contact)) == before


def test_somebody_in_the_panel_already_is_refused_with_line_and_code(world: World) -> None:
    data = panel_file(1, start=10) + panel_file(1).splitlines()[1].upper().replace(
        b",EN,HARBOUR,WORK_LIBRARY,LIBRARY", b",en,harbour,work_library,library"
    )
    with pytest.raises(PanelInvalid) as refused:
        importing.import_panel(world.session, world.consultation, world.definition, data, "test")
    (problem,) = refused.value.problems
    assert problem.line == 3
    assert world.experts[0].code in problem.message
    assert count(world.session, Expert) == 3


def test_a_second_file_adds_experts_under_further_codes(world: World) -> None:
    data = panel_file(2, start=10)
    added = importing.import_panel(world.session, world.consultation, world.definition, data, "test")
    assert added == 2
    codes = [member.code for member in panel.members(world.session, world.consultation)]
    assert codes == ["E01", "E02", "E03", "E04", "E05"]


def test_nobody_is_added_after_the_protocol_is_registered(world: World) -> None:
    world.session.add(
        Registration(consultation_id=world.consultation.id, digest="0" * 64, protocol={}, locked_at=BEFORE)
    )
    world.session.flush()
    data = panel_file(1, start=10)
    with pytest.raises(NotPossible, match="panel_is_fixed"):
        importing.import_panel(world.session, world.consultation, world.definition, data, "test")
    assert count(world.session, Expert) == 3


def test_the_same_person_can_be_in_two_consultations(make_world: MakeWorld) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    assert len(panel.members(one.session, one.consultation)) == 3
    assert len(panel.members(two.session, two.consultation)) == 3


def test_the_database_holds_an_address_once(world: World) -> None:
    contact = Contact(
        consultation_id=world.consultation.id, expert_id=world.experts[0].id, name="X", email="person2@example.org"
    )
    world.session.add(contact)
    with pytest.raises(IntegrityError):
        world.session.flush()


def test_the_journal_knows_how_many_came_and_nobodys_name(world: World) -> None:
    entry = world.session.scalars(select(JournalEntry).where(JournalEntry.act == "import panel")).one()
    assert entry.facts == {"experts": 3}
