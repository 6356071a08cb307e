"""Triggers that refuse to change the past: part of the schema, made with it."""

from sqlalchemy import DDL, Table, event

from consult.models.base import Base

IMMUTABLE = (*("definition", "registration", "result", "release", "population", "frozen_rows"), "journal")
"""Tables whose rows are never updated and never deleted."""
INSERT_ONLY = ("submission", "answer", "consent", "shown", "measure_fate", "deviation")
"""Tables whose rows are never updated; only the erasure service deletes them."""


def sqlite_triggers(table: str, *, deletes: bool) -> list[str]:
    """The statements that guard one table on SQLite."""
    acts = ("UPDATE", "DELETE") if deletes else ("UPDATE",)
    return [
        f"CREATE TRIGGER tr_{table}_no_{act.lower()} BEFORE {act} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} rows cannot be changed'); END"
        for act in acts
    ]


POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION consult_refuse_change() RETURNS trigger AS $$ "
    "BEGIN RAISE EXCEPTION '% rows cannot be changed', TG_TABLE_NAME; END $$ LANGUAGE plpgsql"
)


def postgresql_triggers(table: str, *, deletes: bool) -> list[str]:
    """The statements that guard one table on PostgreSQL."""
    acts = "UPDATE OR DELETE" if deletes else "UPDATE"
    return [
        POSTGRESQL_FUNCTION,
        f"CREATE TRIGGER tr_{table}_unchanged BEFORE {acts} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION consult_refuse_change()",
    ]


def _guard(table: Table, *, deletes: bool) -> None:
    for statement in sqlite_triggers(table.name, deletes=deletes):
        event.listen(table, "after_create", DDL(statement).execute_if(dialect="sqlite"))
    for statement in postgresql_triggers(table.name, deletes=deletes):
        plain = DDL(statement.replace("%", "%%")).execute_if(dialect="postgresql")
        event.listen(table, "after_create", plain)


def install() -> None:
    """Attach the triggers to the tables' creation."""
    for name in IMMUTABLE:
        _guard(Base.metadata.tables[name], deletes=True)
    for name in INSERT_ONLY:
        _guard(Base.metadata.tables[name], deletes=False)
