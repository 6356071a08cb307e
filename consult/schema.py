"""The tables of a database: bringing them up to date, and saying where they differ."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import sleep

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import OperationalError

from consult import catalogue
from consult.database import Database
from consult.errors import NotPossible
from consult.models import Base
from consult.places import data_folder

LOCK = 7_316_540_211_932_807_517
"""What upgrades of one PostgreSQL database queue for; any number that nobody else uses."""
VERSIONS = "alembic_version"
SCRATCH = "consult_schema_check"
ATTEMPTS = 50
PAUSE = 0.1
"""Seconds between attempts to open a SQLite file."""


def upgrade(database: Database) -> list[str]:
    """Bring a database to head and return the revisions applied, in order.

    Everything happens in one transaction, one process after the other. Raises NotPossible when
    the database was made by a newer program or not by a migration.
    """
    with migrating(database) as config:
        _refuse_strangers(config.attributes["connection"])
        command.upgrade(config, "head")
        return list(config.attributes["applied"])


def heads() -> tuple[str, ...]:
    """The newest revision of this program (several only if branches were left unmerged)."""
    return tuple(sorted(ScriptDirectory.from_config(_config()).get_heads()))


def is_at_head(database: Database) -> bool:
    """Whether the database is neither behind nor ahead of this program."""
    return current(database) == heads()


def current(database: Database) -> tuple[str, ...]:
    """The revision of a database."""
    with database.engine.connect() as connection:
        return _current(connection)


def check(database: Database) -> list[str]:
    """Sentences saying how a database differs from what this program expects; none is good.

    A database at another revision gets one sentence; its tables are not looked at.
    """
    with database.engine.connect() as connection:
        if sentence := _unknown_revision(connection) or _behind(connection):
            return [sentence]
        found = catalogue.read(connection)
        expected = _expected(connection)
    own = {part: words for part, words in found.items() if part.table != VERSIONS}
    return catalogue.differences(expected, own)


@contextmanager
def migrating(database: Database) -> Iterator[Config]:
    """Settings for any Alembic command, in one transaction that only one process can hold."""
    with _connect(database) as connection, _replaceable_tables(connection):
        connection.execution_options(consult_writes=True)  # BEGIN IMMEDIATE is SQLite's lock
        with connection.begin():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            config = _config()
            config.attributes.update(connection=connection, applied=[])
            yield config
            _refuse_loose_ends(connection)


def _connect(database: Database) -> Connection:
    """A connection, asked for again while another process turns a new SQLite file into WAL.

    SQLite refuses the second one at once there, whatever its busy timeout.
    """
    for _ in range(ATTEMPTS - 1):
        try:
            return database.engine.connect()
        except OperationalError as error:
            if "database is locked" not in str(error.orig):
                raise
            sleep(PAUSE)
    return database.engine.connect()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(data_folder("migrations")).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    return config


def _current(connection: Connection) -> tuple[str, ...]:
    return tuple(sorted(MigrationContext.configure(connection).get_current_heads()))


def _behind(connection: Connection) -> str | None:
    current, newest = _current(connection), heads()
    if current == newest:
        return None
    at = f"at revision {', '.join(current)}" if current else "at no revision"
    return f"the database is {at}, the program at {', '.join(newest)}: run `consult db upgrade`"


def _unknown_revision(connection: Connection) -> str | None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    unknown = sorted(set(_current(connection)) - known)
    if not unknown:
        return None
    return (
        f"the database is at revision {', '.join(unknown)}, which this program does not know: "
        "a newer one has upgraded it"
    )


def _refuse_strangers(connection: Connection) -> None:
    if sentence := _unknown_revision(connection):
        raise NotPossible(sentence)
    there = set(inspect(connection).get_table_names()) & set(Base.metadata.tables)
    if there and not _current(connection):
        raise NotPossible(
            "the database is at no revision, but tables of these names are there already: " + ", ".join(sorted(there))
        )


@contextmanager
def _replaceable_tables(connection: Connection) -> Iterator[None]:
    """Let SQLite drop and rename tables that others point to; `migrating` checks them afterwards.

    The pragma has an effect outside transactions only, hence the driver's own cursor. Who stops the
    program finds the connection closed by then, and the pragma gone with it.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    cursor = connection.connection.cursor()
    cursor.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        if not connection.invalidated:
            cursor.execute("PRAGMA foreign_keys = ON")
            cursor.close()


def _refuse_loose_ends(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return
    loose = connection.execute(text("PRAGMA foreign_key_check")).all()
    if loose:
        tables = sorted({row[0] for row in loose})
        raise NotPossible(f"rows would point nowhere in {', '.join(tables)}; nothing was changed")


def _expected(connection: Connection) -> catalogue.Catalogue:
    """What the models create on a database of the same kind, of which nothing stays."""
    if connection.dialect.name == "sqlite":
        engine = create_engine("sqlite://")
        with engine.connect() as empty:
            Base.metadata.create_all(empty)
            expected = catalogue.read(empty)
        engine.dispose()
        return expected
    with connection.begin_nested() as nested:
        connection.execute(text(f"CREATE SCHEMA {SCRATCH}"))
        connection.execute(text(f"SET LOCAL search_path = {SCRATCH}"))
        Base.metadata.create_all(connection, checkfirst=False)
        expected = catalogue.read(connection)
        nested.rollback()
    return expected
