"""From the tables of a closed stage to its StageResult: the seam between engine and analysis.

The result holds integers, floats of 12 significant digits and None; no time, identifier, pseudonym
or order of people. An undefined figure is None, and ``reasons`` say why. ``analysis.model.writer``
writes it as it is stored.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from analysis.model.panel import GroupTable, Hidden, Table
from analysis.model.reader import read
from analysis.model.stage import MeasureResult, PairResult, Participation, Priority, StageResult, Stopping
from analysis.model.writer import settled
from analysis.protocol.protocol import Protocol
from analysis.protocol.states import StabilityState, StageKind
from analysis.result.blocks import adjusted, half, pair_result, points, scale_ends, tally, variable_result
from analysis.result.criterion import criterion_result
from analysis.result.first_places import first_result
from analysis.result.groups import attrition_result, subgroups_result
from analysis.result.judging import Round
from analysis.result.panel_agreement import panel_result
from analysis.result.stage_input import MeasureInput, PairInput, StageInput, VariableTable
from analysis.statistics.descriptive import twice_median
from analysis.tables.histograms import Histogram
from analysis.tables.pairs import PairTable
from analysis.verdict.consensus import band_count
from analysis.verdict.outcome import is_settled, measure_class
from analysis.version import __version__

__all__ = ["MeasureInput", "PairInput", "StageInput", "VariableTable", "stage_result"]

FORMAT: Literal[1] = 1


def stage_result(protocol: Protocol, given: StageInput) -> StageResult:
    """Everything that is frozen when the stage closes.

    Raises ValueError when tables do not fit the protocol or each other, KeyError on a criterion
    the protocol does not have.
    """
    taken = read(Participation, given.participation, "participation")
    here = Round(protocol, given.round_number, taken.submitted or 0)
    measures = {m.key: _measure_result(here, m, given) for m in given.measures}
    for criterion in protocol.criteria:
        measures = _with_adjusted(measures, criterion.key)
    return settled(
        StageResult(
            format=FORMAT,
            stage=given.stage,
            kind=StageKind(given.kind),
            round=given.round_number,
            analysis_version=__version__,
            protocol_digest=protocol.digest(),
            participation=taken,
            deciding=next((c.key for c in protocol.criteria if c.decides), None),
            variables={v.key: variable_result(protocol, v) for v in given.variables},
            measures=measures,
            panel=panel_result(protocol, given),
            pairs=_pairs(given),
            priorities=_priorities(protocol, given),
            first=first_result(protocol, given.first),
            stopping=_stopping(protocol, given.round_number, measures),
            why=given.why,
            reasons_given=given.reasons_given,
            hidden=_hidden(protocol, given),
        )
    )


def _with_adjusted(measures: Mapping[str, MeasureResult], key: str) -> dict[str, MeasureResult]:
    """The measures with the tests of change of one criterion adjusted as a family."""
    rated = {name: measure.criteria[key] for name, measure in measures.items() if key in measure.criteria}
    tests = adjusted({name: criterion.stability.wilcoxon for name, criterion in rated.items()})
    found = dict(measures)
    for name, test in tests.items():
        criterion = replace(rated[name], stability=replace(rated[name].stability, wilcoxon=test))
        found[name] = replace(measures[name], criteria={**measures[name].criteria, key: criterion})
    return found


def _pairs(given: StageInput) -> dict[str, PairResult]:
    pairs = {pair.key: pair_result(pair) for pair in given.pairs}
    tests = adjusted({key: pair.wilcoxon for key, pair in pairs.items()})
    return pairs | {key: replace(pairs[key], wilcoxon=test) for key, test in tests.items()}


def _measure_result(here: Round, measure: MeasureInput, given: StageInput) -> MeasureResult:
    protocol, carried = here.protocol, given.last_value_carried or {}
    criteria = {key: criterion_result(here, measure, key, carried.get((measure.key, key))) for key in measure.criteria}
    deciding = protocol.deciding.key
    others = [c.key for c in protocol.criteria if not c.decides and c.key in criteria]
    sorting = criteria[others[0]].outcome if others else None
    is_done = is_settled(
        [criterion.verdict.verdict for criterion in criteria.values()],
        [criterion.stability.state for criterion in criteria.values()],
        here.number or 0,
        protocol.stopping.settle_from,
    )
    return MeasureResult(
        rounds_rated=measure.rounds_rated,
        criteria=criteria,
        heading=measure_class(criteria[deciding].outcome, sorting) if deciding in criteria else None,
        settled=is_done,
    )


def _stopping(protocol: Protocol, round_number: int | None, measures: Mapping[str, MeasureResult]) -> Stopping | None:
    """Whether the last round falls away: never on consensus, only if every measure is stable."""
    if round_number is None:
        return None
    states = {criterion.stability.state for measure in measures.values() for criterion in measure.criteria.values()}
    rule, all_stable = protocol.stopping, states == {StabilityState.STABLE}
    before_last = round_number == rule.rounds - 1
    return Stopping(
        all_stable=all_stable, rounds=rule.rounds, skip_last=all_stable and before_last and rule.skip_last_if_all_stable
    )


def _priorities(protocol: Protocol, given: StageInput) -> tuple[Priority, ...] | None:
    """Picks, then share in the high band, then median; equal ones share a rank and say so."""
    if given.picks is None:
        return None
    deciding = protocol.deciding
    scale = protocol.scale(deciding.scale)
    tables = dict(given.standing) | {
        m.key: m.criteria[deciding.key] for m in given.measures if deciding.key in m.criteria
    }
    ranked = []
    for key, picks in given.picks:
        table = tables.get(key, Histogram.empty(scale.k))
        high, n = band_count(table.counts, scale, scale.bands[-1].key), table.n
        twice = twice_median(table.counts, scale.lo)
        # high/n of two integers is one correctly rounded float: equal shares compare equal
        order = (-picks, -(high / n) if n else 1.0, 1 if twice is None else -twice)
        ranked.append((order, key, picks, n, high / n if n else None, half(twice).value))
    ranked.sort(key=lambda row: row[:2])
    orders = [row[0] for row in ranked]
    return tuple(
        Priority(
            key=key,
            picks=picks,
            n=n,
            share_high=high,
            median=median,
            rank=orders.index(order) + 1,
            tied=orders.count(order) > 1,
        )
        for order, key, picks, n, high, median in ranked
    )


def _hidden(protocol: Protocol, given: StageInput) -> Hidden:
    """Frozen, never released as it stands: contingency tables and tables by group."""
    carried = given.last_value_carried or {}
    return Hidden(
        pairs={pair.key: _cells(pair.table) for pair in given.pairs},
        transitions={
            measure.key: {key: _cells(table) for key, table in measure.previous.items()}
            for measure in given.measures
            if measure.previous
        },
        by_group={group: {v.key: _group_table(v) for v in variables} for group, variables in given.by_group.items()},
        subgroups=subgroups_result(protocol, given.by_group, given.round_number),
        attrition=attrition_result(protocol, given.measures),
        last_value_carried={f"{m}.{c}": tally(table) for (m, c), table in carried.items()},
    )


def _cells(table: PairTable) -> Table:
    return tuple(tuple(row) for row in table.cells.tolist())


def _group_table(variable: VariableTable) -> GroupTable:
    table, scale = variable.histogram, variable.scale
    found = GroupTable(n=table.n, answered=table.answered, counts=points(table), no_answer=table.states())
    if scale is None:
        return replace(found, labels=variable.labels)
    bands = tuple((band.key, band.lo, band.hi) for band in scale.bands)
    return replace(found, scale=scale_ends(scale), bands=bands)
