"""Where migrations lead, and what they keep, on SQLite and on PostgreSQL."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from consult import catalogue, schema
from consult.database import Database
from consult.errors import NotPossible
from consult.models import Base
from tests.migrations.databases import (
    IMMUTABLE,
    INSERT_ONLY,
    NewDatabase,
    NextRevision,
    created,
    downgrade_to,
    fill,
    inspected,
    lost,
    read,
    revisions,
    rows,
    statements,
    upgrade_to,
)
from tests.migrations.generated import BEGIN, FILL

# Where migrations lead


def test_upgrade_brings_an_empty_database_to_head_and_then_does_nothing(database: Database) -> None:
    assert not schema.is_at_head(database)
    assert schema.upgrade(database) == revisions()
    assert schema.is_at_head(database)
    before = statements(database)
    assert schema.upgrade(database) == []
    assert statements(database) == before
    assert schema.check(database) == []


def test_head_equals_the_models(new_database: NewDatabase, database: Database) -> None:
    schema.upgrade(database)
    models = created(new_database)
    assert catalogue.differences(read(models), read(database)) == []
    assert inspected(database) == inspected(models)
    assert statements(database) == statements(models)
    with database.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_the_catalogue_tells_of_everything(database: Database) -> None:
    """A reader that overlooks things would find everything equal."""
    schema.upgrade(database)
    found = read(database)
    tables = Base.metadata.tables.values()
    kinds = {
        "table": {(table.name, table.name) for table in tables},
        "column": {(table.name, column.name) for table in tables for column in table.columns},
        "constraint": {(table.name, item.name) for table in tables for item in table.constraints},
        "index": {(table.name, index.name) for table in tables for index in table.indexes},
    }
    for kind, expected in kinds.items():
        assert {(part.table, part.name) for part in found if part.kind == kind} == expected
    assert {part.table for part in found if part.kind == "trigger"} == IMMUTABLE | INSERT_ONLY


def test_one_line_of_revisions() -> None:
    assert schema.heads() == (revisions()[-1],)
    assert revisions() == sorted(revisions())


def test_down_to_base_leaves_nothing_and_up_again_the_same(database: Database) -> None:
    schema.upgrade(database)
    before = read(database), statements(database)
    downgrade_to(database, "base")
    assert (read(database), statements(database)) == ({}, [])
    schema.upgrade(database)
    assert (read(database), statements(database)) == before


# What they keep


def test_generated_data_survives_every_version(database: Database) -> None:
    assert list(FILL) == revisions()
    for revision in revisions():
        before = rows(database)
        upgrade_to(database, revision)
        assert lost(before, rows(database)) == []
        fill(database, revision)
        assert [table for table, found in rows(database).items() if not found] == []
    assert schema.check(database) == []


REBUILD = """
with op.batch_alter_table("result", recreate="auto") as batch:
    batch.add_column(sa.Column("remark", sa.Text()))
    batch.alter_column("analysis_version", type_=sa.String(30))
with op.batch_alter_table("stage") as batch:
    batch.drop_constraint(op.f("ck_stage_closes_after_opening"), type_="check")
op.execute("UPDATE consultation SET zone = 'Europe/Vilnius'")
"""


def test_tables_rebuilt_under_live_data_keep_rows_links_and_triggers(
    filled: Database, next_revision: NextRevision
) -> None:
    before, parts = rows(filled), read(filled)
    next_revision(REBUILD)
    assert schema.upgrade(filled) == ["next"]
    changed = {table for table, row in lost(before, rows(filled))}
    assert changed == {"consultation"}
    width, remark, check = catalogue.differences(parts, read(filled))
    assert width.startswith("column analysis_version of result is")
    assert remark == "column remark of result is there but unknown to this program"
    assert check == "constraint ck_stage_closes_after_opening of stage is missing"
    with filled.engine.begin() as connection, pytest.raises(DBAPIError, match="cannot be changed"):
        connection.execute(text("DELETE FROM result"))


def test_a_failing_migration_changes_nothing(filled: Database, next_revision: NextRevision) -> None:
    before = rows(filled), statements(filled)
    (head,) = schema.heads()
    next_revision(REBUILD + "op.create_table('half', sa.Column('id', sa.Integer))\n1 / 0")
    with pytest.raises(ZeroDivisionError):
        schema.upgrade(filled)
    assert (rows(filled), statements(filled)) == before
    assert schema.check(filled) == [
        f"the database is at revision {head}, the program at next: run `consult db upgrade`"
    ]


def test_a_migration_cannot_leave_rows_pointing_nowhere(filled: Database, next_revision: NextRevision) -> None:
    before = rows(filled)
    next_revision("op.execute('DELETE FROM consultation')")
    with pytest.raises((NotPossible, IntegrityError)):
        schema.upgrade(filled)
    assert rows(filled) == before


def test_foreign_keys_are_on_again_after_an_upgrade(database: Database) -> None:
    schema.upgrade(database)
    with database.writing() as session, pytest.raises(IntegrityError):
        session.execute(text("INSERT INTO team (consultation_id, key, label) VALUES (7, 'team-1', '{}')"))


def test_a_revision_drafted_from_the_models_is_numbered_and_runs(
    database: Database, next_revision: NextRevision, tmp_path: Path
) -> None:
    """The template, its numbering, and plain types instead of the models' own."""
    next_revision("pass")
    versions = tmp_path / "migrations" / "versions"
    (versions / "next.py").unlink()
    upgrade_to(database, "head")
    with database.engine.begin() as connection:
        for table in ("note", "draft"):
            connection.execute(text(f"DROP TABLE {table}"))
    with schema.migrating(database) as config:
        command.revision(config, "notes again", autogenerate=True)
    number = f"{int(revisions()[-1]) + 1:04}"
    drafted = (versions / f"{number}_notes_again.py").read_text(encoding="utf-8")
    assert "consult" not in drafted.replace("consultation", "")
    assert "sa.DateTime(timezone=True)" in drafted
    assert schema.upgrade(database) == [number]
    assert schema.check(database) == []


