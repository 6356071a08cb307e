"""Databases of both kinds, and a revision that does not exist yet."""

import itertools
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from textwrap import indent

import pytest

from consult import schema
from consult.database import Database
from tests import postgres
from tests.migrations.databases import NewDatabase, NextRevision, fill, revisions, upgrade_to
from tests.sources import ROOT


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewDatabase]:
    """Makes empty databases of one kind."""
    numbers = itertools.count(1)
    with ExitStack() as ends:

        def make() -> Database:
            if request.param == "postgresql":
                url = ends.enter_context(postgres.database())
            else:
                url = f"sqlite:///{tmp_path}/{next(numbers)}.db"
            database = Database(url)
            ends.callback(database.dispose)
            return database

        yield make


@pytest.fixture
def database(new_database: NewDatabase) -> Database:
    """An empty database."""
    return new_database()


@pytest.fixture
def filled(database: Database) -> Database:
    """A database at head, with everything a live one may hold."""
    for revision in revisions():
        upgrade_to(database, revision)
        fill(database, revision)
    return database


@pytest.fixture
def next_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> NextRevision:
    """Adds a revision after head to a copy of the migrations; its upgrade is the given code."""
    folder = tmp_path / "migrations"
    shutil.copytree(ROOT / "migrations", folder, ignore=shutil.ignore_patterns("__pycache__"))

    def write(code: str) -> None:
        monkeypatch.setattr(schema, "data_folder", lambda name: tmp_path / name)
        (head,) = schema.heads()
        (folder / "versions" / "next.py").write_text(
            f"import sqlalchemy as sa\nfrom alembic import op\n\n"
            f"revision = 'next'\ndown_revision = {head!r}\n\n"
            f"def upgrade():\n{indent(code, '    ')}\n\ndef downgrade():\n    pass\n",
            encoding="utf-8",
        )

    return write
