"""What `schema.check` finds: databases behind, ahead, of unknown origin, and drifted."""

from collections.abc import Callable
from fnmatch import fnmatchcase

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, text

from consult import schema
from consult.database import Database
from consult.errors import NotPossible
from tests.migrations.databases import NewDatabase, NextRevision, created, rows, statements


def test_a_database_behind_is_reported(database: Database, next_revision: NextRevision) -> None:
    (head,) = schema.heads()
    assert schema.check(database) == [
        f"the database is at no revision, the program at {head}: run `consult db upgrade`"
    ]
    schema.upgrade(database)
    next_revision("pass")
    assert not schema.is_at_head(database)
    assert schema.check(database) == [
        f"the database is at revision {head}, the program at next: run `consult db upgrade`"
    ]


def test_a_database_ahead_is_reported_and_left_alone(database: Database) -> None:
    schema.upgrade(database)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    sentence = "the database is at revision 9999, which this program does not know: a newer one has upgraded it"
    assert not schema.is_at_head(database)
    assert schema.check(database) == [sentence]
    with pytest.raises(NotPossible, match="9999"):
        schema.upgrade(database)


def test_tables_of_unknown_origin_are_not_built_upon(new_database: NewDatabase) -> None:
    database = created(new_database)
    with pytest.raises(NotPossible, match="account, account_link"):
        schema.upgrade(database)
    assert not schema.is_at_head(database)


def drop_trigger(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text("DROP TRIGGER tr_result_no_delete"))
    else:
        connection.execute(text("DROP TRIGGER tr_result_unchanged ON result"))


def drop_check(connection: Connection) -> None:
    with Operations(MigrationContext.configure(connection)).batch_alter_table("comment") as batch:
        batch.drop_constraint("ck_comment_withheld_why", type_="check")


def loosen_check(connection: Connection) -> None:
    with Operations(MigrationContext.configure(connection)).batch_alter_table("comment") as batch:
        batch.drop_constraint("ck_comment_kind", type_="check")
        batch.create_check_constraint("ck_comment_kind", "kind <> ''")


def drop_unique(connection: Connection) -> None:
    with Operations(MigrationContext.configure(connection)).batch_alter_table("contact") as batch:
        batch.drop_constraint("uq_contact_consultation_id_email", type_="unique")


def drop_foreign_key(connection: Connection) -> None:
    with Operations(MigrationContext.configure(connection)).batch_alter_table("note") as batch:
        batch.drop_constraint("fk_note_consultation_id_team_id", type_="foreignkey")


def change_column(connection: Connection) -> None:
    with Operations(MigrationContext.configure(connection)).batch_alter_table("draft") as batch:
        batch.alter_column("name", nullable=True)


def drop_table(connection: Connection) -> None:
    connection.execute(text("DROP TABLE draft"))


def add_table(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE spare (id INTEGER)"))


def drop_index(connection: Connection) -> None:
    connection.execute(text("DROP INDEX ix_answer_tally"))


@pytest.mark.parametrize(
    ("drift", "sentence"),
    [
        (drop_trigger, "trigger tr_result_* of result is missing"),
        (drop_check, "constraint ck_comment_withheld_why of comment is missing"),
        (loosen_check, "constraint ck_comment_kind of comment is <*> and should be <*unclear*>"),
        (drop_unique, "constraint uq_contact_consultation_id_email of contact is missing"),
        (drop_foreign_key, "constraint fk_note_consultation_id_team_id of note is missing"),
        (change_column, "column name of draft is <*(160)> and should be <*(160) NOT NULL>"),
        (drop_table, "table draft is missing"),
        (add_table, "table spare is there but unknown to this program"),
        (drop_index, "index ix_answer_tally of answer is missing"),
    ],
)
def test_drift_is_found_and_nothing_else(
    database: Database, drift: Callable[[Connection], None], sentence: str
) -> None:
    schema.upgrade(database)
    with database.engine.begin() as connection:
        drift(connection)
    found = schema.check(database)
    assert [fnmatchcase(line, sentence) for line in found] == [True], found
    assert schema.is_at_head(database)


@pytest.mark.parametrize("new_database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    ("drift", "sentence"),
    [
        ("ALTER TABLE result DISABLE TRIGGER tr_result_unchanged", "not always enabled"),
        (
            "CREATE OR REPLACE FUNCTION consult_refuse_change() RETURNS trigger"
            " LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "RETURN NEW",
        ),
    ],
)
def test_a_trigger_made_idle_is_found(database: Database, drift: str, sentence: str) -> None:
    schema.upgrade(database)
    with database.engine.begin() as connection:
        connection.execute(text(drift))
    found = schema.check(database)
    assert found and all(sentence in line for line in found)


def test_check_leaves_no_trace(filled: Database) -> None:
    before = rows(filled), statements(filled)
    assert schema.check(filled) == []
    assert (rows(filled), statements(filled)) == before
