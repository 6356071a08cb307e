"""From the tables of a closed stage to its StageResult: the seam between engine and analysis.

The result is JSON-ready and canonical: integers, floats of 12 significant digits and null; no
time, identifier, pseudonym or order of people. An undefined figure is null with a sibling
``<name>_reason``.
"""

from collections.abc import Mapping
from typing import Any

from analysis.canonical import canonical_json, digest, plain
from analysis.protocol.protocol import Protocol
from analysis.result.blocks import adjust, pair_result, tally, variable_result
from analysis.result.criterion import Round, criterion_result
from analysis.result.first_places import first_result
from analysis.result.groups import attrition_result, subgroups_result
from analysis.result.panel_agreement import panel_result
from analysis.result.stage_input import MeasureInput, PairInput, StageInput, VariableTable
from analysis.statistics.descriptive import twice_median
from analysis.tables.histograms import Histogram
from analysis.verdict.consensus import band_count
from analysis.verdict.outcome import is_settled, measure_class
from analysis.version import __version__

__all__ = ["MeasureInput", "PairInput", "StageInput", "VariableTable", "canonical_json", "digest", "stage_result"]

FORMAT = 1


def stage_result(protocol: Protocol, given: StageInput) -> dict[str, Any]:
    """Everything that is frozen when the stage closes.

    Raises ValueError when tables do not fit the protocol or each other, KeyError on a criterion
    the protocol does not have.
    """
    here = Round(protocol, given.round_number, int(given.participation.get("submitted", 0)))
    measures = {m.key: _measure_result(here, m, given) for m in given.measures}
    for criterion in protocol.criteria:
        family = {
            key: result["criteria"][criterion.key]["stability"]
            for key, result in measures.items()
            if criterion.key in result["criteria"]
        }
        adjust(family)
    pairs = {pair.key: pair_result(pair) for pair in given.pairs}
    adjust(pairs)
    result = {
        "format": FORMAT,
        "stage": given.stage,
        "kind": given.kind,
        "round": given.round_number,
        "analysis_version": __version__,
        "protocol_digest": protocol.digest(),
        "participation": dict(given.participation),
        "deciding": next((c.key for c in protocol.criteria if c.decides), None),
        "variables": {v.key: variable_result(protocol, v) for v in given.variables},
        "measures": measures,
        "panel": panel_result(protocol, given),
        "pairs": pairs,
        "priorities": _priorities(protocol, given),
        "first": first_result(protocol, given.first),
        "stopping": _stopping(protocol, given.round_number, measures),
        "hidden": _hidden(protocol, given),
    }
    canonical: dict[str, Any] = plain(result)
    return canonical


def _measure_result(here: Round, measure: MeasureInput, given: StageInput) -> dict[str, Any]:
    protocol, carried = here.protocol, given.last_value_carried or {}
    criteria = {key: criterion_result(here, measure, key, carried.get((measure.key, key))) for key in measure.criteria}
    deciding = protocol.deciding.key
    others = [c.key for c in protocol.criteria if not c.decides and c.key in criteria]
    sorting = criteria[others[0]]["outcome"] if others else None
    kind = measure_class(criteria[deciding]["outcome"], sorting) if deciding in criteria else None
    settled = is_settled(
        [criterion["verdict"]["verdict"] for criterion in criteria.values()],
        [criterion["stability"]["state"] for criterion in criteria.values()],
        here.number or 0,
        protocol.stopping.settle_from,
    )
    return {"rounds_rated": measure.rounds_rated, "criteria": criteria, "class": kind, "settled": settled}


def _stopping(protocol: Protocol, round_number: int | None, measures: Mapping[str, Any]) -> dict[str, Any] | None:
    """Whether the last round falls away: never on consensus, only if every measure is stable."""
    if round_number is None:
        return None
    states = [
        criterion["stability"]["state"] for measure in measures.values() for criterion in measure["criteria"].values()
    ]
    rule, all_stable = protocol.stopping, bool(states) and set(states) == {"stable"}
    before_last = round_number == rule.rounds - 1
    return {
        "all_stable": all_stable,
        "rounds": rule.rounds,
        "skip_last": all_stable and before_last and rule.skip_last_if_all_stable,
    }


def _priorities(protocol: Protocol, given: StageInput) -> list[dict[str, Any]] | None:
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
        row = {
            "key": key,
            "picks": picks,
            "n": n,
            "share_high": high / n if n else None,
            "median": None if twice is None else twice / 2,
        }
        # high/n of two integers is one correctly rounded float: equal shares compare equal
        order = (-picks, -(high / n) if n else 1.0, 1 if twice is None else -twice)
        ranked.append((order, row))
    ranked.sort(key=lambda pair: (pair[0], str(pair[1]["key"])))
    orders = [order for order, _ in ranked]
    return [row | {"rank": orders.index(order) + 1, "tied": orders.count(order) > 1} for order, row in ranked]


def _hidden(protocol: Protocol, given: StageInput) -> dict[str, Any]:
    """Frozen, never released as it stands: contingency tables and tables by group."""
    carried = given.last_value_carried or {}
    return {
        "pairs": {pair.key: pair.table.cells.tolist() for pair in given.pairs},
        "transitions": {
            measure.key: {key: table.cells.tolist() for key, table in measure.previous.items()}
            for measure in given.measures
            if measure.previous
        },
        "by_group": {group: {v.key: _group_table(v) for v in variables} for group, variables in given.by_group.items()},
        "subgroups": subgroups_result(protocol, given.by_group, given.round_number),
        "attrition": attrition_result(protocol, given.measures),
        "last_value_carried": {f"{m}.{c}": tally(table) for (m, c), table in carried.items()},
    }


def _group_table(variable: VariableTable) -> dict[str, Any]:
    table, scale = tally(variable.histogram), variable.scale
    if scale is None:
        return table | {"labels": list(variable.labels)}
    bands = [[band.key, band.lo, band.hi] for band in scale.bands]
    return table | {"scale": {"key": scale.key, "lo": scale.lo, "hi": scale.hi}, "bands": bands}
