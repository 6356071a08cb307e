"""What of a frozen result may be shown: floors, complements and differencing.

Every withheld figure becomes None, and ``suppressed`` beside it names the code. What stands under
``hidden`` (contingency tables, tables by group) is never shown; groups are shown as the few
figures of ``groups``.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from analysis.model.criterion import CriterionResult, Sensitivity, StabilityNumbers, StabilityResult, VerdictNumbers
from analysis.model.figures import PlainShare, Tally, shared, withheld
from analysis.model.panel import GroupTable, Intraclass, KendallW, PanelAgreement
from analysis.model.stage import (
    FirstPlaces,
    GroupBlock,
    MeasureResult,
    PairResult,
    Priority,
    ReleasedStage,
    Stage,
    StageResult,
    WhyCounts,
    WhyResult,
)
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

T = TypeVar("T", bound=Tally)
Groups = Mapping[str, Mapping[str, GroupBlock]]


def release(result: StageResult, rule: DisclosureRule) -> ReleasedStage:
    """The part of a result that experts and readers may see.

    As the result, without ``hidden``, with ``groups``: group -> variable -> n, median and shares by
    band (or label), or None and ``suppressed``.
    """
    shown = ReleasedStage(**shared(result, Stage), groups=_release_groups(result, rule))
    shown = replace(
        shown,
        variables={key: _floor(variable, rule) for key, variable in shown.variables.items()},
        measures={key: _release_measure(measure, rule) for key, measure in shown.measures.items()},
        panel={key: _release_panel(panel, _sizes(shown, key), rule) for key, panel in shown.panel.items()},
        pairs={key: _release_pair(pair, rule) for key, pair in shown.pairs.items()},
    )
    shown = _release_priorities(shown, rule)
    given = shown.reasons_given
    if given is not None and min(given.by_itself.people, given.others.people) < rule.reasons:
        shown = replace(shown, reasons_given=None)
    return replace(shown, first=_release_first(shown, rule), why=_release_why(shown.why, rule))


def _release_why(why: WhyResult | None, rule: DisclosureRule) -> WhyResult | None:
    """What played a part is told of a group of people from as many on as reasons are."""
    if why is None:
        return None
    return replace(why, changed=_release_named(why.changed, rule), stayed=_release_named(why.stayed, rule))


def _release_named(one: WhyCounts, rule: DisclosureRule) -> WhyCounts:
    return withheld(one, ("named",), DISTRIBUTION) if one.people < rule.reasons else one


def is_identifying(difference: int, rule: DisclosureRule) -> bool:
    """Whether two figures that differ by so many people point at one of them."""
    return 0 < abs(difference) < rule.subgroup


def _floor(block: T, rule: DisclosureRule) -> T:
    """Distribution and median floors of one histogram's figures."""
    if block.n < rule.distribution:
        block = withheld(block, _DISTRIBUTION_FIGURES, DISTRIBUTION)
    return withheld(block, ("median",), MEDIAN) if block.n < rule.median else block


def _release_measure(measure: MeasureResult, rule: DisclosureRule) -> MeasureResult:
    return replace(measure, criteria={key: _release_criterion(one, rule) for key, one in measure.criteria.items()})


def _release_criterion(criterion: CriterionResult, rule: DisclosureRule) -> CriterionResult:
    criterion = _floor(criterion, rule)
    sensitivity = criterion.sensitivity
    if criterion.n < rule.distribution:
        verdict = withheld(criterion.verdict, ("margin",), DISTRIBUTION)
        numbers = verdict.numbers
        kept = VerdictNumbers(
            n=numbers.n, respondents=numbers.respondents, needed=numbers.needed, denominator=numbers.denominator
        )
        sensitivity = withheld(sensitivity, ("worst", "best", "last_value_carried"), DISTRIBUTION)
        criterion = replace(criterion, verdict=replace(verdict, numbers=kept), robustness=None)
    # left out whole: the block's own mark says why its distribution is not shown, and it may be
    listed, saved = criterion.kept_in_list, criterion.counted_at_close
    if listed is not None and min(listed.kept, criterion.n - listed.kept) < rule.subgroup:
        criterion = replace(criterion, kept_in_list=None)
    if saved is not None and min(saved.counted, criterion.n - saved.counted) < rule.subgroup:
        criterion = replace(criterion, counted_at_close=None)
    return replace(
        criterion,
        stability=_release_stability(criterion.stability, criterion.n, sensitivity.leavers or 0, rule),
        sensitivity=_release_sensitivity(sensitivity, rule),
    )


def _release_sensitivity(sensitivity: Sensitivity, rule: DisclosureRule) -> Sensitivity:
    carried = sensitivity.last_value_carried
    if carried is not None:
        # the shares minus this round's would be the earlier ratings of those who left
        sensitivity = replace(sensitivity, last_value_carried=withheld(carried, ("shares",), DIFFERENCING))
    if is_identifying(sensitivity.leavers or 0, rule):
        sensitivity = withheld(sensitivity, ("cliff_delta",), SUBGROUP)
    return sensitivity


