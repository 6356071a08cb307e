"""Imports only go down: who may import whom, held by reading the import statements."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from tests.sources import CODE, ROOT, Module, modules

ANYTHING = frozenset({"*"})
BASICS = frozenset(
    {
        "consult.canonical",
        "consult.characters",
        "consult.clock",
        "consult.config",
        "consult.errors",
        "consult.fates",
        "consult.optional_uses",
        "consult.recent",
        "consult.refusals",
        "consult.released_texts",
        "consult.roles",
        "consult.statuses",
    }
)

# Each room and the rooms below it. A room may always import itself; what is not listed here has
# no place yet, and `test_every_module_has_a_floor` asks for one.
FLOORS: dict[str, frozenset[str]] = {
    # Wiring: the commands, the server with its clock, and the demonstration that plays them.
    "consult.cli": ANYTHING,
    "consult.commands": ANYTHING,
    "consult.demo": ANYTHING,
    "consult.keeping": ANYTHING,
    "consult.serving": ANYTHING,
    "consult.rsgi": frozenset(),
    "consult.workers": ANYTHING,
    "consult.web": BASICS
    | {
        "analysis",
        "consult.briefing",
        "consult.database",
        "consult.definition",
        "consult.integrity",
        "consult.models",
        "consult.schema",
        "consult.services",
        "consult.words",
    },
    "consult.schema": BASICS | {"consult.catalogue", "consult.database", "consult.models", "consult.places"},
    "consult.integrity": BASICS | {"consult.database", "consult.models"},
    "consult.catalogue": frozenset(),
    "consult.places": frozenset({"consult.errors"}),
    "consult.services": BASICS
    | {"analysis", "consult.briefing", "consult.definition", "consult.models", "consult.words"},
    "consult.briefing": frozenset(
        {
            "analysis",
            "consult.characters",
            "consult.clock",
            "consult.definition",
            "consult.errors",
            "consult.fates",
            "consult.refusals",
            "consult.released_texts",
            "consult.statuses",
            "consult.words",
        }
    ),
    # What is said of results, of dates and to whom in which language: for pages, mails and files.
    "consult.words": frozenset(
        {
            "analysis",
            "consult.definition",
            "consult.errors",
            "consult.fates",
            "consult.refusals",
            "consult.roles",
            "consult.statuses",
        }
    ),
    "consult.models": frozenset(
        {
            "analysis.protocol",
            "consult.canonical",
            "consult.clock",
            "consult.database",
            "consult.errors",
            "consult.fates",
            "consult.optional_uses",
            "consult.roles",
        }
    ),
    "consult.definition": frozenset(
        {
            "analysis.protocol",
            "consult.canonical",
            "consult.characters",
            "consult.errors",
            "consult.optional_uses",
            "consult.refusals",
        }
    ),
    "consult.database": BASICS | {"consult.sqlite"},
    "consult.sqlite": {"consult.turns"},
    "consult.turns": frozenset(),
    "consult.canonical": frozenset(),
    "consult.characters": frozenset(),
    "consult.config": frozenset({"consult.errors"}),
    "consult.clock": frozenset({"consult.errors"}),
    "consult.errors": frozenset({"consult.refusals"}),
    "consult.fates": frozenset(),
    "consult.optional_uses": frozenset(),
    "consult.refusals": frozenset(),
    "consult.recent": frozenset(),
    "consult.released_texts": frozenset(),
    "consult.roles": frozenset(),
    "consult.statuses": frozenset({"analysis", "consult.fates"}),
    "analysis": frozenset(),
    "migrations": frozenset({"consult.config", "consult.database", "consult.models"}),
}

FLASK = frozenset({"flask", "flask_babel", "flask_login", "flask_wtf", "wtforms"})
SQL = frozenset({"alembic", "sqlalchemy"})

# Libraries that a room must not know.
STRANGERS: dict[str, frozenset[str]] = {
    "consult.web": SQL,
    "consult.services": FLASK,
    "consult.briefing": FLASK | SQL,
    "consult.words": FLASK | SQL,
    "consult.models": FLASK,
    "consult.definition": FLASK | SQL,
    "consult.characters": FLASK | SQL,
    "consult.config": FLASK | SQL,
    "consult.clock": FLASK | SQL,
    "consult.errors": FLASK | SQL,
    "consult.fates": FLASK | SQL,
    "consult.optional_uses": FLASK | SQL,
    "consult.refusals": FLASK | SQL,
    "consult.roles": FLASK | SQL,
    "migrations": FLASK,
}

ANALYSIS_LIBRARIES = frozenset({"numpy", "pandas", "scipy"})
# What an expert's page never needs, and what may therefore be imported where it is used.
HEAVY = frozenset({"docx", "matplotlib", "pandas", "plotly", "pyarrow", "pyreadstat", "scipy", "typst", "xlsxwriter"})
# "module": what it imports where it is used, because that loads one of these.
LATE = {
    "consult.services.running.stage_acts": {"consult.services.rounds.freezing", "consult.services.files.keeping"},
    "consult.services.running.leaving": {"consult.services.files.keeping"},
    "consult.web.staff.briefing": {"consult.briefing.forms"},
}


class Import(NamedTuple):
    """One imported module, where it stands, and whether that is inside a function or class."""

    module: Module
    node: ast.Import | ast.ImportFrom
    target: str
    inner: str

    @property
    def root(self) -> str:
        return self.target.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.module.at(self.node)} imports {self.target}"


@cache
def imports() -> tuple[Import, ...]:
    return tuple(
        Import(module, node, target, inner)
        for module in modules(*CODE)
        for node, inner in _statements(module.tree, "")
        for target in _targets(node)
    )


def _statements(parent: ast.AST, inner: str) -> Iterator[tuple[ast.Import | ast.ImportFrom, str]]:
    for node in ast.iter_child_nodes(parent):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, inner
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield from _statements(node, node.name)
        else:
            yield from _statements(node, inner)


def _targets(node: ast.Import | ast.ImportFrom) -> list[str]:
    """The modules a statement reaches: `from consult import clock` reaches `consult.clock`."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    source = node.module or ""
    known = {module.name for module in modules(*CODE)}
    names = [f"{source}.{alias.name}" for alias in node.names]
    return [name if name in known else source for name in names]


