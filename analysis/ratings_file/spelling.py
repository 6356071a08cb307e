"""How the names in a file are spelt: those that look the same are one, those alike are refused."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from analysis.ratings_file.coded_ratings import Merged, name_digests
from analysis.ratings_file.names import clean, folded

NOTES = 20
"""How many names taken as one with another spelling are told."""


@dataclass
class ExpertNames:
    """The experts of some rows."""

    met: dict[str, tuple[int, str, int]] = field(default_factory=dict)
    """By folded name: a number of their own, how they were first spelt, and the line."""
    known: dict[str, int | None] = field(default_factory=dict)
    """Their numbers by the cell as it stands; None for one that was refused."""


class Spellings:
    """One spelling for each name of a file; of experts a digest of it is kept, and the line."""

    def __init__(self, refuse: Callable[[int, str, str], None], merged: list[Merged]) -> None:
        self.refuse, self.merged = refuse, merged
        self._first: dict[tuple[str, str], tuple[str, int]] = {}
        self._experts = np.empty(0, "S16")
        self._lines = np.empty(0, np.int64)

    def name(self, line: int, column: str, cell: str) -> str | None:
        """A name in its one spelling; None for one that is empty or like another but not it."""
        name = clean(cell)
        if not name:
            self.refuse(line, "empty", column)
            return None
        if name != cell.strip():
            self._note(line, column, name)
        first, at = self._first.setdefault((column, folded(name)), (name, line))
        if first != name:
            self.refuse(line, "twin", f"{column} '{name}', on line {at} '{first}'")
            return None
        return name

    def _note(self, line: int, column: str, name: str) -> None:
        if len(self.merged) < NOTES:
            self.merged.append(Merged(line, column, name))

    def expert(self, line: int, cell: str, names: ExpertNames) -> int | None:
        """The number among these of an expert met in this spelling for the first time."""
        name = clean(cell)
        if not name:
            self.refuse(line, "empty", "expert")
            return None
        if name != cell.strip():
            self._note(line, "expert", name)
        own = (len(names.met), name, line)
        number, first, at = names.met.setdefault(folded(name), own)
        if first != name:
            self.refuse(line, "twin", f"expert '{name}', on line {at} '{first}'")
        names.known[cell] = number if first == name else None
        return names.known[cell]

    def refuse_twins(self, places: npt.NDArray[np.int64], names: ExpertNames, experts: int) -> None:
        """Refuse those whom earlier rows spelt otherwise.

        ``places``: the number of each of ``names.met`` in the whole file; ``experts``: how many
        are known by now.
        """
        met = list(names.met.values())
        spelt = name_digests(name for _, name, _ in met)
        before = self._experts.size
        self._experts = np.concatenate((self._experts, np.empty(experts - before, "S16")))
        self._lines = np.concatenate((self._lines, np.empty(experts - before, np.int64)))
        new = places >= before
        self._experts[places[new]] = spelt[new]
        self._lines[places[new]] = np.asarray([line for _, _, line in met], np.int64)[new]
        for place in np.flatnonzero(self._experts[places] != spelt).tolist():
            _, name, line = met[place]
            first = self._lines[places[place]]
            self.refuse(line, "twin", f"expert '{name}', otherwise on line {first}")
