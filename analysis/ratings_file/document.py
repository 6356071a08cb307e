"""From a file of ratings to one document: every round's result, and what only rows can tell."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from typing import Literal

import numpy as np

from analysis.arrays import Floats
from analysis.model.file import Doubt, FileResult, Flow, OpinionGroups, Telling
from analysis.model.stage import StageResult
from analysis.model.writer import sealed, settled
from analysis.protocol.protocol import Protocol
from analysis.ratings_file.assumed import Assumed, doubts
from analysis.ratings_file.coded_ratings import natural
from analysis.ratings_file.ranking import ranking_result
from analysis.ratings_file.round_tables import Rounds, RoundTables
from analysis.result.blocks import undefined
from analysis.result.stage import stage_result
from analysis.result.stage_input import MeasureInput, StageInput, VariableTable
from analysis.statistics.groups import opinion_groups
from analysis.statistics.opinions import group_aware_consensus, representativeness, votes_by_group
from analysis.statistics.value import N_BELOW_MINIMUM, SCALE_TOO_SHORT, TOO_LARGE
from analysis.tables.histograms import Histogram
from analysis.verdict.redundant import redundant_clauses
from analysis.verdict.robustness import doubt_result
from analysis.version import __version__

FORMAT: Literal[1] = 1

FROM_ROWS = frozenset({"ranking", "opinion_groups"})
"""What a document tells by null where it has none, or where it is not released."""
FEWEST_ITEMS = 3  # on which groups of opinion can be told


def file_result(protocol: Protocol, rounds: Rounds, assumed: Collection[Assumed] = ()) -> FileResult:
    """The whole document, with its own ``digest`` (over everything else).

    ``round_order``: what the order of rounds was taken from; ``assumed``: what nobody declared, and
    ``assumed_doubts`` where the ratings speak against it.

    ``stages``: a StageResult per round; ``flow``; ``hollow``: clauses of the rule that decide
    nothing; ``doubt``: by round, measure and criterion, what needs random draws; ``ranking`` and
    ``opinion_groups`` of the last round by the deciding criterion, None where there is nothing to
    tell.
    """
    deciding = protocol.deciding
    last = _last_sheet(rounds, deciding.key)
    scale = protocol.scale(deciding.scale)
    document = FileResult(
        format=FORMAT,
        analysis_version=__version__,
        protocol=protocol.to_dict(),
        protocol_digest=protocol.digest(),
        experts=rounds.experts,
        rounds=tuple(rounds.rounds),
        round_order=rounds.ordered_by,
        assumed=tuple(assumed),
        assumed_doubts=tuple(doubts(rounds, assumed)),
        groups=tuple(rounds.groups),
        flow=tuple(
            Flow(earlier=first, later=second, both=both, left=left, joined=joined)
            for (first, second), (both, left, joined) in rounds.flow.items()
        ),
        hollow=redundant_clauses(protocol.consensus, scale, protocol.quantiles),
        stages=tuple(stage_results(protocol, rounds)),
        doubt={key: _doubts(protocol, rounds, key) for key in rounds.rounds},
        ranking=ranking_result(last, _picks(protocol, last)) if last else None,
        opinion_groups=groups_result(last) if last else None,
        digest="",
        nulls=FROM_ROWS,
    )
    return sealed(settled(document))


def stage_results(protocol: Protocol, rounds: Rounds) -> Iterator[StageResult]:
    """The result of each round in its order."""
    earlier: dict[str, StageResult] = {}
    for round_key in rounds.rounds:
        earlier[round_key] = stage_result(protocol, stage_input(protocol, rounds, round_key, earlier))
        yield earlier[round_key]


def round_number(rounds: Rounds, round_key: str) -> int:
    """The round's own number where it is one, else its place."""
    every = rounds.rounds
    if all(key.isdecimal() for key in every):
        return int(round_key)
    return every.index(round_key) + 1


def stage_input(protocol: Protocol, rounds: Rounds, round_key: str, earlier: Mapping[str, StageResult]) -> StageInput:
    """The tables of one round as ``result.stage.stage_result`` takes them."""
    sheets = {key[1]: sheet for key, sheet in rounds.sheets.items() if key[0] == round_key}
    known = {criterion.key for criterion in protocol.criteria}
    sheets = {key: sheet for key, sheet in sheets.items() if key in known}
    items = sorted({item for sheet in sheets.values() for item in sheet.items}, key=natural)
    measures = tuple(_measure(rounds, sheets, item, earlier) for item in items)
    carried = {}
    for measure in measures:
        for key, table in (measure.previous or {}).items():
            now = measure.criteria[key]
            carried[measure.key, key] = Histogram(now.counts + table.dropouts, now.no_answer)
    return StageInput(
        stage=round_key,
        kind="round",
        round_number=round_number(rounds, round_key),
        participation={"experts": rounds.experts, "submitted": rounds.took_part[round_key]},
        measures=measures,
        by_group={group: _group_tables(sheets, group) for group in rounds.groups},
        last_value_carried=carried,
        sums={key: sheet.sums for key, sheet in sheets.items() if len(sheet.items) > 1},
    )


