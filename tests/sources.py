"""The project's own source files, for the tests that sweep over all of them."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
CODE = ("analysis", "consult", "migrations")


class Module(NamedTuple):
    """A Python file: its dotted name, its path and its lines."""

    name: str
    path: Path
    lines: tuple[str, ...]

    @property
    def tree(self) -> ast.Module:
        return _parse(self.path)

    def at(self, node: ast.stmt | ast.expr) -> str:
        return f"{self.path.relative_to(ROOT)}:{node.lineno}"


@cache
def _parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def modules(*folders: str) -> tuple[Module, ...]:
    """Every Python file below these folders of the project, in order of path."""
    return tuple(
        Module(_dotted(path), path, tuple(path.read_text(encoding="utf-8").splitlines()))
        for folder in folders
        for path in sorted((ROOT / folder).rglob("*.py"))
    )


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def texts(folder: str, *suffixes: str) -> Iterator[tuple[str, str]]:
    """Path (relative) and content of every file below a folder with one of these suffixes."""
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix in suffixes and path.is_file():
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
