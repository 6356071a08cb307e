"""Databases whose keys start far away, so that a row's number is known wherever it stands."""

import io
import json
import re
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from tempfile import NamedTemporaryFile

import pyreadstat
from alembic import command
from pyarrow import parquet
from sqlalchemy import text

from consult import schema
from consult.database import Database
from consult.models import Base

FIRST = 7_000_003
FAR = re.compile(r"(?<!\d)700\d{4}(?!\d)")
DIGEST = re.compile(r"\b[0-9a-f]{32,}\b")
"""Long enough to hold seven such digits by chance."""


def begin_far(database: Database) -> None:
    """Make all tables at head in an empty database, every key from FIRST on."""
    keyed = [table for table in Base.metadata.sorted_tables if "id" in table.c]
    options = [table.dialect_options["sqlite"] for table in keyed]
    for option in options:
        option["autoincrement"] = True
    try:
        Base.metadata.create_all(database.engine)
    finally:
        for option in options:
            option["autoincrement"] = False
    sqlite = "INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :first - 1)"
    postgresql = "SELECT setval(pg_get_serial_sequence(:table, 'id'), :first, false)"
    statement = text(sqlite if database.engine.dialect.name == "sqlite" else postgresql)
    with database.engine.begin() as connection:
        for table in keyed:
            connection.execute(statement, {"table": table.name, "first": FIRST})
    with schema.migrating(database) as config:
        command.stamp(config, "head")


def numbers_in(content: str | bytes) -> list[str]:
    """Every number that a row's key may be, in a text or a file; packed files are opened."""
    return [found for text in texts_of(content) for found in FAR.findall(DIGEST.sub("digest", text))]


def texts_of(content: str | bytes) -> Iterator[str]:
    """What stands in a text or a file, as texts; packed files are opened."""
    if isinstance(content, str):
        yield content
    elif content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name
                yield from texts_of(archive.read(name))
    elif content.startswith(b"PAR1"):
        table = parquet.read_table(io.BytesIO(content))
        yield json.dumps([*table.column_names, *table.to_pylist()], default=str)
        yield str(table.schema)
    elif content.startswith(b"$FL2"):
        with NamedTemporaryFile(suffix=".sav") as file:
            file.write(content)
            file.flush()
            frame, meta = pyreadstat.read_sav(file.name)
        yield frame.to_csv()
        yield json.dumps(meta.column_names_to_labels)
    else:
        yield content.decode("utf-8", "replace")


def numbers_in_mail(content: bytes) -> list[str]:
    """The same in a mail: its headers, and every part as it reads once decoded."""
    mail = message_from_bytes(content, policy=default)
    parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
    heads = [f"{name}: {value}" for part in mail.walk() for name, value in part.items()]
    return [found for text in (*heads, *parts) for found in numbers_in(text)]
