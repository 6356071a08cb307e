"""What a refusal is about: one dataclass of named values for each kind of them.

Values are names, numbers and keys as they are stored; words for them are found where a person
reads the refusal.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Facts:
    """Nothing to tell beyond the code."""


@dataclass(frozen=True, slots=True)
class Named(Facts):
    """A file, format, schedule or folder by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class NamedAmong(Named):
    """A name that nothing has, and the names there are."""

    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NamedUpTo(Named):
    """A name, and how long one may be."""

    number: int


@dataclass(frozen=True, slots=True)
class NameHides(Named):
    """A name, and the signs in it that nobody sees."""

    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnsAmong(Facts):
    """Columns that there are not, and those there are."""

    columns: tuple[str, ...]
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignIsHidden(Facts):
    """A cell by its column, the signs in it that nobody sees, and how it looks."""

    column: str
    signs: tuple[str, ...]
    cell: str


@dataclass(frozen=True, slots=True)
class OfStage(Facts):
    """A stage by its key."""

    stage: str


@dataclass(frozen=True, slots=True)
class OfStages(OfStage):
    """A stage and the one that comes before it, by their keys."""

    earlier: str


@dataclass(frozen=True, slots=True)
class OfExpert(Facts):
    """An expert by code."""

    code: str


@dataclass(frozen=True, slots=True)
class ExpertAtStage(OfExpert):
    """An expert by code, and a stage by its key."""

    stage: str


@dataclass(frozen=True, slots=True)
class Decided(Facts):
    """What became of a proposal or measure."""

    fate: str


@dataclass(frozen=True, slots=True)
class OfMeasure(Decided):
    """A measure by its key, and what became of it."""

    measure: str


@dataclass(frozen=True, slots=True)
class Counted(Facts):
    """How many, or how many at most."""

    number: int


@dataclass(frozen=True, slots=True)
class Entry(Facts):
    """An entry of the journal by its number."""

    number: int


@dataclass(frozen=True, slots=True)
class Entries(Facts):
    """Two entries of the journal that stand side by side."""

    earlier: int
    later: int


@dataclass(frozen=True, slots=True)
class Lengths(Facts):
    """The least and the greatest number of characters."""

    shortest: int
    longest: int


@dataclass(frozen=True, slots=True)
class AtTime(Facts):
    """A wall-clock time as it was written."""

    time: str


@dataclass(frozen=True, slots=True)
class InZone(AtTime):
    """A wall-clock time as it was written, and the time zone."""

    zone: str


@dataclass(frozen=True, slots=True)
class Digests(Facts):
    """The day of a registration, and the beginnings of two digests."""

    date: str
    registered: str
    digest: str


@dataclass(frozen=True, slots=True)
class Addressed(Facts):
    """An e-mail address."""

    email: str


@dataclass(frozen=True, slots=True)
class ForeignAddress(Addressed):
    """What was given as an e-mail address, and how mail servers write it."""

    offered: str


@dataclass(frozen=True, slots=True)
class AddressOf(Addressed):
    """An e-mail address and the code of the expert whose it is."""

    code: str


@dataclass(frozen=True, slots=True)
class RolesApart(Addressed):
    """The account, the roles it has, and the one it cannot have as well."""

    held: tuple[str, ...]
    role: str


@dataclass(frozen=True, slots=True)
class Told(Facts):
    """Words for the command line, which speaks English."""

    words: str
