"""Verifying a package: every statistic computed again from its rows, every table written again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from analysis.canonical import digest, plain
from analysis.disclosure import release
from analysis.ledger import withhold
from analysis.protocol import Protocol
from analysis.report import stage_result
from consult.errors import NotPossible, ProtocolLocked
from consult.models import Stage
from consult.services import gathering, rounds
from consult.services.csvfile import lines
from consult.services.package_file import PackageFile
from consult.services.packaging import TABLES
from consult.services.released_tables import Source
from consult.services.restoring import BROKEN, Restored
from consult.services.wide import STATE

ROW_FILES = frozenset(
    {"ratings-long.csv", "ratings-wide.csv", "answers-long.csv", "answers-wide.csv",
     "free-texts.csv"}
)  # fmt: skip
TOLD = 3
"""How many differences are named; the rest are counted."""

REPRODUCED = "reproduced"


@dataclass(frozen=True, slots=True)
class StageCheck:
    """One frozen stage: its digest, what came of it in words, and whether that is right."""

    stage: str
    digest: str
    words: str
    holds: bool


@dataclass(slots=True)
class Verified:
    """What a package turned out to be. `problems`: whatever is not as it should be."""

    stages: list[StageCheck] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """Whether nothing was changed; a result that erasure made impossible to repeat counts."""
        return not self.problems and all(stage.holds for stage in self.stages)


def verify(session: Session, package: PackageFile) -> Verified:
    """Check a package; `session` is on an empty database that nobody else uses."""
    found = Verified(problems=package.problems())
    if found.problems:
        return found
    try:
        restored = Restored(session, package)
        restored.add_answers()
        protocol = _protocol(restored)
        for stage, told in restored.frozen():
            found.stages.append(_checked(restored, protocol, stage, told))
        found.problems += _other_tables(restored)
        found.problems += _wide_tables(package)
        found.problems += _described(package)
    except (NotPossible, ProtocolLocked) as refused:
        found.problems.append(str(refused))
    except BROKEN as error:
        found.problems.append(f"it does not hold together: {error!r}")
    return found


def _protocol(restored: Restored) -> Protocol:
    """The protocol of the definition, which must be the registered one. Raises NotPossible."""
    protocol = rounds.registered_protocol(restored.session, restored.consultation)
    if digest(restored.package.document("protocol.json")) != protocol.digest():
        raise NotPossible("protocol.json is not the protocol of the definition")
    return protocol


def _checked(
    restored: Restored, protocol: Protocol, stage: Stage, told: dict[str, Any]
) -> StageCheck:
    given = gathering.stage_input(restored.session, restored.consultation, stage, protocol)
    numbers = told["numbers"]["content"]
    content = stage_result(protocol, replace(given, participation=numbers["participation"]))
    restored.add_result(stage, told, content)
    for kind in ("numbers", "texts"):
        if told[kind] is not None and digest(told[kind]["content"]) != told[kind]["digest"]:
            return StageCheck(stage.key, told["digest"], f"its {kind} were changed", False)
    words, holds = _compared(restored, protocol, content, told)
    return StageCheck(stage.key, told["digest"], words, holds)


def _compared(
    restored: Restored, protocol: Protocol, content: dict[str, Any], told: dict[str, Any]
) -> tuple[str, bool]:
    there = told["numbers"]["content"]
    here = _shown(content, protocol, there.get("withheld"))
    if digest(content) == told["digest"]:
        if found := list(differences("", there, here)):
            return f"the numbers are not those of its result: {found[0]}", False
        return REPRODUCED, True
    left_out = _left_out(restored)
    here, there = left_out(here), left_out(there)
    found = list(differences("", there, here))
    if not found and (restored.suppressed or restored.is_grouping_suppressed):
        return f"{REPRODUCED}, but for figures whose rows are suppressed", True
    if not found and content["analysis_version"] != told["analysis_version"]:
        return f"{REPRODUCED} by another version of the analysis", True
    more = list(surplus(there, here))
    if told["left_since"] and not more:
        erased = restored.results["erased"]
        who = f"{erased} erased" if erased else f"{told['left_since']} left since"
        return f"not reproducible: {who}", True
    named = "; ".join((more or found)[:TOLD]) or "in what is never released"
    rest = f" and {len(more or found) - TOLD} more" if len(more or found) > TOLD else ""
    return f"the rows give another result: {named}{rest}", False


def _shown(
    content: dict[str, Any], protocol: Protocol, withheld: Sequence[Sequence[str]] | None
) -> dict[str, Any]:
    """What of a result is released, without what stayed back beside earlier releases."""
    shown = release(content, protocol.disclosure)
    for place in withheld or ():
        withhold(shown, tuple(place))
    if withheld is not None:  # what was frozen by a version without a ledger does not say
        shown["withheld"] = withheld
    found: dict[str, Any] = plain(shown)
    return found


class _left_out:
    """Takes out of released numbers what cannot be computed from rows that were suppressed."""

    def __init__(self, restored: Restored) -> None:
        self._gone = restored.suppressed
        self._without_groups = restored.is_grouping_suppressed

    def __call__(self, numbers: Mapping[str, Any]) -> dict[str, Any]:
        kept = {name: part for name, part in numbers.items() if name != "analysis_version"}
        kept["variables"] = self._known(numbers["variables"])
        kept["pairs"] = {
            key: pair
            for key, pair in self._known(numbers["pairs"]).items()
            if pair["earlier"] not in self._gone
        }
        if self._without_groups:
            del kept["groups"]
        else:
            kept["groups"] = {
                group: self._known(blocks) for group, blocks in numbers["groups"].items()
            }
        return kept

    def _known(self, blocks: Mapping[str, Any]) -> dict[str, Any]:
        return {key: block for key, block in blocks.items() if key not in self._gone}


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


def _other_tables(restored: Restored) -> Iterator[str]:
    """Tables of what was released, written again."""
    language = restored.results["consultation"]["language"]
    source = Source(restored.session, restored.consultation, language, frozen_only=True)
    for spec in TABLES:
        if spec.name not in ROW_FILES:
            header, rows = spec.table(source)
            if "".join(lines(header, rows)) != restored.package.text(f"data/{spec.name}"):
                yield f"data/{spec.name} is not what the results give"


Said = dict[tuple[str, str], dict[str, tuple[str, str]]]


def _wide_tables(package: PackageFile) -> Iterator[str]:
    """The wide files, which must say what the long ones say."""
    for kind in ("ratings", "answers"):
        said: Said = {}
        for row in package.rows(f"{kind}-long.csv"):
            rated = kind == "ratings"
            key = f"{row['measure']}.{row['criterion']}" if rated else row["variable"]
            value = row["rating" if rated else "value"]
            person = said.setdefault((row["pseudonym"], row["stage"]), {})
            person[key] = (value, row["state"])
        for row in package.rows(f"{kind}-wide.csv"):
            wide = {
                name: (row[name], row[name + STATE])
                for name in row
                if name + STATE in row and (row[name] or row[name + STATE])
            }
            if said.pop((row["pseudonym"], row["stage"]), None) != wide:
                said = {("", ""): {}}
                break
        if said:
            yield f"data/{kind}-wide.csv does not say what data/{kind}-long.csv says"


def _described(package: PackageFile) -> Iterator[str]:
    """The tables that the descriptor names, with their digests."""
    try:
        resources = package.document("datapackage.json")["resources"]
        told = {row["path"]: row["hash"] for row in resources}
    except (KeyError, TypeError) as error:
        yield f"datapackage.json describes no tables: {error!r}"
        return
    for spec in TABLES:
        path = f"data/{spec.name}"
        if told.get(path) != f"sha256:{package.digest(path)}":
            yield f"datapackage.json does not describe {path} as it is"
