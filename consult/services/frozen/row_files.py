"""Who stands in the row files of one frozen stage, and how; or why there are none."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from consult.services.frozen.codebook import Cell, CodebookVariable
from consult.services.frozen.k_anonymity import SUPPRESSED, KAnonymity


class Withheld(StrEnum):
    """Why there are no row files of a stage."""

    FEW_ALIKE = "few_alike"
    DIFFERENCING = "differencing"
    LEFT_BEFORE = "left_before"
    ERASED = "erased"
    OBJECTED = "objected"


TEXTS_TOO = (Withheld.LEFT_BEFORE, Withheld.ERASED)
"""What withholds the texts of a stage as well."""


@dataclass(frozen=True, slots=True)
class Person:
    """One expert's submission that counts, as the file may call them."""

    expert_id: int
    submission_id: int
    pseudonym: str
    group: str | None


@dataclass(frozen=True, slots=True)
class RowFiles:
    """The row files of one frozen stage: people in their order, what is told of them, or why not.

    `submissions` and `cells`: of each expert that was counted, erased ones too, the submission,
    and a number that those share of whom the same is told beside the answers. `was_out`: whether
    somebody may hold the rows, be they withheld by now. `texts`: how many texts each variable got.
    `digests`: what was written down at the freeze; none where nothing was.
    """

    people: tuple[Person, ...]
    submissions: Mapping[int, int]
    cells: Mapping[int, int]
    anonymity: KAnonymity
    withheld: Withheld | None
    was_out: bool
    texts: Mapping[str, int]
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[Person, ...]:
        """The people of the row files."""
        return () if self.withheld else self.people

    @property
    def writers(self) -> tuple[Person, ...]:
        """The people of the file of texts, which does not say who answered which stages."""
        return () if self.withheld in TEXTS_TOO else self.people

    def group(self, person: Person) -> str | None:
        """The reporting group as the file may say it."""
        return self.anonymity.group(person.group)

    def told(self, variable: CodebookVariable, value: int | None, state: str | None) -> tuple[Cell, str | None]:
        """An answer as files show it: option keys for codes, and nothing that few share."""
        if variable.disclosure == "grouped" and variable.key not in self.anonymity.shown:
            return None, SUPPRESSED
        if value is None:
            return None, state
        return variable.shown(value) if variable.codes else value, state


def drawn(seed: str, *words: str) -> str:
    """A place in an order that nobody can foretell without the seed frozen with a result."""
    message = "\0".join(words).encode()
    return hmac.new(bytes.fromhex(seed), message, hashlib.sha256).hexdigest()
