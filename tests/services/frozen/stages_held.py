"""Whole consultations in which some were absent, and all their files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from consult import clock
from consult.commands.package import unpacked
from consult.models import Expert
from consult.services.files import downloads
from consult.services.files.tableformats import FORMATS
from consult.services.package import verifying
from consult.services.panel import importing
from consult.services.running import publishing
from tests.services import playing
from tests.services.conftest import BEFORE, World, fresh_database, panel_file, town_library
from tests.services.package.packing import packed

ABSENT = {"first-look": (11,), "round-1": (11,)}
"""By stage, the places of who does not answer."""


@contextmanager
def whole(folder: Path, absent: dict[str, tuple[int, ...]], size: int = 12) -> Iterator[World]:
    """A whole consultation in which these people answered nothing in these stages."""
    with (
        fresh_database("sqlite", folder) as database,
        database.open_session(writes=True) as session,
        clock.set_to(BEFORE),
    ):
        world = begun(session, size)
        for key, away in absent.items():
            here = [one for place, one in enumerate(world.experts) if place not in away]
            playing.play(session, world.definition, world.consultation, here, world.stage(key))
        yield world


def begun(session: Session, size: int) -> World:
    """A consultation whose experts have all agreed to take part, one group after the other."""
    definition = town_library()
    here = publishing.publish(session, definition, actor="test")
    importing.import_panel(session, here, definition, panel_file(size), "test")
    experts = list(session.scalars(select(Expert).order_by(Expert.reporting_group, Expert.id)))
    for expert in experts:
        playing.agree(session, definition, expert)
    return World(session, definition, here, experts)


def every_file(world: World) -> dict[tuple[str, str], bytes]:
    """Every file in every format, and the package."""
    world.session.expire_all()
    found = {
        (name, form): b"".join(
            downloads.content(world.session, world.consultation, name, sorted(spec.roles)[0], "en", form)
        )
        for name, spec in downloads.FILES.items()
        if name != "secretariat-answers.csv"
        for form in FORMATS
    }
    return found | {("package.zip", ""): packed(world, "en")}


def codes(world: World) -> dict[str, str | None]:
    found = downloads.gaps(world.session, world.consultation, "answers-long.csv")
    return {gap.stage.key: gap.code for gap in found}


def verified(world: World, folder: Path) -> list[str]:
    path = folder / "package.zip"
    path.write_bytes(packed(world))
    with unpacked(path) as (session, package):
        found = verifying.verify(session, package)
    assert found.is_sound, found
    return [one.words for one in found.stages]


def forget_rows(session: Session) -> None:
    """As a database is that was migrated and not used since."""
    for act in ("update", "delete"):
        session.execute(text(f"DROP TRIGGER tr_frozen_rows_no_{act}"))
    session.execute(text("DELETE FROM frozen_rows"))
    session.expire_all()
