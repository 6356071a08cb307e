"""What of a frozen result may be shown: floors, complements and differencing.

Every withheld figure becomes null, and ``suppressed`` beside it names the code. What stands under
``hidden`` (contingency tables, tables by group) is never shown; groups are shown as the few
figures of ``groups``.
"""

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from analysis.protocol.protocol import DisclosureRule
from analysis.statistics.descriptive import twice_median

DISTRIBUTION = "distribution_below_floor"
MEDIAN = "median_below_floor"
PAIRED = "pairs_below_floor"
SUBGROUP = "subgroup_below_floor"
COMPLEMENT = "complement"
DIFFERENCING = "differencing"

_DISTRIBUTION_FIGURES = ("counts", "no_answer", "shares", "q1", "q3", "iqr", "mean", "a", "cns", "ipras", "dissent")
_PAIR_FIGURES = ("up", "same", "down", "wilcoxon")
PAIR_SHIFTS = ("median_earlier", "median_later", "median_shift", "mean_shift")
STABILITY_SHIFTS = ("median_shift", "net_change")

Block = dict[str, Any]


def release(result: Mapping[str, Any], rule: DisclosureRule) -> dict[str, Any]:
    """The part of a StageResult that experts and readers may see; the result is not changed.

    Shape as the result, without ``hidden``, with ``groups``: group -> variable -> n, median and
    shares by band (or label), or null and ``suppressed``.
    """
    shown: dict[str, Any] = copy.deepcopy({k: v for k, v in result.items() if k != "hidden"})
    for variable in shown["variables"].values():
        _floor(variable, rule)
    for measure in shown["measures"].values():
        for criterion in measure["criteria"].values():
            _release_criterion(criterion, rule)
    _release_panel(shown, rule)
    for pair in shown["pairs"].values():
        _release_pair(pair, rule)
    _release_priorities(shown, rule)
    _release_first(shown, rule)
    shown["groups"] = _release_groups(result, rule)
    return shown


def is_identifying(difference: int, rule: DisclosureRule) -> bool:
    """Whether two figures that differ by so many people point at one of them."""
    return 0 < abs(difference) < rule.subgroup


def withhold_figures(block: Block, names: Iterable[str], code: str) -> None:
    """Null in place of figures, and why beside them."""
    for name in names:
        if name in block:
            block[name] = None
    block["suppressed"] = code


def _floor(block: Block, rule: DisclosureRule) -> None:
    """Distribution and median floors of one histogram's figures."""
    n = block["n"]
    if n < rule.distribution:
        withhold_figures(block, _DISTRIBUTION_FIGURES, DISTRIBUTION)
    if n < rule.median:
        withhold_figures(block, ("median",), MEDIAN)


def _release_criterion(criterion: Block, rule: DisclosureRule) -> None:
    _floor(criterion, rule)
    if criterion["n"] < rule.distribution:
        verdict = criterion["verdict"]
        numbers = verdict["numbers"]
        withhold_figures(verdict, ("margin",), DISTRIBUTION)
        kept = ("n", "respondents", "needed", "denominator")
        verdict["numbers"] = {name: numbers[name] for name in kept}
        withhold_figures(criterion["sensitivity"], ("worst", "best", "last_value_carried"), DISTRIBUTION)
        criterion["robustness"] = None
    _release_stability(criterion, rule)
    sensitivity = criterion["sensitivity"]
    if sensitivity["last_value_carried"]:
        # the shares minus this round's would be the earlier ratings of those who left
        withhold_figures(sensitivity["last_value_carried"], ("shares",), DIFFERENCING)
    if is_identifying(sensitivity["leavers"] or 0, rule):
        withhold_figures(sensitivity, ("cliff_delta",), SUBGROUP)


def _release_stability(criterion: Block, rule: DisclosureRule) -> None:
    stability, sensitivity = criterion["stability"], criterion["sensitivity"]
    numbers = stability["numbers"]
    if numbers is None:
        return
    if numbers["pairs"] < rule.paired:
        stability["numbers"] = {"pairs": numbers["pairs"]}
        withhold_figures(stability, ("wilcoxon", "kappa_quadratic"), PAIRED)
        return
    unpaired = (criterion["n"] - numbers["pairs"], sensitivity["leavers"] or 0)
    if any(is_identifying(difference, rule) for difference in unpaired):
        withhold_figures(numbers, STABILITY_SHIFTS, DIFFERENCING)


