"""What is imported is declared, and what is declared is imported."""

import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.sources import CODE, ROOT
from tests.test_floors import imports

USED_WITHOUT_IMPORT = {
    "editables": "hatchling asks for it where the project is installed from a checkout",
    "hatchling": "builds the project",
    "manimgx-fonts": "font files, found by their folder",
    "manimgx-fonts-cjk": "font files, found by their folder",
    "psycopg": "SQLAlchemy loads it for a database of PostgreSQL",
    "tzdata": "zoneinfo reads it where the system has no time zones",
}
OF_TYPE_CHECKERS = {"_typeshed"}
"""What is there while types are checked, and never imported."""
RUNNING = ("build", "documents", "files", "postgres")
"""Extras of the program itself, not of its tests."""


def _plain(name: str) -> str:
    """A distribution's name as all spellings of it are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [*project["dependencies"], *(one for extra in RUNNING for one in project["optional-dependencies"][extra])]
    return {_plain(re.split(r"[\\[<>=~! ;]", one, maxsplit=1)[0]) for one in listed}


def _imported() -> set[str]:
    roots = {found.root for found in imports()} - set(sys.stdlib_module_names) - set(CODE) - OF_TYPE_CHECKERS
    known = packages_distributions()
    namespaced = {"ruamel": "ruamel.yaml"}
    return {_plain(namespaced.get(root) or known[root][0]) for root in roots}


def test_all_that_is_imported_is_declared() -> None:
    assert _imported() - _declared() == set()


def test_all_that_is_declared_is_used() -> None:
    assert _declared() - _imported() == set(USED_WITHOUT_IMPORT)


def test_every_library_is_locked() -> None:
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    locked = {_plain(line.partition("==")[0]) for line in lock.splitlines() if "==" in line}
    assert _declared() - locked == set()
