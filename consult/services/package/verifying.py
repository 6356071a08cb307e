"""Verifying a package: every statistic computed again from its rows, every table written again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.orm import Session

from analysis.canonical import digest, plain
from analysis.disclosure.floors import release
from analysis.disclosure.ledger import OF_WITHDRAWN, withhold
from analysis.model.stage import StageResult
from analysis.model.writer import digest_of, written
from analysis.protocol.protocol import Protocol
from analysis.result.stage import stage_result
from consult import statuses
from consult.errors import NotPossible, ProtocolLocked
from consult.models import ReleaseKind, Stage
from consult.refusals.codes import Code, Refusal
from consult.services.frozen.row_files import Withheld
from consult.services.measures.finished import final_content
from consult.services.package.comparing import (
    REPRODUCED,
    LeftOut,
    by_list,
    by_version,
    differences,
    named,
    rests_on_how,
    surplus,
)
from consult.services.package.reading import PackageFile
from consult.services.package.restored_answers import RestoredAnswers
from consult.services.package.restoring import BROKEN, Restored, released_numbers
from consult.services.package.results_rows import ResultRow, releases
from consult.services.package.verified_tables import table_problems
from consult.services.rounds import gathering, starting
from consult.services.rounds.statuses import provisional
from consult.words.refusals import in_english

SHORT = {
    Withheld.FEW_ALIKE: "its rows are withheld, they would leave too few people alike",
    Withheld.DIFFERENCING: "its rows are withheld, they would tell the answers of a few",
    Withheld.OBJECTED: "its rows are withheld, somebody in them objects to files of rows",
    Withheld.LEFT_BEFORE: "its rows are withheld, who was counted was not written down",
}
CHANGED = {
    ReleaseKind.NUMBERS: "its numbers were changed",
    ReleaseKind.TEXTS: "its texts were changed",
    ReleaseKind.FINAL: "the final status of its measures was changed",
}


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
        answers = RestoredAnswers(restored)
        protocol = _protocol(restored)
        for stage, told in restored.frozen():
            found.stages.append(_checked(answers, protocol, stage, told))
        found.problems += [*table_problems(restored), *_final_problems(restored)]
    except (NotPossible, ProtocolLocked) as refused:
        found.problems.append(in_english(refused))
    except BROKEN as error:
        found.problems.append(f"it does not hold together: {error!r}")
    return found


def _final_problems(restored: Restored) -> Iterator[str]:
    """What is said to have become of the measures, where the results and fates say another."""
    told = final_content(restored.session, restored.consultation.id)
    found = provisional(restored.session, restored.consultation)
    if told is not None and (found is None or statuses.written(found) != told):
        yield "the final status of its measures is not what its results and decisions give"


def _protocol(restored: Restored) -> Protocol:
    """The protocol of the definition, which must be the registered one. Raises NotPossible."""
    protocol = starting.registered_protocol(restored.session, restored.consultation)
    if digest(restored.package.document("protocol.json")) != protocol.digest():
        raise NotPossible(Refusal(Code.PACKAGE_OF_OTHER_PROTOCOL))
    return protocol


def _checked(answers: RestoredAnswers, protocol: Protocol, stage: Stage, told: ResultRow) -> StageCheck:
    restored = answers.restored
    code = told.get("rows_withheld")
    content = None if code else _computed(restored, protocol, stage, told)
    restored.add_result(stage, told, content)
    for kind, row in releases(told):
        if digest(row["content"]) != row["digest"]:
            return StageCheck(stage.key, told["digest"], CHANGED[kind], False)
    if content is not None:
        words, holds = _compared(answers, protocol, content, told)
        return StageCheck(stage.key, told["digest"], words, holds)
    is_erased = code == Withheld.ERASED
    why = f"{restored.results['erased']} erased" if is_erased else SHORT[Withheld(str(code))]
    return StageCheck(stage.key, told["digest"], f"not reproducible: {why}", True)


def _computed(restored: Restored, protocol: Protocol, stage: Stage, told: ResultRow) -> StageResult:
    """The result of a stage from the rows, with participation as told."""
    given = gathering.stage_input(restored.session, restored.consultation, stage, protocol)
    taken = released_numbers(told)["participation"]
    return stage_result(protocol, replace(given, participation=taken))


def _compared(answers: RestoredAnswers, protocol: Protocol, content: StageResult, told: ResultRow) -> tuple[str, bool]:
    there = released_numbers(told)
    here = _shown(content, protocol, there.get("withheld"))
    if digest_of(content) == told["digest"]:
        if found := list(differences("", there, here)):
            return f"the numbers are not those of its result: {found[0]}", False
        return REPRODUCED, True
    before = _withheld_before(answers.restored, there["stage"])
    left_out, is_beside = LeftOut(answers, before, by_list(there)), rests_on_how(there)
    here, there = left_out(here), left_out(there)
    found = list(differences("", there, here))
    if not found and (answers.suppressed or answers.is_grouping_suppressed):
        return f"{REPRODUCED}, but for figures whose rows are suppressed", True
    if not found and before:
        return f"{REPRODUCED}, but for what rests on rows that are withheld", True
    if not found and any(place[0] in OF_WITHDRAWN for place in there.get("withheld", ())):
        return f"{REPRODUCED}, but for figures of those who answered before only", True
    if not found and is_beside:
        return f"{REPRODUCED}, but for what rests on how people answered", True
    words = by_version(told["analysis_version"], content.analysis_version, found)
    if words is not None:
        return words, True
    more = list(surplus(there, here))
    if told.get("left_since") and not more:
        erased = answers.restored.results["erased"]
        who = f"{erased} erased" if erased else f"{told['left_since']} left since"
        return f"not reproducible: {who}", True
    where = named(more or found) or "in what is never released"
    return f"the rows give another result: {where}", False


def _withheld_before(restored: Restored, stage: str) -> set[str]:
    """Earlier stages without rows, on which figures over time may rest."""
    found = set()
    for earlier, told in restored.frozen():
        if earlier.key == stage:
            break
        if told.get("rows_withheld"):
            found.add(earlier.key)
    return found


def _shown(content: StageResult, protocol: Protocol, withheld: Sequence[Sequence[str]] | None) -> dict[str, Any]:
    """What of a result is released, without what stayed back beside earlier releases."""
    shown = release(content, protocol.disclosure)
    for place in withheld or ():
        shown = withhold(shown, tuple(place))
    if withheld is not None:  # what was frozen by a version without a ledger does not say
        shown = replace(shown, withheld=tuple(tuple(place) for place in withheld))
    found: dict[str, Any] = plain(written(shown))
    return found
