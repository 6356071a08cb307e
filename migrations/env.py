"""Run by Alembic for each of its commands; `consult.schema` hands in an open transaction."""

import re
from collections.abc import Collection, Mapping
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection, event

from consult.models import Base
from consult.models.base import JsonText, UtcDateTime

DROPPED = re.compile(r'DROP TABLE "?(\w+)"?')
RENAMED = re.compile(r'ALTER TABLE "?_alembic_tmp_(\w+)"? RENAME TO')
TRIGGERS = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? ORDER BY name"


def keep_triggers(connection: Connection) -> None:
    """Put triggers back when a batch operation replaces a table on SQLite.

    They go with the table that is dropped, and Alembic does not know of them.
    """
    kept: dict[str, list[str]] = {}

    @event.listens_for(connection, "before_cursor_execute")
    def remember(connection: Connection, cursor: Any, statement: str, *rest: object) -> None:
        if found := DROPPED.match(statement.strip()):
            kept[found[1]] = [sql for (sql,) in cursor.execute(TRIGGERS, (found[1],)).fetchall()]

    @event.listens_for(connection, "after_cursor_execute")
    def put_back(connection: Connection, cursor: Any, statement: str, *rest: object) -> None:
        if found := RENAMED.match(statement.strip()):
            for sql in kept.pop(found[1], []):
                cursor.execute(sql)


def note_applied(
    ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]
) -> None:
    """Tell `consult.schema` which revisions an upgrade went through (Alembic gives names)."""
    if step.is_upgrade and step.up_revision_id:
        context.config.attributes["applied"].append(step.up_revision_id)


def number(migration: MigrationContext, revision: object, directives: list[MigrationScript]) -> None:
    """Number a new revision after the newest: 0002 follows 0001."""
    head = context.script.get_current_head()
    directives[0].rev_id = f"{int(head or 0) + 1:04}"


def render_type(kind: str, item: Any, generator: AutogenContext) -> str | Literal[False]:
    """Write the column types of the models as plain types: a version never imports the models."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JsonText):
        return "sa.Text()"
    return False


connection: Connection = context.config.attributes["connection"]
if connection.dialect.name == "sqlite":
    keep_triggers(connection)
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=render_type,
    on_version_apply=note_applied,
    process_revision_directives=number,
)
with context.begin_transaction():
    context.run_migrations()
