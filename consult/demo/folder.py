"""The folder of the demonstration: who may work in it, and its settings."""

import fcntl
import secrets
from pathlib import Path
from typing import IO

from consult.config import Config
from consult.errors import NotPossible

FOLDER = Path("data/demo")
ALONE, SHARED = fcntl.LOCK_EX, fcntl.LOCK_SH


def hold(lock: IO[str], how: int) -> None:
    """Make the demonstration alone, or use it beside others. Raises NotPossible."""
    try:
        fcntl.flock(lock, how | fcntl.LOCK_NB)
    except BlockingIOError:
        raise NotPossible(
            f"the demonstration in {FOLDER}/ is being made or used by another `consult demo`: "
            "end that one first, or run this one in another folder"
        ) from None


def settings_for(port: int) -> Config:
    """The settings of the demonstration, with a secret key of its own."""
    key = FOLDER / "secret-key"
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_urlsafe(48))
    return Config(
        database_url=f"sqlite:///{FOLDER / 'consult.db'}",
        public_url=f"http://127.0.0.1:{port}",
        secret_key=key.read_text(),
        mail_backend="file",
        mail_folder=str(FOLDER / "mail"),
    )
