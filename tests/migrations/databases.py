"""What the tests of migrations do to a database, and what they read from it."""

import json
import re
from collections.abc import Callable
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, inspect, text

from consult import catalogue, schema
from consult.database import Database
from consult.models import Base
from tests.migrations.generated import FILL
from tests.sources import ROOT

NewDatabase = Callable[[], Database]
NextRevision = Callable[[str], None]
Row = dict[str, object]
Rows = dict[str, list[Row]]

# Written out, so that neither the models nor a migration can shorten them unnoticed.
IMMUTABLE = {*("definition", "registration", "result", "release", "population", "frozen_rows", "journal")}
INSERT_ONLY = {"submission", "answer", "consent", "shown", "measure_fate", "deviation"}


def revisions() -> list[str]:
    """All revisions of the checkout, oldest first."""
    scripts = ScriptDirectory(str(ROOT / "migrations")).walk_revisions()
    return [script.revision for script in scripts][::-1]


def upgrade_to(database: Database, revision: str) -> None:
    with schema.migrating(database) as config:
        command.upgrade(config, revision)


def downgrade_to(database: Database, revision: str) -> None:
    with schema.migrating(database) as config:
        command.downgrade(config, revision)


def fill(database: Database, revision: str) -> None:
    """Put in what a live database holds at this revision; the tables are read from it."""
    with database.writing() as session:
        tables = MetaData()
        tables.reflect(session.connection())

        def put(table: str, **values: object) -> int:
            added = session.connection().execute(tables.tables[table].insert(), values)
            key = added.inserted_primary_key
            assert key is not None
            return int(key[0])

        FILL[revision](put)


def rows(database: Database) -> Rows:
    with database.engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        return {
            table.name: [
                dict(row) for row in connection.execute(table.select().order_by(*table.primary_key)).mappings()
            ]
            for table in tables.sorted_tables
            if table.name != schema.VERSIONS
        }


def lost(before: Rows, after: Rows) -> list[tuple[str, Row]]:
    """Rows that are no longer there as they were, looking at the columns of both times."""
    missing: list[tuple[str, Row]] = []
    for table, old in before.items():
        new = after.get(table, [])
        columns = old[0].keys() & new[0].keys() if old and new else set()
        there = [{name: row[name] for name in columns} for row in new]
        missing += [(table, row) for row in old if {name: row[name] for name in columns} not in there]
    return missing


def read(database: Database) -> catalogue.Catalogue:
    with database.engine.connect() as connection:
        found = catalogue.read(connection)
    return {part: words for part, words in found.items() if part.table != schema.VERSIONS}


def inspected(database: Database) -> dict[str, object]:
    """What SQLAlchemy's own inspection says, told apart from `consult.catalogue`."""
    with database.engine.connect() as connection:
        inspector = inspect(connection)
        return {
            table: {
                "columns": {
                    column["name"]: (repr(column["type"]), column["nullable"], column["default"])
                    for column in inspector.get_columns(table)
                },
                "primary key": inspector.get_pk_constraint(table),
                "uniques": by_name(inspector.get_unique_constraints(table)),
                "foreign keys": by_name(inspector.get_foreign_keys(table)),
                "checks": by_name(inspector.get_check_constraints(table)),
                "indexes": by_name(inspector.get_indexes(table)),
            }
            for table in inspector.get_table_names()
            if table != schema.VERSIONS
        }


def by_name(constraints: list[Any]) -> dict[str, str]:
    return {each["name"]: json.dumps(each, default=str, sort_keys=True) for each in constraints}


ADDED = re.compile(r", (\w+ TEXT\b)")
QUOTED = re.compile(r'^(CREATE TABLE |CREATE INDEX \w+ ON )"(\w+)"')


def statements(database: Database) -> list[str]:
    """The database's own text of everything, unsorted things sorted and spaces evened out."""
    queries = {
        "sqlite": ["SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"],
        "postgresql": [
            "SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
            "SELECT concat_ws(' ', table_name, column_name, data_type, character_maximum_length,"
            " is_nullable, column_default) FROM information_schema.columns"
            " WHERE table_schema = 'public'",
        ],
    }[database.engine.dialect.name]
    with database.engine.connect() as connection:
        found = [sql for query in queries for sql in connection.execute(text(query)).scalars()]
    return sorted(pieces(sql) for sql in found if schema.VERSIONS not in sql)


def pieces(sql: str) -> str:
    """A statement with its lines in order of the alphabet: constraints may stand in any order.

    SQLite writes a column that was added later on the line of the one before, and the name of a
    table made anew in quotes.
    """
    sql = QUOTED.sub(r"\1\2", ADDED.sub(r"\n\1", sql))
    return " ".join(sorted(" ".join(line.split()).strip(", ") for line in sql.splitlines()))


def created(new_database: NewDatabase) -> Database:
    database = new_database()
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
    return database
