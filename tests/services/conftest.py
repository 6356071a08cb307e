"""A database of each kind, and a small consultation to put into it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.config import Config
from consult.database import Database
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.models import Base, Consultation, Expert, Stage
from consult.services.panel import importing, panel
from consult.services.running import publishing
from tests import postgres

TOWN_LIBRARY = Path(__file__).parent.parent / "consultations" / "town-library"
BEFORE = datetime(2026, 9, 1, 8, tzinfo=UTC)
"""A moment before the first stage of the town library opens."""


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[Database]:
    """An empty database with today's tables, `sqlite` or `postgresql`."""
    if kind == "sqlite":
        made = Database(f"sqlite:///{folder / 'consult.db'}")
        Base.metadata.create_all(made.engine)
        yield made
        made.dispose()
        return
    with postgres.database() as url:
        made = Database(url)
        Base.metadata.create_all(made.engine)
        yield made
        made.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Each test that asks for it runs on both databases."""
    with fresh_database(request.param, tmp_path) as made:
        yield made


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session; what a test does not commit is rolled back."""
    with database.open_session(writes=True) as opened:
        yield opened
        opened.rollback()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings that write mails into a folder of the test."""
    return Config(mail_backend="file", mail_folder=str(tmp_path / "mail"))


@cache
def town_library() -> Definition:
    """The definition of the example consultation."""
    return load(TOWN_LIBRARY)


@pytest.fixture
def definition() -> Definition:
    return town_library()


def reworked(definition: Definition, **changes: Any) -> Definition:
    """The same definition with some of its top-level parts written anew."""
    content = definition.model_dump(mode="json", by_alias=True, exclude_none=True)
    return Definition.model_validate({**content, **changes}, context={"language": "en"})


@dataclass(frozen=True)
class World:
    """A published consultation with its stages and, in the order of the file, its experts."""

    session: Session
    definition: Definition
    consultation: Consultation
    experts: list[Expert]

    def stage(self, key: str) -> Stage:
        return self.session.scalars(
            select(Stage).where(Stage.consultation_id == self.consultation.id, Stage.key == key)
        ).one()


MakeWorld = Callable[..., World]


def panel_file(size: int, start: int = 1) -> bytes:
    """A panel file of the town library, half of it from the library, half from the town."""
    lines = ["name,email,language,part,work,group"]
    for number in range(start, start + size):
        work = "work_library,library" if number % 2 else "work_council,town"
        lines.append(f"Person {number},person{number}@example.org,en,harbour,{work}")
    return ("\n".join(lines) + "\n").encode()


@pytest.fixture
def make_world(session: Session, definition: Definition) -> MakeWorld:
    """A factory: publishes the town library, with a panel of `size` experts."""

    def make(size: int = 3, slug: str | None = None, definition: Definition = definition) -> World:
        consultation = publishing.publish(session, definition, actor="test", slug=slug)
        if size:
            importing.import_panel(session, consultation, definition, panel_file(size), "test")
        by_mail = {item.email: item.expert_id for item in panel.members(session, consultation)}
        experts = [session.get_one(Expert, by_mail[f"person{number}@example.org"]) for number in range(1, size + 1)]
        return World(session, definition, consultation, experts)

    return make


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """The town library with three experts."""
    return make_world()
