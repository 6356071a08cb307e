"""Leaving, erasing and forgetting do what the consent text promises, down to the bytes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from consult.database import Database
from consult.errors import LinkNotValid
from consult.models import (
    Answer,
    Comment,
    Contact,
    Draft,
    Expert,
    FeedbackShown,
    HeldForm,
    Invitation,
    Letter,
    LoginSession,
    Message,
    Proposal,
    Result,
    SecretariatAnswer,
    Stage,
    Submission,
)
from consult.services import journal
from consult.services.access import invitations, sessions
from consult.services.panel import importing, panel
from consult.services.running import leaving, publishing
from tests.services.conftest import MakeWorld, World, fresh_database, panel_file, reworked, town_library
from tests.services.running.belongings import give_everything, rows_of, tables_about_experts


def test_the_story_of_these_tests_fills_every_table_about_experts(world: World) -> None:
    """A new table about experts must come into `give_everything`, and so into erasure."""
    give_everything(world, world.experts[0])
    empty = [table.name for table in tables_about_experts() if not rows_of(world.session, table, world.experts[0])]
    assert empty == []


# Leaving


def test_who_leaves_is_locked_out_and_keeps_what_was_given(world: World) -> None:
    expert = world.experts[0]
    opened = give_everything(world, expert)
    token = invitations.create_invitation(world.session, expert)
    leaving.withdraw(world.session, expert, "expert")
    assert expert.withdrawn_at is not None
    with pytest.raises(LinkNotValid):
        invitations.expert_of_token(world.session, token)
    key = world.consultation.slug
    assert sessions.visit_of(world.session, key, opened) is None
    for table in (Invitation, LoginSession):
        live = select(func.count()).where(table.expert_id == expert.id, table.revoked_at.is_(None))
        assert world.session.scalar(live) == 0
    assert world.session.scalar(select(func.count()).select_from(Submission)) == 1
    assert world.session.scalar(select(func.count()).select_from(Message)) == 0


def test_frozen_results_stay_when_somebody_leaves_or_is_erased(world: World) -> None:
    give_everything(world, world.experts[0])
    before = world.session.execute(select(Result.__table__)).all()
    leaving.withdraw(world.session, world.experts[0], "expert")
    leaving.erase(world.session, world.experts[0], "anna")
    assert world.session.execute(select(Result.__table__)).all() == before


def test_leaving_twice_is_leaving_once(world: World) -> None:
    leaving.withdraw(world.session, world.experts[0], "expert")
    first = world.experts[0].withdrawn_at
    leaving.withdraw(world.session, world.experts[0], "expert")
    assert world.experts[0].withdrawn_at == first
    acts = [entry.act for entry in journal.entries(world.session, world.consultation.id)]
    assert acts.count("withdraw") == 1


def test_others_stay_when_one_leaves(world: World) -> None:
    other = world.experts[1]
    opened = give_everything(world, other)
    leaving.withdraw(world.session, world.experts[0], "expert")
    key = world.consultation.slug
    assert sessions.visit_of(world.session, key, opened) is not None
    assert rows_of(world.session, Message.__table__, other) == 1  # type: ignore[arg-type]


# Erasing


def test_nothing_of_an_erased_expert_remains_but_an_empty_place(world: World) -> None:
    expert, other = world.experts[:2]
    give_everything(world, expert)
    give_everything(world, other)
    before = expert.pseudonym
    leaving.erase(world.session, expert, "anna")
    for table in tables_about_experts():
        assert rows_of(world.session, table, expert) == 0, table.name
        assert rows_of(world.session, table, other) == 1, table.name
    assert world.session.scalar(select(func.count()).select_from(Answer)) == 1
    assert world.session.scalar(select(func.count()).select_from(Comment)) == 1
    assert (expert.attributes, expert.reporting_group, expert.language) == ({}, None, "")
    assert expert.pseudonym != before
    assert len(panel.members(world.session, world.consultation)) == 3


def test_a_proposal_outlives_its_author_without_the_link(world: World) -> None:
    expert = world.experts[0]
    give_everything(world, expert)
    leaving.erase(world.session, expert, "anna")
    (proposal,) = world.session.scalars(select(Proposal))
    assert proposal.expert_id is None
    assert proposal.title == f"idea of {expert.code}"


def test_a_letter_that_came_by_the_link_of_an_erased_expert_stays_without_it(world: World) -> None:
    """It is somebody else's: the secretariat still answers it."""
    give_everything(world, world.experts[0])
    leaving.erase(world.session, world.experts[0], "anna")
    (letter,) = world.session.scalars(select(Letter))
    assert (letter.expert_id, letter.text) == (None, "Not me")


