"""What the tables of a file are made of, read once."""

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from consult.definition.consultation import Definition
from consult.models import Consultation
from consult.services.definitions import definition_of
from consult.services.frozen import populations
from consult.services.frozen.codebook import CodebookVariable, Reader, codebook, reader
from consult.services.frozen.row_files import RowFiles
from consult.services.rounds.frozen_stages import Frozen, frozen_stages
from consult.services.rounds.statuses import statuses_of
from consult.statuses import Status
from consult.words.catalogues import catalogue
from consult.words.readings import Classes

BATCH = 200
"""Submissions looked up at once."""


@dataclass(frozen=True, slots=True)
class CameTo:
    """The status of a measure, in words too, and whether it is final."""

    status: Status
    words: str
    is_final: bool


class TableSource:
    """Everything the tables are made of, read once per file.

    `frozen_only`: also participation is told of frozen stages only, as in a package, which must
    not change while a round is running.
    """

    def __init__(
        self, session: Session, consultation: Consultation, language: str | None, *, frozen_only: bool = False
    ) -> None:
        self.session, self.consultation = session, consultation
        self.frozen_only = frozen_only
        self.read: Reader = reader(session, consultation, language)
        self.translate = catalogue(self.read.language)

    @cached_property
    def definition(self) -> Definition:
        return definition_of(self.session, self.consultation.id)

    @cached_property
    def classes(self) -> Classes:
        """The classes of measures and their words."""
        assert self.definition.measures is not None
        content, rule = self.definition.measures, self.definition.rules.dissent
        return Classes(content, rule, self.translate, lambda words: self.read(words) or "")

    @cached_property
    def variables(self) -> dict[str, CodebookVariable]:
        return codebook(self.session, self.consultation)

    @cached_property
    def frozen(self) -> list[Frozen]:
        """Frozen stages in order; a stage before that is not in any file."""
        return frozen_stages(self.session, self.consultation)

    @cached_property
    def came_to(self) -> dict[str, CameTo]:
        """What every measure came to, by key; empty before a round is frozen."""
        known = statuses_of(self.session, self.consultation, self.frozen)
        if known is None:
            return {}
        words = self.classes.statuses(known, {item.stage.key: item.numbers.measures for item in self.frozen})
        return {key: CameTo(status, words[key], known.is_final) for key, status in known.measures.items()}

    @cached_property
    def standings(self) -> dict[int, RowFiles]:
        """By result: who stands in the row files of each frozen stage, and how."""
        return populations.standings(self.session, self.consultation, self.definition, self.variables, self.frozen)
