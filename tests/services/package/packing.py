"""Packages made, opened, put together otherwise, and verified."""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

from consult.database import Database
from consult.models import Base
from consult.services.package import verifying, writing
from consult.services.package.reading import PackageFile
from consult.services.package.verifying import Verified
from tests.services.conftest import World

Edit = Callable[[dict[str, str]], None]


def packed(world: World, language: str | None = None) -> bytes:
    out = io.BytesIO()
    writing.write_package(world.session, world.consultation, out, language)
    return out.getvalue()


def contents(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def written(files: dict[str, str], path: Path, *, sums: bool = True) -> Path:
    """A package of these files; by default somebody took care of the checksums, too."""
    files = dict(files)
    if sums:
        for text in ("datapackage.json", writing.SUMS):
            for name in files:
                now = hashlib.sha256(files[name].encode()).hexdigest()
                files[text] = _with_digest(files[text], name, now)
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path


def _with_digest(text: str, name: str, digest: str) -> str:
    if text.startswith("{"):
        document = json.loads(text)
        for resource in document["resources"]:
            if resource["path"] == name:
                resource["hash"] = f"sha256:{digest}"
        return json.dumps(document)
    return re.sub(f"[0-9a-f]{{64}}(?=  {re.escape(name)}$)", digest, text, flags=re.MULTILINE)


def checked(path: Path) -> Verified:
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    with PackageFile(path) as package, database.open_session(writes=True) as session:
        found = verifying.verify(session, package)
    database.dispose()
    return found