def _within(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def _room(name: str) -> str | None:
    if name == "consult":
        return name
    return next((room for room in FLOORS if _within(name, room)), None)


def _allowed(name: str, target: str) -> bool:
    # The factory wires everything; only the commands may ask for the factory.
    if name == "consult":
        return True
    room = _room(name)
    assert room is not None, f"{name} has no floor"
    below = FLOORS[room]
    return below == ANYTHING or any(_within(target, lower) for lower in (room, *below))


def test_there_is_something_to_hold() -> None:
    assert {module.name.partition(".")[0] for module in modules(*CODE)} == set(CODE)


def test_every_module_has_a_floor() -> None:
    assert [module.name for module in modules(*CODE) if _room(module.name) is None] == []


def test_imports_go_down() -> None:
    own = [found for found in imports() if found.root in CODE]
    assert [str(found) for found in own if not _allowed(found.module.name, found.target)] == []


def test_rooms_do_not_know_strangers() -> None:
    offenders = [
        str(found) for found in imports() if found.root in STRANGERS.get(_room(found.module.name) or "", frozenset())
    ]
    assert offenders == []


def test_analysis_stands_on_numbers_alone() -> None:
    offenders = [
        str(found)
        for found in imports()
        if _within(found.module.name, "analysis")
        and found.root not in {"analysis", *ANALYSIS_LIBRARIES, *sys.stdlib_module_names}
        and (found.module.name, found.root) != ("analysis.plots", "plotly")
    ]
    assert offenders == []


def test_plotly_is_imported_in_one_place() -> None:
    found = {found.module.name for found in imports() if found.root == "plotly"}
    assert found == {"analysis.plots"}


def test_only_the_database_module_knows_flask_and_sqlalchemy() -> None:
    flask = {found.module.name for found in imports() if found.root in FLASK}
    sqlalchemy = {found.module.name for found in imports() if found.root == "sqlalchemy"}
    assert flask & sqlalchemy <= {"consult.database"}


def test_a_migration_never_leans_on_the_models() -> None:
    """The models of today would rewrite what a migration did when it was written."""
    offenders = [
        str(found)
        for found in imports()
        if _within(found.module.name, "migrations.versions") and _within(found.target, "consult.models")
    ]
    assert offenders == []


def test_questionnaires_are_data() -> None:
    assert [str(module.path) for module in modules("questionnaires")] == []


def test_imports_are_absolute() -> None:
    offenders = [str(found) for found in imports() if isinstance(found.node, ast.ImportFrom) and found.node.level]
    assert offenders == []


def test_imports_stand_at_the_top() -> None:
    offenders = [
        str(found)
        for found in imports()
        if found.inner
        and found.root not in HEAVY
        and found.target not in LATE.get(found.module.name, ())
        and not _about_the_factory(found)
    ]
    assert offenders == []


def _about_the_factory(found: Import) -> bool:
    """Inside `create_app`, or asking for it."""
    return (found.module.name, found.inner) == ("consult", "create_app") or (
        found.target == "consult" and {alias.name for alias in found.node.names} == {"create_app"}
    )


def test_an_experts_page_loads_nothing_heavy() -> None:
    """In a process of its own: this one may have loaded them for another test."""
    program = f"import sys, consult.web.expert.respond\nprint(*sorted({set(HEAVY)!r} & set(sys.modules)))"
    finished = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.split() == []
