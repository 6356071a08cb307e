"""Numbers told and numbers found: where they differ, and what cannot be compared."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from consult.services.package.restored_answers import RestoredAnswers

OVER_TIME = ("stability", "sensitivity", "outcome", "outcome_reason")
"""What of a criterion rests on the rows of the round before as well."""

BESIDE_ROWS = ("kept_in_list", "counted_at_close")
"""What of a criterion rests on how people answered, which no row tells."""

OF_PEOPLE_ALONE = ("why", "reasons_given")
"""What of a stage does."""

REPRODUCED = "reproduced"
TOLD = 3
"""How many differences are named; the rest are counted."""

RECKONED_OTHERWISE = re.compile(
    r"measures\..+\.verdict\.(margin|margin_reason|numbers\.(towards|to_in|to_out))"
    r"|panel\..+\.intraclass\.ICC\w+\.(low|high)"
)
"""Figures that the analysis reckons otherwise from version 1.2.0 on: margins are the least of any
kind, and an intraclass correlation of 1 has limits."""
RECKONED_FROM = (1, 2, 0)


class LeftOut:
    """Takes out of released numbers what cannot be computed from the rows of a package.

    `without`: stages whose rows are withheld, and which this one compares with. How people answered
    (from a short list, saved only, what they say played a part) stands in no row.
    """

    def __init__(self, answers: RestoredAnswers, without: Collection[str] = (), unstable: Collection[str] = ()) -> None:
        self._by_list = frozenset(unstable)
        self._gone = answers.suppressed
        self._without_groups = answers.is_grouping_suppressed
        self._lost = {
            key for key, column in answers.variables.items() if column.stages[:1] in [(stage,) for stage in without]
        }
        self._without_rounds = any(answers.restored.stages[key].kind == "round" for key in without)

    def __call__(self, numbers: Mapping[str, Any]) -> dict[str, Any]:
        """The numbers that can be compared."""
        kept = {name: part for name, part in numbers.items() if name != "analysis_version"}
        kept["variables"] = self._known(numbers["variables"])
        kept["pairs"] = {
            key: pair
            for key, pair in self._known(numbers["pairs"]).items()
            if pair["earlier"] not in self._gone | self._lost
        }
        if self._without_groups:
            del kept["groups"]
        else:
            kept["groups"] = {group: self._known(blocks) for group, blocks in numbers["groups"].items()}
        for part in OF_PEOPLE_ALONE:
            kept.pop(part, None)
        kept["measures"] = {key: self._of_rows(key, one) for key, one in kept["measures"].items()}
        if self._without_rounds:
            kept["measures"] = {key: _of_one_round(measure) for key, measure in kept["measures"].items()}
        if self._without_rounds or self._by_list:
            del kept["stopping"]
        return kept

    def _known(self, blocks: Mapping[str, Any]) -> dict[str, Any]:
        return {key: block for key, block in blocks.items() if key not in self._gone}

    def _of_rows(self, key: str, measure: Mapping[str, Any]) -> dict[str, Any]:
        """A measure without what stands in no row."""
        listed = {name for name in measure["criteria"] if f"{key}.{name}" in self._by_list}
        criteria = {
            name: {
                part: value
                for part, value in block.items()
                if part not in BESIDE_ROWS and not (name in listed and part in OVER_TIME)
            }
            for name, block in measure["criteria"].items()
        }
        rest = {part: value for part, value in measure.items() if not (listed and part in ("class", "settled"))}
        return {**rest, "criteria": criteria}


def rests_on_how(numbers: Mapping[str, Any]) -> bool:
    """Whether anything told rests on how people answered."""
    return (
        any(part in numbers for part in OF_PEOPLE_ALONE)
        or bool(by_list(numbers))
        or any(part in block for _name, block in _criteria(numbers) for part in BESIDE_ROWS)
    )


def by_list(numbers: Mapping[str, Any]) -> set[str]:
    """Ratings whose stability is not known for how many were kept from the short list, `MEASURE.criterion`."""
    return {
        name for name, block in _criteria(numbers) if "kept_in_list" in (block.get("stability") or {}).get("codes", ())
    }


def _criteria(numbers: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """What is told of every measure under every criterion, by `MEASURE.criterion`."""
    for key, measure in numbers["measures"].items():
        for name, block in measure["criteria"].items():
            yield f"{key}.{name}", block


def _of_one_round(measure: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "criteria": {
            name: {key: part for key, part in block.items() if key not in OVER_TIME}
            for name, block in measure["criteria"].items()
        }
    }


def differences(path: str, told: Any, found: Any) -> Iterator[str]:
    """Every place where two JSON values differ: `measures.M01.n: 11 is told, 10 comes out`."""
    if isinstance(told, dict) and isinstance(found, dict):
        for key in sorted(told.keys() | found.keys()):
            inner = f"{path}.{key}" if path else key
            yield from differences(inner, told.get(key), found.get(key))
    elif isinstance(told, list) and isinstance(found, list) and len(told) == len(found):
        for place, (one, other) in enumerate(zip(told, found, strict=True)):
            yield from differences(f"{path}[{place}]", one, other)
    elif told != found:
        yield f"{path}: {told} is told, {found} comes out"


def by_version(told: str, now: str, found: Sequence[str]) -> str | None:
    """Words where these differences come of another version of the analysis alone, else None.

    `told`: the version that froze the result, `now`: the one that computed it again; `found`: all
    differences, as `differences` names them, but for the version.
    """
    if told == now:
        return None
    if not found:
        return f"{REPRODUCED} by another version of the analysis"
    is_older = tuple(int(part) for part in re.findall(r"\d+", told)) < RECKONED_FROM
    if not is_older or not all(RECKONED_OTHERWISE.fullmatch(one.partition(":")[0]) for one in found):
        return None
    return f"{REPRODUCED}, but for what version {told} reckoned otherwise: {named(found)}"


def named(found: Sequence[str]) -> str:
    """The first differences, and how many there are beside."""
    rest = f" and {len(found) - TOLD} more" if len(found) > TOLD else ""
    return f"{'; '.join(found[:TOLD])}{rest}"


def surplus(told: Mapping[str, Any], found: Mapping[str, Any]) -> Iterator[str]:
    """Answers that come out of the rows and were not counted: people who left take answers with
    them, and add none."""
    after = dict(_counted(found))
    for key, before in _counted(told):
        now = after.get(key)
        if now is None or len(now) != len(before):
            continue  # withheld below a floor, or a number that nobody gives any more
        if any(count > most for count, most in zip(now, before, strict=True)):
            yield f"{key}: {before} is told, {now} comes out"


def _counted(numbers: Mapping[str, Any]) -> Iterator[tuple[str, list[int]]]:
    """The released counts of every variable and rating, by point or by label in order."""
    blocks = dict(numbers["variables"])
    for key, measure in numbers["measures"].items():
        blocks |= {f"{key}.{name}": block for name, block in measure["criteria"].items()}
    for key, block in blocks.items():
        if block["counts"] is not None:
            # the labels of numbers are the values that occurred: other ones, other counts
            yield f"{key} {' '.join(block.get('labels', ()))}".strip(), block["counts"]
