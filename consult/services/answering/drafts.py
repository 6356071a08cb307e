"""What one expert has typed at one stage, value by value, as it is stored."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, SessionTransaction

from consult.models import Draft, Expert, Stage


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


def _upsert(dialect: type[sqlite.Insert] | type[postgresql.Insert]) -> sqlite.Insert | postgresql.Insert:
    new = dialect(Draft)
    changed = {name: new.excluded[name] for name in ("values", "revision", "is_sent")}
    return new.on_conflict_do_update(index_elements=[Draft.stage_id, Draft.expert_id, Draft.name], set_=changed)


_WRITE = {"sqlite": _upsert(sqlite.Insert), "postgresql": _upsert(postgresql.Insert)}


def read_drafts(session: Session, expert: Expert, stage: Stage) -> dict[str, DraftValue]:
    """Everything typed, by name of input."""
    asked = {"consultation": stage.consultation_id, "stage": stage.id, "expert": expert.id}
    return {name: DraftValue(*stored) for name, *stored in session.execute(_READ, asked)}


def write_drafts(session: Session, expert: Expert, stage: Stage, changed: Mapping[str, DraftValue]) -> None:
    """Store values, new ones and changed ones, in one statement however many there are."""
    if changed:
        whose = {"consultation_id": stage.consultation_id, "stage_id": stage.id, "expert_id": expert.id}
        rows = [{**whose, "name": name, **one._asdict()} for name, one in changed.items()]
        session.execute(_WRITE[session.get_bind().dialect.name], rows)
        session.info["drafts_written"] = session.info.get("drafts_written", 0) + 1


Moment = tuple[SessionTransaction | None, int]


def moment(session: Session) -> Moment:
    """A moment of this session between two writings: what was read in it still stands."""
    return session.get_transaction(), session.info.get("drafts_written", 0)


def only_writer(session: Session) -> bool:
    """Whether nobody else can write while this transaction lasts: one that writes to SQLite."""
    return bool(session.info.get("writes")) and session.get_bind().dialect.name == "sqlite"
