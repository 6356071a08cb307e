"""The command line on real databases of its own, at three points in the life of a consultation."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock, schema
from consult.cli import main
from consult.database import Database
from consult.definition.loader import load
from consult.models import Consultation, Expert, Proposal, Stage
from consult.services.panel import importing
from consult.services.running import publishing
from tests.services.playing import agree, play

TOWN_LIBRARY = Path(__file__).parent.parent / "consultations" / "town-library"
BEFORE = datetime(2026, 9, 1, 12, tzinfo=UTC)
AFTER_ROUND_1 = datetime(2026, 10, 20, 12, tzinfo=UTC)
SIZE = 12
Set = Callable[[datetime], AbstractContextManager[None]]


@dataclass(frozen=True)
class CommandLine:
    """Runs `consult` on one database; a command that ends otherwise than expected fails a test."""

    folder: Path

    @property
    def env(self) -> dict[str, str]:
        return {
            "CONSULT_DATABASE_URL": f"sqlite:///{self.folder / 'consult.db'}",
            "CONSULT_MAIL_BACKEND": "file",
            "CONSULT_MAIL_FOLDER": str(self.folder / "mail"),
        }

    def __call__(self, *words: object, code: int | None = 0, input: str | None = None) -> Result:
        result = CliRunner().invoke(main, [str(word) for word in words], input, self.env)
        told = f"{words} ended with {result.exit_code}:\n{result.output}"
        assert isinstance(result.exception, SystemExit | None), told
        assert code is None or result.exit_code == code, told
        assert "Traceback" not in result.output
        return result

    def out(self, *words: object) -> str:
        """What a command prints on standard output."""
        return self(*words).stdout

    def refused(self, *words: object, input: str | None = None) -> str:
        """The words of a refusal: on standard error, ending with 1, nothing printed before."""
        result = self(*words, code=1, input=input)
        assert result.stdout == ""
        return result.stderr

    def database(self) -> Database:
        return Database(self.env["CONSULT_DATABASE_URL"])

    def mails(self) -> list[str]:
        """What the delivered mails say."""
        files = sorted((self.folder / "mail").glob("*.eml"))
        mails = (message_from_bytes(file.read_bytes(), policy=default) for file in files)
        plain = (mail.get_body(("plain",)) for mail in mails)
        return [str(part.get_content()) for part in plain if part is not None]


def panel_file(size: int = SIZE) -> str:
    lines = ["name,email,language,part,work,group"]
    for number in range(1, size + 1):
        work = "work_library" if number % 2 else "work_council"
        lines.append(f"Person {number},person{number}@example.org,en,harbour,{work},")
    return "\n".join(lines) + "\n"


def _publish(session: Session) -> Consultation:
    definition = load(TOWN_LIBRARY)
    consultation = publishing.publish(session, definition, actor="test")
    importing.import_panel(session, consultation, definition, panel_file().encode(), "test")
    return consultation


def _hold_round_1(session: Session, consultation: Consultation) -> None:
    """Everybody but two answers both stages; somebody put forward a measure."""
    definition = load(TOWN_LIBRARY)
    experts = session.scalars(
        select(Expert).where(Expert.consultation_id == consultation.id).order_by(Expert.code)
    ).all()
    with clock.set_to(BEFORE + timedelta(days=1)):
        for expert in experts:
            agree(session, definition, expert)
    for key in ("first-look", "round-1"):
        stage = session.scalars(select(Stage).where(Stage.key == key)).one()
        play(session, definition, consultation, experts[:-2], stage)
        if key == "first-look":
            session.add(
                Proposal(
                    consultation_id=consultation.id,
                    stage_id=stage.id,
                    expert_id=experts[0].id,
                    title="A seed library",
                    text="Lend seeds\x1b[2J.",
                    language="en",
                    fate="waiting",
                )
            )


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `empty.db`, `published.db` and `rated.db`, to be copied."""
    folder = tmp_path_factory.mktemp("databases")
    made = Database(f"sqlite:///{folder / 'work.db'}")
    schema.upgrade(made)
    _keep(made, folder / "empty.db")
    with clock.set_to(BEFORE), made.writing() as session:
        _publish(session)
    _keep(made, folder / "published.db")
    with made.writing() as session:
        _hold_round_1(session, session.scalars(select(Consultation)).one())
    _keep(made, folder / "rated.db")
    made.dispose()
    return folder


def _keep(database: Database, path: Path) -> None:
    raw = database.engine.raw_connection()
    raw.cursor().execute("VACUUM INTO ?", (str(path),))
    raw.close()


def _at(databases: Path, name: str, folder: Path) -> CommandLine:
    shutil.copyfile(databases / name, folder / "consult.db")
    (folder / "consult.db").chmod(0o600)
    return CommandLine(folder)


@pytest.fixture
def nothing(tmp_path: Path) -> CommandLine:
    """There is no database yet."""
    return CommandLine(tmp_path)


@pytest.fixture
def consult(databases: Path, tmp_path: Path) -> CommandLine:
    """A database without any consultation."""
    return _at(databases, "empty.db", tmp_path)


@pytest.fixture
def library(databases: Path, tmp_path: Path) -> Iterator[CommandLine]:
    """The town library is published with a panel; its first stage opens in a week."""
    with clock.set_to(BEFORE):
        yield _at(databases, "published.db", tmp_path)


@pytest.fixture
def rated(databases: Path, tmp_path: Path) -> Iterator[CommandLine]:
    """The town library after its first round: two stages frozen, one to come."""
    with clock.set_to(AFTER_ROUND_1):
        yield _at(databases, "rated.db", tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the town library's folder, to be changed."""
    copied = tmp_path / "town-library"
    shutil.copytree(TOWN_LIBRARY, copied)
    return copied
