"""Mails as files and on the console."""

from dataclasses import replace
from pathlib import Path

import pytest

from consult.config import Config
from consult.database import Database
from consult.services.mail import delivering
from tests.services.conftest import World
from tests.services.mail.sending import messages, put


def test_mail_files_are_for_this_user_only_and_plain_ascii(world: World, database: Database, config: Config) -> None:
    put(world, world.experts[0], body="Привет, Zoë\n")
    world.session.commit()
    delivering.deliver(database, config)
    folder = Path(config.mail_folder)
    (path,) = folder.iterdir()
    assert path.stat().st_mode & 0o077 == 0
    assert folder.stat().st_mode & 0o077 == 0
    assert path.read_bytes().isascii()


def test_a_link_stays_on_one_line_of_the_file(world: World, database: Database, config: Config) -> None:
    public = "https://consultation.desk.example.org"
    link = f"{public}/i/" + "a" * 43
    put(world, world.experts[0], body=f"Hello\n{link}\n")
    world.session.commit()
    delivering.deliver(database, replace(config, public_url=public, secret_key="k" * 40))
    lines = next(Path(config.mail_folder).iterdir()).read_text().splitlines()
    assert lines.count(link) == 1 and lines.count(f'<a href="{link}">{link}</a>') == 1


def test_the_console_shows_the_mail(
    world: World, database: Database, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    put(world, world.experts[0], body="Привет\n")
    world.session.commit()
    assert delivering.deliver(database, replace(config, mail_backend="console")) == {"sent": 1}
    shown = capsys.readouterr().out
    assert "person1@example.org" in shown
    assert "Привет" in shown
    assert "\r" not in shown and "<p>" not in shown


def test_a_folder_that_cannot_be_made_leaves_everything_queued(
    world: World, database: Database, config: Config, tmp_path: Path
) -> None:
    put(world, world.experts[0])
    world.session.commit()
    (tmp_path / "file").write_text("in the way")
    blocked = replace(config, mail_folder=str(tmp_path / "file" / "mail"))
    assert delivering.deliver(database, blocked) == {"queued": 1}


def test_no_link_is_shown_on_the_console_of_a_public_server(
    world: World, database: Database, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    put(world, world.experts[0], body="https://consult.example.org/i/canary")
    world.session.commit()
    public = replace(config, public_url="https://consult.example.org", secret_key="k" * 48, mail_backend="console")
    assert delivering.deliver(database, public) == {"queued": 1}
    assert "canary" not in "".join(capsys.readouterr())
    assert "set it to smtp, or to file" in (messages(database)[0].error or "")
