"""What the tables at head refuse: changes of the past, links across consultations."""

from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from consult import catalogue
from consult.database import Database
from tests.migrations.databases import IMMUTABLE, INSERT_ONLY, rows


def refuses(database: Database, statement: str) -> bool:
    """Whether a trigger refuses it; nothing of it stays in any case."""
    with database.engine.connect() as connection:
        try:
            connection.execute(text(statement))
        except DBAPIError as error:
            if "cannot be changed" in str(error.orig):
                return True
            raise
    return False


def test_the_past_cannot_be_changed(filled: Database) -> None:
    refused = {
        table
        for table, found in rows(filled).items()
        if refuses(filled, "UPDATE {0} SET {1} = {1}".format(table, next(iter(found[0]))))
    }
    assert refused == IMMUTABLE | INSERT_ONLY


def test_the_past_cannot_be_deleted(filled: Database) -> None:
    assert {table for table in IMMUTABLE if refuses(filled, f"DELETE FROM {table}")} == IMMUTABLE


def test_erasure_can_delete_what_is_insert_only(filled: Database) -> None:
    children = ["answer", "change_note", "comment"]
    with filled.writing() as session:
        for table in children + sorted(INSERT_ONLY - {"answer"}):
            session.execute(text(f"DELETE FROM {table}"))
    after = rows(filled)
    assert [table for table in INSERT_ONLY if after[table]] == []


def test_every_link_names_the_consultation(filled: Database) -> None:
    with filled.engine.connect() as connection:
        links = inspect(connection).get_multi_foreign_keys()
        columns = inspect(connection).get_multi_columns()
    children = {
        table for (_, table), found in columns.items() if any(column["name"] == "consultation_id" for column in found)
    }
    loose = [
        (table, link["constrained_columns"])
        for (_, table), found in links.items()
        for link in found
        if link["referred_table"] in children
        and ("consultation_id" not in link["constrained_columns"] or "consultation_id" not in link["referred_columns"])
    ]
    assert loose == []


def test_a_link_across_consultations_is_refused(filled: Database) -> None:
    links = list(cross_links(filled))
    assert len(links) > 25
    assert [link for link in links if not refuses_link(filled, *link)] == []


def cross_links(database: Database) -> Iterator[tuple[str, str, str]]:
    """Child, column and parent of every foreign key on (consultation, parent)."""
    with database.engine.connect() as connection:
        for (_, table), found in inspect(connection).get_multi_foreign_keys().items():
            for link in found:
                if len(link["constrained_columns"]) == 2:
                    assert link["constrained_columns"][0] == "consultation_id"
                    yield table, link["constrained_columns"][1], link["referred_table"]


def refuses_link(database: Database, child: str, column: str, parent: str) -> bool:
    """Point a row of one consultation to a row of another, its triggers put aside."""
    row = {"sqlite": "rowid", "postgresql": "ctid"}[database.engine.dialect.name]
    with database.engine.connect() as connection:
        for part in catalogue.read(connection):
            if part.table == child and part.kind == "trigger":
                on = f" ON {child}" if row == "ctid" else ""
                connection.execute(text(f"DROP TRIGGER {part.name}{on}"))
        move = (
            f"UPDATE {child} SET {column} = (SELECT id FROM {parent} WHERE consultation_id = :to"
            f" ORDER BY id IN (SELECT {column} FROM {child}) LIMIT 1)"
            f" WHERE {row} = (SELECT {row} FROM {child}"
            f" WHERE consultation_id = :here AND {column} IS NOT NULL LIMIT 1)"
        )
        first = f"SELECT min(consultation_id) FROM {child} WHERE {column} IS NOT NULL"
        here = connection.scalar(text(first))
        other = f"SELECT min(consultation_id) FROM {parent} WHERE consultation_id <> :here"
        there = connection.scalar(text(other), {"here": here})
        assert there is not None
        assert connection.execute(text(move), {"here": here, "to": here}).rowcount == 1
        with pytest.raises(IntegrityError) as refusal:
            connection.execute(text(move), {"here": here, "to": there})
        told = refusal.value.orig  # PostgreSQL says it by its kind: words could hold values
        return "foreign" in f"{type(told).__name__} {told}".lower()
