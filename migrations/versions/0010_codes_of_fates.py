"""What the program notes of a measure's fate becomes a code with facts; a reason is a person's.

Reasons that were written by the program are turned into codes where they are, to the letter,
what it wrote; anything else stays as it stands. What was released stays for ever.
"""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

OPENING, ENDING = "goes into ", ", stable"
VERDICTS = ("in", "out", "none", "not_judged")
EITHER = "code IS NOT NULL OR reason IS NOT NULL AND length(reason) > 0"
FATE = sa.table(
    "measure_fate",
    sa.column("id", sa.BigInteger),
    sa.column("fate", sa.String),
    sa.column("reason", sa.String),
    sa.column("code", sa.String),
    sa.column("facts", sa.Text),
)


def upgrade() -> None:
    _unguard()
    op.add_column("measure_fate", sa.Column("code", sa.String(40), nullable=True))
    op.add_column("measure_fate", sa.Column("facts", sa.Text(), nullable=True))
    op.execute(FATE.update().values(facts="{}"))
    with op.batch_alter_table("measure_fate") as batch:
        batch.drop_constraint(op.f("ck_measure_fate_has_reason"), type_="check")
        batch.alter_column("reason", existing_type=sa.String(), nullable=True)
        batch.alter_column("facts", existing_type=sa.Text(), nullable=False)
        batch.create_check_constraint(op.f("ck_measure_fate_has_code_or_reason"), EITHER)
    for row, fate, reason in _rows(FATE.c.fate, FATE.c.reason):
        found = _noted(fate, reason)
        if found is not None:
            code, facts = found
            _set(row, code=code, facts=_written(facts), reason=None)
    _guard()


def downgrade() -> None:
    _unguard()
    for row, code, facts in _rows(FATE.c.code, FATE.c.facts):
        if code is not None:
            _set(row, reason=_prose(code, json.loads(facts)))
    with op.batch_alter_table("measure_fate") as batch:
        batch.drop_constraint(op.f("ck_measure_fate_has_code_or_reason"), type_="check")
        batch.alter_column("reason", existing_type=sa.String(), nullable=False)
        batch.drop_column("facts")
        batch.drop_column("code")
        batch.create_check_constraint(op.f("ck_measure_fate_has_reason"), "length(reason) > 0")
    _guard()


def _rows(*columns: sa.ColumnClause[Any]) -> list[tuple[int, str | None, str | None]]:
    found = op.get_bind().execute(sa.select(FATE.c.id, *columns).order_by(FATE.c.id))
    return [(row[0], row[1], row[2]) for row in found]


def _set(row: int, **values: str | None) -> None:
    op.get_bind().execute(FATE.update().where(FATE.c.id == row).values(**values))


def _noted(fate: str | None, reason: str | None) -> tuple[str, dict[str, Any]] | None:
    """Code and facts of a reason that the program wrote; None for one that a person gave."""
    words = reason or ""
    if fate == "carried" and words.startswith(OPENING) and " " not in words[len(OPENING) :]:
        return "goes_into", {"stage": words[len(OPENING) :]}
    if fate != "settled":
        return None
    verdicts = []
    for part in words.split("; "):
        name, _, verdict = part.removesuffix(ENDING).partition(": ")
        if not part.endswith(ENDING) or not name or " " in name or verdict not in VERDICTS:
            return None
        verdicts.append([name, verdict])
    return "stable_verdicts", {"verdicts": verdicts}


def _prose(code: str, facts: Mapping[str, Any]) -> str:
    """The reason as it was written before."""
    if code == "goes_into":
        return f"{OPENING}{facts['stage']}"
    return "; ".join(f"{name}: {verdict}{ENDING}" for name, verdict in facts["verdicts"])


def _written(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _unguard() -> None:
    """Let rows be changed; SQLite has a trigger for it, PostgreSQL one that is switched off."""
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE measure_fate DISABLE TRIGGER tr_measure_fate_unchanged")
    else:
        op.execute("DROP TRIGGER tr_measure_fate_no_update")


def _guard() -> None:
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE measure_fate ENABLE TRIGGER tr_measure_fate_unchanged")
    else:
        op.execute(
            "CREATE TRIGGER tr_measure_fate_no_update BEFORE UPDATE ON measure_fate "
            "BEGIN SELECT RAISE(ABORT, 'measure_fate rows cannot be changed'); END"
        )
