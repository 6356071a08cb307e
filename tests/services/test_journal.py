"""The journal is a chain: what was recorded cannot change without a trace."""

import threading
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from consult.database import Database
from consult.models import JournalEntry
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Entries, Entry
from consult.services import journal
from consult.services.staff import accounts
from tests.services.conftest import MakeWorld, World


def unguard(session: Session) -> None:
    """What somebody with full access to the database can do: take the triggers away."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("DROP TRIGGER tr_journal_no_update"))
        session.execute(text("DROP TRIGGER tr_journal_no_delete"))
    else:
        session.execute(text("DROP TRIGGER tr_journal_unchanged ON journal"))


def record_five(world: World) -> list[JournalEntry]:
    for number in range(5):
        journal.record(world.session, world.consultation.id, "anna", "act", number=number)
    return journal.entries(world.session, world.consultation.id)


def test_entries_are_numbered_and_chained(world: World) -> None:
    entries = record_five(world)
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[0].previous_hash == journal.START
    for before, after in pairwise(entries):
        assert after.previous_hash == before.hash
    assert journal.verify(world.session, world.consultation.id) == []


def test_the_chain_holds_after_a_round_trip_through_the_database(world: World, database: Database) -> None:
    facts: dict[str, Any] = {"text": "Zoë, Ølgod, Юрий", "list": (1, 2.5, None), "nested": {10: "a", 9: "b"}}
    journal.record(world.session, world.consultation.id, "anna", "act", **facts)
    world.session.commit()
    with database.reading() as session:
        assert journal.verify(session, world.consultation.id) == []
        assert journal.entries(session, world.consultation.id)[-1].facts["list"] == [1, 2.5, None]


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'eve'",
        "act = 'nothing'",
        "facts = '[]'",
        "at = '2026-01-01 00:00:00.000000+00:00'",
        "hash = '" + "f" * 64 + "'",
        "previous_hash = '" + "f" * 64 + "'",
    ],
)
def test_a_changed_entry_breaks_the_chain(world: World, change: str) -> None:
    entries = record_five(world)
    unguard(world.session)
    if world.session.get_bind().dialect.name == "sqlite":
        change = change.replace("+00:00", "")
    world.session.execute(text(f"UPDATE journal SET {change} WHERE id = :key"), {"key": entries[2].id})
    world.session.expire_all()
    breaks = journal.verify(world.session, world.consultation.id)
    assert breaks
    assert {found.facts for found in breaks} <= {Entry(3), Entry(4)}


def test_a_missing_entry_breaks_the_chain(world: World) -> None:
    entries = record_five(world)
    unguard(world.session)
    world.session.execute(text("DELETE FROM journal WHERE id = :key"), {"key": entries[2].id})
    world.session.expire_all()
    assert journal.verify(world.session, world.consultation.id) == [Refusal(Code.ENTRIES_ARE_MISSING, Entries(2, 4))]


@pytest.mark.parametrize("act", ["UPDATE journal SET act = 'x'", "DELETE FROM journal"])
def test_the_database_refuses_to_change_an_entry(world: World, act: str) -> None:
    with pytest.raises(DatabaseError, match="cannot be changed"):
        world.session.execute(text(act))


@pytest.mark.parametrize("fact", sorted(journal.PRIVATE))
def test_private_facts_are_refused(world: World, fact: str) -> None:
    with pytest.raises(ValueError, match=fact):
        journal.record(world.session, world.consultation.id, "anna", "act", **{fact: "x"})


def test_consultations_have_chains_of_their_own(make_world: MakeWorld) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    journal.record(one.session, one.consultation.id, "anna", "only here")
    acts = [entry.act for entry in journal.entries(two.session, two.consultation.id)]
    assert "only here" not in acts
    assert journal.verify(two.session, two.consultation.id) == []


def test_entries_written_at_once_still_make_one_chain(world: World, database: Database) -> None:
    world.session.commit()
    key = world.consultation.id
    start = threading.Barrier(4)

    def write(name: str) -> None:
        start.wait()
        for number in range(5):
            with database.writing() as session:
                journal.record(session, key, name, "act", number=number)

    writers = [threading.Thread(target=write, args=(f"writer {n}",)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    with database.reading() as session:
        acts = [entry.act for entry in journal.entries(session, key)]
        assert acts.count("act") == 20
        assert journal.verify(session, key) == []


def test_an_account_is_named_by_its_address_also_in_entries_that_hold_a_number(world: World) -> None:
    account = accounts.add(world.session, "anna@example.org", "Anna", None)
    world.session.flush()
    entry = journal.record(world.session, world.consultation.id, "t", "grant role", account=account.id, role="analyst")
    shown = journal.facts_of(world.session, entry)
    assert shown == {"account": "anna@example.org", "role": "analyst"}
    assert entry.facts["account"] == account.id, "what is chained stays as it was"
    assert journal.verify(world.session, world.consultation.id) == []
