"""What machines ask: does it live, can it answer, is all well. Nothing here is about anyone."""

import shutil
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app

from consult import integrity, schema
from consult.clock import utc_now
from consult.database import DatabaseTrouble, get_database
from consult.integrity import Depth
from consult.services.mail import outbox
from consult.services.running import beats
from consult.web.access import config, public

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

blueprint = Blueprint("health", __name__)

ADDRESSES = ("/livez", "/readyz", "/healthz")
LONGEST_BEAT = timedelta(minutes=2)
"""The clock beats every 20 seconds; freezing a large stage takes it some more."""
LONGEST_WAIT = timedelta(hours=1)
"""Mail servers that ask to come back later want minutes."""
LEAST_FREE = 200 * 1024 * 1024

Part = tuple[str, str, bool]
"""Its name, how it is in words, and whether that is well."""


@blueprint.get("/livez")
@public
def live() -> Response:
    """The process answers; whatever is wrong, starting it anew would not help."""
    return _said([("server", "answers", True)])


@blueprint.get("/readyz")
@public
def ready() -> Response:
    """Whether requests can be answered: what a proxy asks before it sends any."""
    return _said([_database(whole=False)])


@blueprint.get("/healthz")
@public
def healthy() -> Response:
    """Whether anybody has to look: database, clock, outbox and disk."""
    parts = [_database(whole=True)]
    if parts[0][2]:
        parts += [_clock(), _outbox()]
    return _said([*parts, *_disks()])


def _said(parts: Iterable[Part]) -> Response:
    """One line for each part; 503 when one is not well."""
    told = list(parts)
    text = "".join(f"{name}: {'ok' if is_well else 'NOT OK'}, {words}\n" for name, words, is_well in told)
    status = 200 if all(is_well for _, _, is_well in told) else 503
    return Response(text, status, mimetype="text/plain")


def _database(*, whole: bool) -> Part:
    """Whether it is there and up to date; on the whole also whether every table can be read."""
    database = get_database()
    try:
        if schema.current(database) != _heads():
            return "database", "not at the revision of the program", False
        if whole and integrity.problems(database, Depth.NEWEST):
            return "database", "damaged", False
    except DatabaseTrouble as error:
        return "database", f"does not answer ({type(error).__name__})", False
    return "database", "answers", True


def _heads() -> tuple[str, ...]:
    """The program's newest revision: read from its files once, for it does not change."""
    known: tuple[str, ...] | None = current_app.extensions.get("consult_heads")
    if known is None:
        known = current_app.extensions["consult_heads"] = schema.heads()
    return known


def _clock() -> Part:
    with get_database().reading() as session:
        beat = beats.last_beat(session, beats.CLOCK)
    if beat is None:
        return "clock", "has never run", False
    age = utc_now() - beat
    return "clock", f"last beat {_seconds(age)} s ago", age <= LONGEST_BEAT


def _outbox() -> Part:
    with get_database().reading() as session:
        queued_at = outbox.oldest_queued(session)
    if queued_at is None:
        return "outbox", "no mail waits", True
    age = utc_now() - queued_at
    return "outbox", f"the oldest mail has waited {_seconds(age)} s", age <= LONGEST_WAIT


def _seconds(age: timedelta) -> int:
    return max(0, int(age.total_seconds()))


def _disks() -> Iterable[Part]:
    """The disks that this program itself writes to."""
    file = get_database().file
    if file is not None:
        yield _disk("disk", file.parent)
    if config().mail_backend == "file":
        folder = Path(config().mail_folder)
        yield _disk("disk of mails", folder if folder.exists() else Path())


def _disk(name: str, folder: Path) -> Part:
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return name, "cannot be read", False
    return name, f"{free // 1024**2} MB free", free >= LEAST_FREE


def under_any_name(app: "WSGIApplication", host: str) -> "WSGIApplication":
    """Let machines ask by whatever name they reach this server: these answers repeat no name."""

    def asked(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ.get("PATH_INFO") in ADDRESSES:
            environ = {**environ, "HTTP_HOST": host}
        return app(environ, start_response)

    return asked
