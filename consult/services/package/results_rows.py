"""What stands in `results.json` of a package, part by part; `results_schema` says what it means."""

from collections.abc import Iterator, Mapping
from typing import Any, NotRequired, TypedDict

from consult.briefing.context import DeviationGiven, ProposalGiven, VersionGiven
from consult.models import ReleaseKind
from consult.services.frozen.row_files import Withheld


class About(TypedDict):
    """The consultation, without anybody's name."""

    slug: str
    zone: str
    schedule: str
    language: str
    definition_digest: str


class RegistrationRow(TypedDict):
    """The protocol as it was locked."""

    digest: str
    locked_at: str


class ReleaseRow(TypedDict):
    """Numbers, texts or statuses as they were released, and the digest over them."""

    digest: str
    content: dict[str, Any]


class ResultRow(TypedDict):
    """A frozen result, and why there are no rows of it, where there are none.

    `final`: missing before format 4.
    `left_since`: in format 1 only, how many were counted and left before the package was written.
    """

    number: int
    digest: str
    protocol_digest: str
    analysis_version: str
    correction: str | None
    frozen_at: str
    rows_withheld: Withheld | None
    numbers: ReleaseRow | None
    texts: ReleaseRow | None
    final: NotRequired[ReleaseRow | None]
    left_since: NotRequired[int]


def releases(told: ResultRow) -> Iterator[tuple[ReleaseKind, ReleaseRow]]:
    """What was released of a result, each with its kind."""
    kinds = (
        (ReleaseKind.NUMBERS, told["numbers"]),
        (ReleaseKind.TEXTS, told["texts"]),
        (ReleaseKind.FINAL, told.get("final")),
    )
    yield from ((kind, row) for kind, row in kinds if row is not None)


class StageRow(TypedDict):
    """One stage; moments in ISO 8601."""

    key: str
    kind: str
    round: int | None
    position: int
    opens_at: str
    closes_at: str
    opened_at: str | None
    closed_at: str | None
    result: ResultRow | None


class VariableTold(TypedDict):
    """One column of the data."""

    key: str
    question: str
    level: str
    scale: str | None
    labels: list[Any]
    text: Mapping[str, str]
    disclosure: str


class AskedInStage(TypedDict):
    """Which wording of a measure a stage asked, and where in the list."""

    version: int
    position: int


class FateRow(TypedDict):
    """What became of a measure: by a code with its facts, or in a person's words."""

    stage: str | None
    fate: str
    code: str | None
    facts: dict[str, Any]
    reason: str | None
    reason_in: Mapping[str, str] | None
    into: str | None


class MeasureRow(TypedDict):
    """A measure with all its wordings; `asked`: by stage."""

    key: str
    theme: str
    position: int
    versions: list[VersionGiven]
    asked: dict[str, AskedInStage]
    fates: list[FateRow]


class Document(TypedDict):
    """The whole file; `code`: versions of the program, `free_texts`: how many each question got."""

    format: int
    code: Mapping[str, str]
    consultation: About
    registration: RegistrationRow | None
    erased: int
    stages: list[StageRow]
    variables: list[VariableTold]
    measures: list[MeasureRow]
    proposals: list[ProposalGiven]
    deviations: list[DeviationGiven]
    free_texts: dict[str, int]