def _release_stability(stability: StabilityResult, n: int, leavers: int, rule: DisclosureRule) -> StabilityResult:
    numbers = stability.numbers
    if numbers is None:
        return stability
    if numbers.pairs < rule.paired:
        few = replace(stability, numbers=StabilityNumbers(pairs=numbers.pairs))
        return withheld(few, ("wilcoxon", "kappa_quadratic"), PAIRED)
    if any(is_identifying(difference, rule) for difference in (n - numbers.pairs, leavers)):
        return replace(stability, numbers=withheld(numbers, STABILITY_SHIFTS, DIFFERENCING))
    return stability


def _sizes(shown: Stage, criterion: str | None) -> list[int]:
    """How many rated each measure under a criterion."""
    found = [shown.criterion(key, criterion) for key in shown.measures] if criterion is not None else []
    return [one.n for one in found if one is not None]


def _release_panel(panel: PanelAgreement, sizes: list[int], rule: DisclosureRule) -> PanelAgreement:
    """Figures over all measures of a criterion: with one distribution withheld, none are shown.

    W and the intraclass correlation rest on those who rated everything and have a floor of
    their own.
    """
    if min(sizes) < rule.distribution:
        return PanelAgreement(measures=panel.measures, suppressed=COMPLEMENT)
    if panel.kendall_w is not None and (panel.kendall_w.experts or 0) < rule.distribution:
        panel = replace(panel, kendall_w=KendallW(suppressed=DISTRIBUTION))
    if panel.intraclass is not None and (panel.intraclass.experts or 0) < rule.distribution:
        panel = replace(panel, intraclass=Intraclass(suppressed=DISTRIBUTION))
    return panel


def _release_pair(pair: PairResult, rule: DisclosureRule) -> PairResult:
    if pair.n < rule.paired:
        return withheld(pair, (*_PAIR_FIGURES, *PAIR_SHIFTS), PAIRED)
    if any(is_identifying(people or 0, rule) for people in (pair.n_earlier_only, pair.n_later_only)):
        return withheld(pair, PAIR_SHIFTS, DIFFERENCING)
    return pair


def _release_priorities(shown: ReleasedStage, rule: DisclosureRule) -> ReleasedStage:
    if not shown.priorities:
        return shown
    if (shown.participation.submitted or 0) < rule.distribution:
        return withheld(shown, ("priorities",), DISTRIBUTION)
    return replace(shown, priorities=tuple(_release_priority(row, rule) for row in shown.priorities))


def _release_priority(row: Priority, rule: DisclosureRule) -> Priority:
    if row.n < rule.distribution:
        row = withheld(row, ("share_high",), DISTRIBUTION)
    return withheld(row, ("median",), MEDIAN) if row.n < rule.median else row


def _release_first(shown: ReleasedStage, rule: DisclosureRule) -> FirstPlaces | None:
    """How sure the first places are: only where every measure's own figures are shown."""
    first = shown.first
    if first is None:
        return None
    if min(_sizes(shown, shown.deciding), default=0) < rule.distribution:
        first = withheld(first, ("by_share",), DISTRIBUTION)
    return first if shown.priorities else withheld(first, ("by_picks",), DISTRIBUTION)


def _release_groups(result: StageResult, rule: DisclosureRule) -> Groups:
    """Figures by reporting group, variable by variable.

    A variable is shown for every group or for none: with one group missing, the rest would be the
    whole minus the others. Shares need every cell of every group at the floor.
    """
    by_group = result.hidden.by_group
    wholes = {key: block.n for key, block in result.variables.items()}
    for name, measure in result.measures.items():
        for key, criterion in measure.criteria.items():
            wholes[f"{name}.{key}"] = criterion.n
    shown: dict[str, dict[str, GroupBlock]] = {group: {} for group in by_group}
    for key in sorted({key for tables in by_group.values() for key in tables}):
        tables = {group: tables[key] for group, tables in by_group.items() if key in tables}
        for group, block in _group_blocks(tables, wholes.get(key), rule).items():
            shown[group][key] = block
    return shown


def _group_blocks(tables: Mapping[str, GroupTable], whole: int | None, rule: DisclosureRule) -> dict[str, GroupBlock]:
    small = {group for group, table in tables.items() if table.n < rule.subgroup}
    rest = 0 if whole is None else whole - sum(table.n for table in tables.values())
    cells = {group: _cells(table) for group, table in tables.items()}
    thin = any(count < rule.subgroup for own in cells.values() for count in own.values())
    blocks: dict[str, GroupBlock] = {}
    for group, table in tables.items():
        if small or is_identifying(rest, rule):
            code = SUBGROUP if group in small else COMPLEMENT
            blocks[group] = GroupBlock(n=None, median=None, shares=None, suppressed=code)
            continue
        shares = {
            name: PlainShare(count=count, n=table.n, share=count / table.n) for name, count in cells[group].items()
        }
        blocks[group] = GroupBlock(
            n=table.n, median=_median(table), shares=None if thin else shares, suppressed=SUBGROUP if thin else None
        )
    return blocks


def _cells(table: GroupTable) -> dict[str, int]:
    counts = table.counts or ()
    if table.labels is not None:
        return dict(zip(table.labels, counts, strict=True))
    lo = table.scale.lo if table.scale is not None else 0
    return {key: sum(counts[first - lo : last - lo + 1]) for key, first, last in table.bands or ()}


def _median(table: GroupTable) -> float | None:
    if table.scale is None:
        return None
    twice = twice_median(table.counts or (), table.scale.lo)
    return None if twice is None else twice / 2
