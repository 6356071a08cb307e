"""Refusals: named, raised in services, turned into pages or one-line messages elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Told
from consult.refusals.file_facts import Problems


class ConsultError(Exception):
    """A refusal the caller can explain to a person.

    Its text is the code with its facts; `consult.words.refusals` makes a sentence of it.
    """

    def __init__(self, refusal: Refusal | str) -> None:
        """What is refused; commands, which speak English, may say it in a sentence."""
        super().__init__(refusal)
        self.refusal = Refusal(Code.TOLD, Told(refusal)) if isinstance(refusal, str) else refusal


class NotFound(ConsultError):
    """There is nothing at this address."""


class NotAllowed(ConsultError):
    """Your role does not allow this."""


class LinkNotValid(ConsultError):
    """This link is not valid, or no longer."""


class NoConsent(ConsultError):
    """Answers are taken only after consent."""


class StageNotOpen(ConsultError):
    """This stage is not open."""


class StageNotFrozen(ConsultError):
    """The previous round has not been closed and frozen yet."""


class AlreadyClosed(ConsultError):
    """This stage is closed already."""


class AnswersIncomplete(ConsultError):
    """Some answers are missing or not valid."""


class Withdrawn(ConsultError):
    """This expert has withdrawn from the consultation."""


class AlreadyPublished(ConsultError):
    """A consultation of this name is published already."""


class ProtocolLocked(ConsultError):
    """The protocol was registered when the first round opened and cannot change."""


class ReasonNeeded(ConsultError):
    """This act needs a reason."""


class NotPossible(ConsultError):
    """This cannot be done in the present state."""


class DatabaseBehind(ConsultError):
    """The database is behind the program; run `consult db upgrade`."""


class ConfigInvalid(ConsultError):
    """A setting is unsafe or cannot be read."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One mistake in a consultation's folder: where it is, what it is, how to fix it."""

    file: str
    line: int
    message: str
    fix: str = ""

    def __str__(self) -> str:
        words = f"{self.message}; {self.fix}" if self.fix else self.message
        return f"{self.file}:{self.line}: {words}"


class DefinitionInvalid(ConsultError):
    """The consultation's folder has problems; nothing was published."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        super().__init__(Refusal(Code.FOLDER_REFUSED, Problems(tuple(map(str, problems)))))
        self.problems = list(problems)


class PanelInvalid(ConsultError):
    """The panel file has problems; nothing was imported."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        super().__init__(Refusal(Code.PANEL_REFUSED, Problems(tuple(map(str, problems)))))
        self.problems = list(problems)


class PasswordRefused(ConsultError):
    """A password has 12 to 200 characters."""
