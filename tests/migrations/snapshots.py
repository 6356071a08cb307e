"""Databases that an older version left behind, put back as they were."""

import json
import lzma
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, DateTime, MetaData, Table, text

from consult.database import Database
from tests.migrations.databases import upgrade_to

FOLDER = Path(__file__).parent / "snapshots"
NAMES = tuple(sorted(path.name.partition(".")[0] for path in FOLDER.glob("*.json.xz")))


def put_back(database: Database, name: str) -> None:
    """Fill an empty database with a kept one, at the revision at which it was kept."""
    kept = json.loads(lzma.decompress((FOLDER / f"{name}.json.xz").read_bytes()))
    upgrade_to(database, kept["revision"])
    with database.writing() as session:
        connection = session.connection()
        tables = MetaData()
        tables.reflect(connection)
        for table, content in kept["tables"].items():
            _fill(connection, tables.tables[table], content["columns"], content["rows"])


def _fill(connection: Connection, table: Table, columns: list[str], rows: list[list[Any]]) -> None:
    has_zone = connection.dialect.name == "postgresql"
    times = {column.name for column in table.columns if isinstance(column.type, DateTime)}
    for row in rows:
        for place, name in enumerate(columns):
            if name in times and row[place] is not None:
                moment = datetime.fromisoformat(row[place])
                row[place] = moment.replace(tzinfo=UTC) if has_zone else moment
    if not rows:
        return
    connection.execute(table.insert(), [dict(zip(columns, row, strict=True)) for row in rows])
    if has_zone and "id" in columns:
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), :last)"),
            {"last": max(row[columns.index("id")] for row in rows)},
        )