def _release_panel(shown: Block, rule: DisclosureRule) -> None:
    """Figures over all measures of a criterion: with one distribution withheld, none are shown.

    W and the intraclass correlation rest on those who rated everything and have a floor of
    their own.
    """
    for key, panel in shown.get("panel", {}).items():
        sizes = [m["criteria"][key]["n"] for m in shown["measures"].values() if key in m["criteria"]]
        if min(sizes) < rule.distribution:
            shown["panel"][key] = {"measures": panel["measures"], "suppressed": COMPLEMENT}
            continue
        for name in ("kendall_w", "intraclass"):
            if name in panel and panel[name]["experts"] < rule.distribution:
                panel[name] = {"suppressed": DISTRIBUTION}


def _release_pair(pair: Block, rule: DisclosureRule) -> None:
    if pair["n"] < rule.paired:
        withhold_figures(pair, (*_PAIR_FIGURES, *PAIR_SHIFTS), PAIRED)
        return
    if any(is_identifying(pair[name], rule) for name in ("n_earlier_only", "n_later_only")):
        withhold_figures(pair, PAIR_SHIFTS, DIFFERENCING)


def _release_priorities(shown: Block, rule: DisclosureRule) -> None:
    if not shown["priorities"]:
        return
    if shown["participation"].get("submitted", 0) < rule.distribution:
        withhold_figures(shown, ("priorities",), DISTRIBUTION)
        return
    for row in shown["priorities"]:
        if row["n"] < rule.distribution:
            withhold_figures(row, ("share_high",), DISTRIBUTION)
        if row["n"] < rule.median:
            withhold_figures(row, ("median",), MEDIAN)


def _release_first(shown: Block, rule: DisclosureRule) -> None:
    """How sure the first places are: only where every measure's own figures are shown."""
    first = shown.get("first")
    if first is None:
        return
    sizes = [
        measure["criteria"][shown["deciding"]]["n"]
        for measure in shown["measures"].values()
        if shown["deciding"] in measure["criteria"]
    ]
    if min(sizes, default=0) < rule.distribution:
        withhold_figures(first, ("by_share",), DISTRIBUTION)
    if not shown["priorities"]:
        withhold_figures(first, ("by_picks",), DISTRIBUTION)


def _release_groups(result: Mapping[str, Any], rule: DisclosureRule) -> dict[str, Any]:
    """Figures by reporting group, variable by variable.

    A variable is shown for every group or for none: with one group missing, the rest would be the
    whole minus the others. Shares need every cell of every group at the floor.
    """
    by_group: Mapping[str, Mapping[str, Block]] = result["hidden"]["by_group"]
    wholes = {key: block["n"] for key, block in result["variables"].items()}
    for name, measure in result["measures"].items():
        for key, block in measure["criteria"].items():
            wholes[f"{name}.{key}"] = block["n"]
    shown: dict[str, Any] = {group: {} for group in by_group}
    for key in sorted({key for tables in by_group.values() for key in tables}):
        tables = {group: tables[key] for group, tables in by_group.items() if key in tables}
        for group, block in _group_blocks(tables, wholes.get(key), rule).items():
            shown[group][key] = block
    return shown


def _group_blocks(tables: Mapping[str, Block], whole: int | None, rule: DisclosureRule) -> dict[str, Block]:
    small = {group for group, table in tables.items() if table["n"] < rule.subgroup}
    rest = 0 if whole is None else whole - sum(table["n"] for table in tables.values())
    cells = {group: _cells(table) for group, table in tables.items()}
    thin = any(count < rule.subgroup for own in cells.values() for count in own.values())
    blocks: dict[str, Block] = {}
    for group, table in tables.items():
        block: Block = {"n": table["n"], "median": _median(table), "shares": None}
        if group in small:
            block = {"n": None, "median": None, "shares": None, "suppressed": SUBGROUP}
        elif small or is_identifying(rest, rule):
            block = {"n": None, "median": None, "shares": None, "suppressed": COMPLEMENT}
        elif thin:
            block["suppressed"] = SUBGROUP
        else:
            block["shares"] = {
                name: {"count": count, "n": table["n"], "share": count / table["n"]}
                for name, count in cells[group].items()
            }
        blocks[group] = block
    return blocks


def _cells(table: Block) -> dict[str, int]:
    counts: list[int] = table["counts"]
    if "labels" in table:
        return dict(zip(table["labels"], counts, strict=True))
    lo = table["scale"]["lo"]
    return {key: sum(counts[first - lo : last - lo + 1]) for key, first, last in table["bands"]}


def _median(table: Block) -> float | None:
    if "labels" in table:
        return None
    twice = twice_median(table["counts"], table["scale"]["lo"])
    return None if twice is None else twice / 2
