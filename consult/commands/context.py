"""What every command needs: the database, where it works, who acts, and how things are printed."""

import getpass
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import Session

from consult import integrity, schema
from consult.characters import one_line, readable
from consult.config import Config, from_env
from consult.database import Database, DatabaseTrouble
from consult.definition.consultation import Definition
from consult.definition.text import in_language
from consult.errors import ConfigInvalid, ConsultError, DatabaseBehind, NotFound, NotPossible
from consult.models import Consultation, Expert, Stage
from consult.refusals.codes import Code, Refusal
from consult.services.definitions import consultation_by_slug, definition_of
from consult.services.panel import panel
from consult.services.rounds import stages
from consult.services.running import publishing
from consult.words import dates
from consult.words.refusals import in_english

slug_argument = click.argument("slug")
stage_argument = click.argument("stage_key", metavar="STAGE")
code_argument = click.argument("code")
NUMBER = click.IntRange(1, 2**63 - 1)
"""What a database can count to."""


@dataclass(frozen=True, slots=True)
class CommandContext:
    """One consultation and the session to work on it."""

    session: Session
    config: Config
    consultation: Consultation
    definition: Definition

    def stage(self, key: str) -> Stage:
        """The stage of that key. Raises NotFound, naming those there are."""
        try:
            return stages.find_stage(self.session, self.consultation.id, key)
        except NotFound as missing:
            known = stages.stages_of(self.session, self.consultation.id)
            there = ", ".join(stage.key for stage in known)
            raise NotFound(f"{in_english(missing)}; there are: {there}") from None

    def expert(self, code: str) -> Expert:
        """The expert of that code, in whatever case it was typed. Raises NotFound."""
        return panel.find_expert(self.session, self.consultation, code.strip().upper())

    def words(self, text: Mapping[str, str] | None) -> str:
        """A text in the consultation's first language."""
        order = self.definition.languages
        return visible(in_language(text, order[0], order).text)

    def time(self, moment: datetime) -> str:
        """A moment in the consultation's zone."""
        return written(moment, self.consultation.zone)

    def moment(self, text: str) -> datetime:
        """A wall-clock time of the consultation's zone, in UTC."""
        return read_moment(text, self.consultation.zone)


@contextmanager
def database(*, at_head: bool = True) -> Iterator[Database]:
    """The database of the settings. Raises DatabaseBehind, ConfigInvalid or NotPossible."""
    config = from_env()
    if at_head:
        _refuse_absent(config)
    try:
        found = Database(config.database_url)
    except ModuleNotFoundError as error:
        raise ConfigInvalid(
            f"CONSULT_DATABASE_URL cannot be used: {error.name} is not installed; PostgreSQL needs "
            "it: .venv/bin/pip install 'psycopg[binary]'"
        ) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise ConfigInvalid(f"CONSULT_DATABASE_URL cannot be used: {error}") from error
    try:
        if at_head:
            refuse_behind(found)
        yield found
    except (ConsultError, click.ClickException, click.exceptions.Exit):
        raise
    except Exception as error:
        # What is read from a damaged file can fail anywhere, and in any way.
        with suppress(DatabaseTrouble):
            integrity.refuse_damaged(found)
        if isinstance(error, OperationalError):
            raise NotPossible(f"the database does not answer: {error.orig}") from error
        raise
    finally:
        found.dispose()


def refuse_behind(found: Database) -> None:
    """Raise DatabaseBehind unless the database is where the program is."""
    if not schema.is_at_head(found):
        sentences = schema.check(found)
        raise DatabaseBehind(sentences[0] if sentences else Refusal(Code.DATABASE_IS_BEHIND))


def _refuse_absent(config: Config) -> None:
    """Opening an absent SQLite file would make an empty one."""
    try:
        url = make_url(config.database_url)
    except ArgumentError:
        return
    file = url.database
    if url.get_backend_name() == "sqlite" and file and file != ":memory:":
        path = Path(file)
        if not path.exists():
            raise DatabaseBehind(f"there is no database {path} yet: run `consult db upgrade`")


@contextmanager
def reading(slug: str) -> Iterator[CommandContext]:
    """A consultation to look at. Raises NotFound."""
    with database() as found, on(found, slug, writes=False) as here:
        yield here


@contextmanager
def writing(slug: str) -> Iterator[CommandContext]:
    """A consultation to change: all or nothing, written at the end. Raises NotFound."""
    with database() as found, on(found, slug, writes=True) as here:
        yield here


@contextmanager
def on(found: Database, slug: str, *, writes: bool) -> Iterator[CommandContext]:
    """The same on a database at hand, for a command that needs more than one transaction."""
    with found.writing() if writes else found.reading() as session:
        consultation = consultation_by_slug(session, slug)
        definition = definition_of(session, consultation.id)
        yield CommandContext(session, from_env(), consultation, definition)


def actor() -> str:
    """Who acts, as the journal names them: the operating system's user."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = str(os.getuid())
    return f"cli:{name}"[:254]


def written(moment: datetime, zone: str) -> str:
    """A moment as a wall-clock time with its offset: `2026-09-07 08:00 UTC−3`."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local:%Y-%m-%d %H:%M} {dates.offset(local)}"


def read_moment(text: str, zone: str) -> datetime:
    """A wall-clock time (`YYYY-MM-DD HH:MM`) of a zone, in UTC.

    Raises BadParameter when it is none, or is left out or shown twice as the clocks are changed.
    """
    try:
        return publishing.local_moment(text, zone)
    except ValueError:
        raise click.BadParameter(f"'{text}' is not a time; write 2026-10-16 20:00") from None
    except NotPossible as error:
        raise click.BadParameter(in_english(error)) from None


def visible(text: str, *, lines: bool = False) -> str:
    """Text that cannot steer a terminal: control signs are gone, lines joined."""
    return readable(text).expandtabs() if lines else one_line(text)


def paragraph(text: str) -> str:
    """What somebody wrote, indented, its own lines kept."""
    lines = [line for line in visible(text, lines=True).splitlines() if line.strip()]
    return "\n".join(f"    {line}" for line in lines)


Cell = str | int | float | None
"""What stands in a cell of a printed table."""


def table(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Rows below their heads, columns two spaces apart, whole numbers to the right."""
    body = [list(row) for row in rows]
    cells = [[visible(str("" if cell is None else cell)) for cell in row] for row in body]
    widths = [max(map(len, column)) for column in zip(head, *cells, strict=True)]
    numbers = [bool(body) and all(isinstance(row[place], int) for row in body) for place in range(len(head))]

    def line(row: Sequence[str]) -> str:
        parts = zip(row, widths, numbers, strict=True)
        aligned = (cell.rjust(wide) if number else cell.ljust(wide) for cell, wide, number in parts)
        return "  ".join(aligned).rstrip()

    return "\n".join(line(row) for row in (list(head), *cells))


def counted(number: int, noun: str) -> str:
    """`1 expert`, `2 experts`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