def _measure(
    rounds: Rounds, sheets: Mapping[str, RoundTables], item: str, earlier: Mapping[str, StageResult]
) -> MeasureInput:
    criteria, previous, verdicts, rated = {}, {}, {}, 1
    for key, sheet in sheets.items():
        if item not in sheet.items:
            continue
        criteria[key] = sheet.units.histogram(sheet.items.index(item))
        rated = max(rated, rounds.rated_before(sheet.round, item, key))
        if (sheet.round, item, key) in rounds.pairs:
            before, previous[key] = rounds.pairs[sheet.round, item, key]
            verdicts[key] = earlier[before].measures[item].criteria[key].verdict.verdict
    return MeasureInput(item, criteria, previous or None, verdicts or None, rated)


def _group_tables(sheets: Mapping[str, RoundTables], group: str) -> tuple[VariableTable, ...]:
    return tuple(
        VariableTable(f"{item}.{key}", sheet.scale, (), sheet.by_group[group].histogram(place))
        for key, sheet in sheets.items()
        for place, item in enumerate(sheet.items)
    )


def _doubts(protocol: Protocol, rounds: Rounds, round_key: str) -> dict[str, Doubt | None]:
    number = round_number(rounds, round_key)
    return {
        f"{item}.{criterion}": doubt_result(
            protocol.consensus, sheet.scale, protocol.quantiles, sheet.units.histogram(place), number
        )
        for (key, criterion), sheet in rounds.sheets.items()
        if key == round_key
        for place, item in enumerate(sheet.items)
    }


def _last_sheet(rounds: Rounds, criterion: str) -> RoundTables | None:
    held = [rounds.sheets.get((key, criterion)) for key in rounds.rounds]
    return next((sheet for sheet in reversed(held) if sheet is not None), None)


def _picks(protocol: Protocol, sheet: RoundTables | None) -> int:
    wanted = protocol.priorities.pick if protocol.priorities else 5
    return min(wanted, len(sheet.items)) if sheet else wanted


def groups_result(sheet: RoundTables) -> OpinionGroups:
    """Groups of opinion in the last round: how many, how well apart, what sets them apart.

    Ratings count as votes by band: lowest against, highest for, between them a pass. Sizes and
    figures by group only; nobody's group is told.
    """
    scale, matrix = sheet.scale, sheet.matrix()
    none = OpinionGroups(round=sheet.round, criterion=sheet.criterion, number=0)
    if len(scale.bands) < 2 or not len(matrix):
        return replace(none, reason=SCALE_TOO_SHORT if len(matrix) else TOO_LARGE)
    if len(sheet.items) < FEWEST_ITEMS:
        return replace(none, reason=N_BELOW_MINIMUM)
    low, high = scale.bands[0], scale.bands[-1]
    votes = np.where(matrix <= low.hi, -1.0, np.where(matrix >= high.lo, 1.0, 0.0))
    votes[np.isnan(matrix)] = np.nan
    found = opinion_groups(votes)
    if found.labels is None:
        return replace(none, reason=found.reason)
    cast = votes_by_group(votes[found.labels >= 0], found.labels[found.labels >= 0])
    apart, together = representativeness(cast), group_aware_consensus(cast)
    return replace(
        none,
        number=found.number,
        sizes=tuple(np.bincount(found.labels[found.labels >= 0]).tolist()),
        silhouette={str(k): score for k, score in found.silhouette.items()},
        representative=tuple(_telling(sheet.items, apart[:, g, :]) for g in range(found.number)),
        shared=dict(zip(sheet.items, together[0].tolist(), strict=True)),
        stability=found.stability.value,
        reasons=undefined(stability=found.stability),
    )


def _telling(items: list[str], apart: Floats) -> tuple[Telling, ...]:
    """The three measures a group is most for or against, more than everybody else."""
    every = sorted(
        (-float(apart[place, column]), item, side)
        for place, side in enumerate(("for", "against"))
        for column, item in enumerate(items)
    )
    return tuple(Telling(key=item, side=side, times=-times) for times, item, side in every[:3])
