"""What a refusal of a file is about: tables, packages, the panel file, the briefing."""

from dataclasses import dataclass

from consult.refusals.facts import Facts, Named


@dataclass(frozen=True, slots=True)
class FileForRole(Named):
    """A file and the role that asked for it."""

    role: str


@dataclass(frozen=True, slots=True)
class Failed(Facts):
    """What a library says of a file or text."""

    error: str


@dataclass(frozen=True, slots=True)
class NamedFailed(Named):
    """A file or table by its name, and what a library says of it."""

    error: str


@dataclass(frozen=True, slots=True)
class LineOf(Named):
    """A line of a table by name and number."""

    line: int


@dataclass(frozen=True, slots=True)
class RowOf(Named):
    """A row of a table, as it is read."""

    row: str


@dataclass(frozen=True, slots=True)
class RowFailed(RowOf):
    """A row of a table, and what is wrong with it."""

    error: str


@dataclass(frozen=True, slots=True)
class AtLine(Facts):
    """A line of the editor's file."""

    line: int


@dataclass(frozen=True, slots=True)
class SectionAtLine(AtLine):
    """A section that is not there, the line that names it, and the sections there are."""

    key: str
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FigureFailed(Failed):
    """A figure by its label and title, and why it cannot be drawn."""

    label: str
    title: str


@dataclass(frozen=True, slots=True)
class PlaceFailed(Failed):
    """A place in the briefing, and what typst says of it."""

    place: str


@dataclass(frozen=True, slots=True)
class Problems(Facts):
    """Mistakes in a file, each as one line that says where it is."""

    problems: tuple[str, ...]
