"""What one expert has typed at one stage, value by value, as it is stored."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, SessionTransaction

from consult.models import Draft, Expert, Stage
from consult.models.upserts import Insert, Upsert


class DraftValue(NamedTuple):
    """One value being typed, with its revision; `is_sent`: its page was pressed on from."""

    values: list[str]
    revision: int
    is_sent: bool


_READ = select(Draft.name, Draft.values, Draft.revision, Draft.is_sent).where(
    Draft.consultation_id == bindparam("consultation"),
    Draft.stage_id == bindparam("stage"),
    Draft.expert_id == bindparam("expert"),
)


def _changing(new: Insert) -> Insert:
    changed = {name: new.excluded[name] for name in ("values", "revision", "is_sent")}
    return new.on_conflict_do_update(index_elements=[Draft.stage_id, Draft.expert_id, Draft.name], set_=changed)


_WRITE = Upsert(Draft, _changing)


def read_drafts(session: Session, expert: Expert, stage: Stage) -> dict[str, DraftValue]:
    """Everything typed, by name of input."""
    asked = {"consultation": stage.consultation_id, "stage": stage.id, "expert": expert.id}
    return {name: DraftValue(*stored) for name, *stored in session.execute(_READ, asked)}


def write_drafts(session: Session, expert: Expert, stage: Stage, changed: Mapping[str, DraftValue]) -> None:
    """Store values, new ones and changed ones, in one statement however many there are."""
    if changed:
        whose = {"consultation_id": stage.consultation_id, "stage_id": stage.id, "expert_id": expert.id}
        rows = [{**whose, "name": name, **one._asdict()} for name, one in changed.items()]
        session.execute(_WRITE.of(session), rows)
        session.info["drafts_written"] = session.info.get("drafts_written", 0) + 1


Snapshot = tuple[SessionTransaction | None, int]


def snapshot(session: Session) -> Snapshot:
    """The transaction, and how often a draft was written in this session: while both stay, what was read stands."""
    return session.get_transaction(), session.info.get("drafts_written", 0)


def only_writer(session: Session) -> bool:
    """Whether nobody else can write while this transaction lasts: one that writes to SQLite."""
    return bool(session.info.get("writes")) and session.get_bind().dialect.name == "sqlite"
