"""The journal: what was done in a consultation, each entry chained to the one before."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.canonical import digest
from consult.clock import utc_now
from consult.models import Account, Consultation, JournalEntry
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Entries, Entry

Fact = str | int | float | None | Sequence[str] | Mapping[str, str | int]
"""What an entry may say: words, numbers and truths, alone or several."""
START = "0" * 64
"""What stands in the first entry for the hash of the one before."""
PRIVATE = frozenset({"name", "email", "token", "link", "password", "answer", "pseudonym"})
"""Facts the journal never takes: it outlives erasure."""


def record(session: Session, consultation_id: int, actor: str, act: str, **facts: Fact) -> JournalEntry:
    """Append an entry. Facts are JSON values, without anything that names or betrays a person.

    The consultation's row is locked until the transaction ends, so that entries get consecutive
    numbers also when two are written at once. Raises ValueError for a private fact.
    """
    private = PRIVATE.intersection(facts)
    if private:
        raise ValueError(f"the journal takes no {', '.join(sorted(private))}")
    lock(session, consultation_id)
    last = session.execute(
        select(JournalEntry.number, JournalEntry.hash)
        .where(JournalEntry.consultation_id == consultation_id)
        .order_by(JournalEntry.number.desc())
        .limit(1)
    ).one_or_none()
    number, previous = (last.number + 1, last.hash) if last else (1, START)
    stored: dict[str, Fact] = json.loads(json.dumps(facts))
    now = utc_now()
    entry = JournalEntry(
        consultation_id=consultation_id,
        number=number,
        at=now,
        actor=actor,
        act=act,
        facts=stored,
        previous_hash=previous,
        hash=_hash(consultation_id, number, now, actor, act, stored, previous),
    )
    session.add(entry)
    session.flush()
    return entry


def lock(session: Session, consultation_id: int) -> None:
    """Let other writers of this consultation's panel and journal wait for this transaction.

    On PostgreSQL a row lock that foreign keys do not collide with; on SQLite a writing
    transaction is alone anyway.
    """
    session.execute(select(Consultation.id).where(Consultation.id == consultation_id).with_for_update(key_share=True))


def entries(session: Session, consultation_id: int) -> list[JournalEntry]:
    """All entries of a consultation, the oldest first."""
    return list(
        session.scalars(
            select(JournalEntry).where(JournalEntry.consultation_id == consultation_id).order_by(JournalEntry.number)
        )
    )


def facts_of(session: Session, entry: JournalEntry) -> Mapping[str, Fact]:
    """What an entry says, as it is shown: older ones name an account by its row's number."""
    number = entry.facts.get("account")
    if not isinstance(number, int):
        return entry.facts
    email = session.scalar(select(Account.email).where(Account.id == number))
    return {**entry.facts, "account": email}


def verify(session: Session, consultation_id: int) -> list[Refusal]:
    """Every break in the chain; an empty list when it holds.

    A chain cannot show that its newest entries were cut off: keep the last hash elsewhere.
    """
    breaks: list[Refusal] = []
    number, previous = 0, START
    for entry in entries(session, consultation_id):
        if entry.number != number + 1:
            gap = Entries(number, entry.number)
            breaks.append(Refusal(Code.ENTRIES_ARE_MISSING, gap))
        elif entry.previous_hash != previous:
            breaks.append(Refusal(Code.ENTRY_DOES_NOT_FOLLOW, Entry(entry.number)))
        expected = _hash(
            entry.consultation_id, entry.number, entry.at, entry.actor, entry.act, entry.facts, entry.previous_hash
        )
        if entry.hash != expected:
            breaks.append(Refusal(Code.ENTRY_WAS_CHANGED, Entry(entry.number)))
        number, previous = entry.number, entry.hash
    return breaks


def _hash(
    consultation_id: int, number: int, at: datetime, actor: str, act: str, facts: Mapping[str, Fact], previous: str
) -> str:
    """SHA-256 over the canonical JSON of everything an entry says, 64 hex digits."""
    content = [consultation_id, number, at.isoformat(), actor, act, facts, previous]
    return digest(content)
