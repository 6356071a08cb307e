"""What became of a measure; and where the program notes why by itself, a code and its facts.

A person's words about a measure stay what they are. Before there were codes the program wrote
sentences; they stand in released texts and packages of that time for ever and are read here.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, TypedDict


class Fate(StrEnum):
    """What became of a measure after a round: the one list."""

    CARRIED = "carried"
    SETTLED = "settled"
    DROPPED = "dropped"
    MERGED = "merged"
    REWORDED = "reworded"
    ADDED = "added"


GONE = frozenset({Fate.DROPPED, Fate.MERGED})
"""Fates after which a measure is not in the list any more."""
FINAL = GONE | {Fate.SETTLED}
"""Fates after which a measure is not rated again."""


class FateCode(StrEnum):
    """Why a measure was carried or settled."""

    GOES_INTO = "goes_into"
    STABLE_VERDICTS = "stable_verdicts"


@dataclass(frozen=True, slots=True)
class GoesInto:
    """The stage, by its key, that takes a measure over from the round before."""

    stage: str


@dataclass(frozen=True, slots=True)
class StableVerdicts:
    """The criteria of a measure in their order, each with its verdict, all of them stable."""

    verdicts: tuple[tuple[str, str], ...]


Noted = GoesInto | StableVerdicts
CODES: Mapping[type[Noted], FateCode] = {GoesInto: FateCode.GOES_INTO, StableVerdicts: FateCode.STABLE_VERDICTS}
OPENING, ENDING = "goes into ", ", stable"
VERDICTS = frozenset({"in", "out", "none", "not_judged"})


class Columns(TypedDict):
    """The columns of a row, and the keys of a released fate, that keep what the program noted."""

    code: str
    facts: dict[str, Any]


def columns(noted: Noted) -> Columns:
    """The columns of a row, and the keys of a released fate, that keep it."""
    return {"code": CODES[type(noted)].value, "facts": asdict(noted)}


def noted(code: str | None, facts: Mapping[str, Any]) -> Noted | None:
    """What a row or a released fate says; None where a person gave a reason instead."""
    if code == FateCode.GOES_INTO:
        return GoesInto(facts["stage"])
    if code == FateCode.STABLE_VERDICTS:
        return StableVerdicts(tuple((name, verdict) for name, verdict in facts["verdicts"]))
    return None


def noted_in_prose(fate: str, reason: str | None) -> Noted | None:
    """The same from a reason of the time before codes: `goes into KEY`, `KEY: in, stable; …`.

    Only what the program wrote about that fate, to the letter; anything else is a person's.
    """
    words = reason or ""
    if fate == Fate.CARRIED and words.startswith(OPENING) and " " not in words[len(OPENING) :]:
        return GoesInto(words[len(OPENING) :])
    if fate != Fate.SETTLED:
        return None
    verdicts = []
    for part in words.split("; "):
        name, _, verdict = part.removesuffix(ENDING).partition(": ")
        if not part.endswith(ENDING) or not name or " " in name or verdict not in VERDICTS:
            return None
        verdicts.append((name, verdict))
    return StableVerdicts(tuple(verdicts))


class ToldFate(TypedDict):
    """Why something became of a measure: a code with its facts, or a person's words."""

    code: str | None
    facts: dict[str, Any]
    reason: str | None


def told(fate: Mapping[str, Any]) -> ToldFate:
    """A fate of a package or of released texts, of any format, with `code`, `facts`, `reason`."""
    if "code" in fate:
        return {"code": fate["code"], "facts": fate["facts"], "reason": fate["reason"]}
    found = noted_in_prose(fate["fate"], fate["reason"])
    if found is None:
        return {"code": None, "facts": {}, "reason": fate["reason"]}
    return {**columns(found), "reason": None}