def test_links_made_before_they_had_ends_get_one(database: Database) -> None:
    """30 days past the last close of their consultation; where no stage is known, 60 days."""
    upgrade_to(database, "0001")
    fill(database, "0001")
    with database.writing() as session:
        bare = session.execute(
            text(
                "INSERT INTO consultation (slug, zone, schedule, created_at)"
                " SELECT 'no-stages', zone, schedule, created_at FROM consultation"
                " WHERE slug = 'inquiry-1' RETURNING id"
            )
        ).scalar_one()
        expert = session.execute(
            text(
                "INSERT INTO expert (consultation_id, code, pseudonym, language, attributes)"
                " VALUES (:held, 'E01', 'p-1', 'en', '{}') RETURNING id"
            ),
            {"held": bare},
        ).scalar_one()
        session.execute(
            text(
                "INSERT INTO invitation (consultation_id, expert_id, token_hash, created_at)"
                " SELECT :held, :expert, 'z', created_at FROM consultation WHERE id = :held"
            ),
            {"held": bare, "expert": expert},
        )
    upgrade_to(database, "0007")
    found = rows(database)
    closes: dict[object, datetime] = {}
    for stage in found["stage"]:
        moment = stage["closes_at"]
        assert isinstance(moment, datetime)
        held = stage["consultation_id"]
        closes[held] = max(moment, closes.get(held, moment))
    ends = set()
    for link in found["invitation"]:
        held, made, end = link["consultation_id"], link["created_at"], link["expires_at"]
        assert isinstance(made, datetime) and link["purpose"] == "invitation"
        ends.add(held in closes)
        assert end == (closes[held] + timedelta(days=30) if held in closes else made + timedelta(days=60))
    assert ends == {True, False}


WROTE = {
    ("carried", "goes into round-2"): ("goes_into", {"stage": "round-2"}),
    ("settled", "use-fulness: in, stable"): ("stable_verdicts", {"verdicts": [["use-fulness", "in"]]}),
    ("settled", "importance: in, stable; in-time: not_judged, stable"): (
        "stable_verdicts",
        {"verdicts": [["importance", "in"], ["in-time", "not_judged"]]},
    ),
}
"""Reasons as the program wrote them, and what becomes of them."""
SAID = (
    ("carried", "goes into round-2 because it is new"),
    ("carried", "It goes into round-2"),
    ("settled", "importance: in"),
    ("settled", "importance: in, stable; and cheap"),
    ("settled", "importance: good, stable"),
    ("settled", "the panel: in, stable"),
    ("added", "goes into round-2"),
    ("dropped", "importance: out, stable"),
)
"""What a person may have written, however alike."""


def test_what_the_program_noted_of_fates_becomes_codes(database: Database) -> None:
    upgrade_to(database, "0009")
    _put_fates(database)
    before = rows(database)["measure_fate"]
    upgrade_to(database, "0010")
    found = {(row["fate"], row["reason"]): row for row in rows(database)["measure_fate"]}
    after = rows(database)["measure_fate"]
    assert len(after) == len(WROTE) + len(SAID)
    for old, new in zip(before, after, strict=True):
        key = str(old["fate"]), str(old["reason"])
        if key in WROTE:
            facts = json.loads(str(new["facts"]))
            assert ((new["code"], facts), new["reason"]) == (WROTE[key], None)
        else:
            assert new == old | {"code": None, "facts": "{}"} and key in found
    downgrade_to(database, "0009")
    assert rows(database)["measure_fate"] == before


@pytest.mark.parametrize("reason", [None, ""])
def test_a_fate_has_a_code_or_a_reason(database: Database, reason: str | None) -> None:
    upgrade_to(database, "0009")
    _put_fates(database)
    upgrade_to(database, "0010")
    copy = (
        "INSERT INTO measure_fate (consultation_id, measure_id, fate, reason, code, facts,"
        " decided_at) SELECT consultation_id, measure_id, fate, :reason, :code, '{}', decided_at"
        " FROM measure_fate WHERE fate = 'added'"
    )
    with database.engine.begin() as connection:
        connection.execute(text(copy), {"reason": None, "code": "goes_into"})
        connection.execute(text(copy), {"reason": "It fits", "code": None})
    with database.engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text(copy), {"reason": reason, "code": None})


def _put_fates(database: Database) -> None:
    tables = MetaData()
    with database.engine.begin() as connection:
        tables.reflect(connection)

        def put(table: str, **values: object) -> int:
            added = connection.execute(tables.tables[table].insert(), values)
            assert added.inserted_primary_key is not None
            return int(added.inserted_primary_key[0])

        held = put("consultation", slug="inquiry-9", zone="Europe/Riga", schedule="plan-a", created_at=BEGIN)
        measure = put("measure", consultation_id=held, key="M01", theme="A", position=1)
        for fate, reason in (*WROTE, *SAID):
            put("measure_fate", consultation_id=held, measure_id=measure, fate=fate, reason=reason, decided_at=BEGIN)