def test_the_journal_says_that_one_was_erased_and_not_who(world: World) -> None:
    expert = world.experts[0]
    give_everything(world, expert)
    assert leaving.erased(world.session, world.consultation.id) == 0
    leaving.erase(world.session, expert, "anna")
    leaving.erase(world.session, world.experts[1], "anna")
    assert leaving.erased(world.session, world.consultation.id) == 2
    entries = journal.entries(world.session, world.consultation.id)
    assert entries[-1].facts == {"erased": 1}
    told = json.dumps([entry.facts for entry in entries])
    for private in (expert.code, expert.pseudonym, "person1", "Person 1"):
        assert private not in told
    assert journal.verify(world.session, world.consultation.id) == []


def test_erasing_touches_no_other_consultation(make_world: MakeWorld) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    leaving.erase(one.session, one.experts[0], "anna")
    assert two.session.scalar(select(func.count()).where(Contact.consultation_id == two.consultation.id)) == 3


def bytes_of(database: Database) -> dict[str, bytes]:
    path = Path(str(database.url.database))
    return {found.name: found.read_bytes() for found in sorted(path.parent.glob(f"{path.name}*"))}


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Database]:
    with fresh_database("sqlite", tmp_path) as made:
        yield made


@pytest.mark.parametrize("way", ["erase", "forget"])
def test_after_erasure_and_a_checkpoint_the_bytes_are_gone_from_the_files(file: Database, way: str) -> None:
    marks = [b"zebedee@example.org", b"Zebedee Quux"]
    if way == "erase":
        marks += [b"draft by hand", b"reason of E", b"free words of E", b"a ramp"]
    with file.writing() as session:
        definition = town_library()
        consultation = publishing.publish(session, definition, actor="test")
        data = panel_file(40) + b"Zebedee Quux,zebedee@example.org,en,hill,work_school,\n"
        importing.import_panel(session, consultation, definition, data, "test")
        contact = select(Contact).where(Contact.email == "zebedee@example.org")
        expert = session.get_one(Expert, session.scalars(contact).one().expert_id)
        world = World(session, definition, consultation, [expert])
        give_everything(world, expert)
    there = b"".join(bytes_of(file).values())
    assert all(mark in there for mark in marks)
    with file.writing() as session:
        expert = session.get_one(Expert, expert.id)
        if way == "erase":
            leaving.erase(session, expert, "anna")
        else:
            leaving.forget_panel(session, consultation, "anna")
    with file.engine.connect() as connection:
        checkpoint = connection.connection.driver_connection
        assert checkpoint is not None
        blocked = checkpoint.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        assert blocked == 0
    for name, content in bytes_of(file).items():
        for mark in marks:
            assert mark not in content, (name, mark)


def test_sqlite_overwrites_what_is_deleted(file: Database) -> None:
    with file.engine.connect() as connection:
        assert connection.execute(text("PRAGMA secure_delete")).scalar() == 1


# Seeing one's own data


# Forgetting the panel


def test_forgetting_the_panel_destroys_the_link_and_keeps_the_answers(make_world: MakeWorld) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    for expert in one.experts:
        give_everything(one, expert)
    assert leaving.forget_panel(one.session, one.consultation, "anna") == 3
    for table in (Contact, HeldForm, SecretariatAnswer, Letter, Invitation, LoginSession, Message):
        left = select(func.count()).where(table.consultation_id == one.consultation.id)
        assert one.session.scalar(left) == 0, table.__tablename__
    for table in (Expert, Submission, Proposal, FeedbackShown):
        left = select(func.count()).where(table.consultation_id == one.consultation.id)
        assert one.session.scalar(left) == 3, table.__tablename__
    assert {item.name for item in panel.members(one.session, one.consultation)} == {""}
    assert len({item.email for item in panel.members(two.session, two.consultation)}) == 3
    last = journal.entries(one.session, one.consultation.id)[-1]
    assert (last.act, last.facts) == ("forget panel", {"experts": 3})


def test_forgetting_the_panel_takes_what_was_typed_for_the_secretariat(make_world: MakeWorld) -> None:
    """A draft keeps what was typed, also the answers that belong beside the contact."""
    base = town_library()
    asked = base.model_dump(mode="json", by_alias=True, exclude_none=True)["questionnaires"]
    asked["first-look"]["sections"][1]["questions"][1]["recipient"] = "secretariat"
    world = make_world(1, definition=reworked(base, questionnaires=asked))
    stage = world.session.scalars(select(Stage).where(Stage.key == "first-look")).one()
    for name in ("missing", "missing.other", "missing2", "visits"):
        world.session.add(
            Draft(
                consultation_id=world.consultation.id,
                stage_id=stage.id,
                name=name,
                expert_id=world.experts[0].id,
                values=["Call me, Anna"],
                revision=1,
            )
        )
    world.session.flush()
    leaving.forget_panel(world.session, world.consultation, "anna")
    assert set(world.session.scalars(select(Draft.name))) == {"missing2", "visits"}
