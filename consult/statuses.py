"""What each measure came to: one status of each, provisional until the consultation is finished."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from analysis.verdict.leaning import CLASS_READINGS
from consult.fates import Fate

FORMAT = 1


class Ending(StrEnum):
    """What a measure came to that has no class of ratings at the end."""

    DROPPED = Fate.DROPPED.value
    MERGED = Fate.MERGED.value
    UNRATED = "unrated"


CODES = (*CLASS_READINGS, *Ending)
"""Every status there is, in the order of a list by status."""


@dataclass(frozen=True, slots=True)
class Status:
    """What one measure came to.

    `code`: one of `CODES`, a class by its ratings or an ending. `stage`: the round,
    by its key, in which it was rated last; `wording`: the number of the wording rated there; `into`:
    the measure it was merged into.
    """

    code: str
    stage: str | None = None
    wording: int | None = None
    into: str | None = None


@dataclass(frozen=True, slots=True)
class Statuses:
    """The status of every measure there ever was, by key, in the order of the list.

    `after`: the number of the last round that was frozen by then. `is_final` once the consultation
    was finished: then nothing changes it any more.
    """

    after: int
    measures: Mapping[str, Status]
    is_final: bool = False


def written(statuses: Statuses) -> dict[str, Any]:
    """The content of a `final` release."""
    return {
        "format": FORMAT,
        "after_round": statuses.after,
        "measures": [{"key": key, **asdict(status)} for key, status in statuses.measures.items()],
    }


def read(content: Mapping[str, Any]) -> Statuses:
    """What a `final` release says. Raises KeyError, TypeError for what is none."""
    rows = {row["key"]: Status(**{name: row[name] for name in row if name != "key"}) for row in content["measures"]}
    return Statuses(content["after_round"], rows, is_final=True)
