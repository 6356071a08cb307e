"""Whether a database can be read: all of it, its structure, or only its newest rows."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Select, Text, cast, func, select, text

from consult.database import Database, DatabaseTrouble, is_damage
from consult.errors import NotPossible
from consult.models import Base

TOLD = 20
"""How many things wrong with a SQLite file are named."""


class Depth(StrEnum):
    """How much of a database is looked at, and so how long that takes."""

    WHOLE = "every row, and every index against its table"
    STRUCTURE = "the structure of the file"
    NEWEST = "the newest row of every table"


def problems(database: Database, depth: Depth) -> list[str]:
    """Sentences saying what cannot be read; none is good."""
    found: list[str] = []
    try:
        with database.engine.connect() as connection:
            found += _unsound(connection, depth)
            for table in _unreadable(connection, depth):
                found.append(f"the table '{table}' cannot be read to its end")
    except DatabaseTrouble as error:
        if not is_damage(error):
            raise
        found.append(f"it cannot be read ({type(getattr(error, 'orig', error)).__name__})")
    return found


def refuse_damaged(database: Database) -> None:
    """Raise NotPossible, saying what to do, when the database cannot be read.

    Looks at the structure of a SQLite file, and at the newest rows on PostgreSQL.
    """
    found = problems(database, Depth.STRUCTURE if database.file is not None else Depth.NEWEST)
    if found:
        where = database.url.render_as_string(hide_password=True)
        raise NotPossible(
            f"the database {where} is damaged: {found[0]}\n"
            "stop the server, keep a copy of the database as it is, and put the last backup in "
            "its place; `consult db check` names everything that is wrong"
        )


def _unsound(connection: Connection, depth: Depth) -> list[str]:
    """What SQLite itself finds; PostgreSQL has no such check but reading."""
    if connection.dialect.name != "sqlite" or depth is Depth.NEWEST:
        return []
    check = "integrity_check" if depth is Depth.WHOLE else "quick_check"
    told = connection.execute(text(f"PRAGMA {check}({TOLD})")).scalars().all()
    # Each is told by place, never by content; a first line may only name the database.
    lines = [line for words in told for line in str(words).splitlines()]
    return [line for line in lines if line != "ok" and not line.startswith("***")][:TOLD]


def _unreadable(connection: Connection, depth: Depth) -> Iterator[str]:
    if depth is Depth.STRUCTURE:
        return
    for table in Base.metadata.sorted_tables:
        newest = [column.desc() for column in table.primary_key]
        asked: Select[Any] = select(table).order_by(*newest).limit(1)
        if depth is Depth.WHOLE:
            # Every value is fetched from wherever it is kept, and only a number comes back.
            asked = select(*(func.sum(func.length(cast(one, Text))) for one in table.columns))
        try:
            with connection.begin_nested():
                connection.execute(asked).all()
        except DatabaseTrouble as error:
            if not is_damage(error):
                raise
            yield table.name
