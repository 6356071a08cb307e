"""Floors of a release: what is told at each floor, and no longer one below it."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from analysis.canonical import canonical_json
from analysis.disclosure.floors import is_identifying, release
from analysis.model.criterion import CriterionResult, StabilityNumbers
from analysis.model.figures import Interval, PlainShare, ScaleEnds, Wilcoxon, withheld
from analysis.model.panel import GroupTable, Intraclass, KendallW, PanelAgreement
from analysis.model.stage import (
    FirstPlaces,
    GroupBlock,
    MeasureResult,
    Participation,
    Priority,
    ReleasedStage,
    hidden_of,
)
from analysis.model.writer import written
from analysis.protocol.protocol import DisclosureRule
from analysis.result.stage import stage_result
from tests.analysis.consultation import PROTOCOL, histogram, measure, pair_table, reask, stage, variable
from tests.analysis.disclosure import results

HIGH, SPLIT = [8] * 18 + [5] * 2, [1] * 10 + [9] * 10
RULE = DisclosureRule(distribution=8, median=5, reasons=8, subgroup=5, rows_k=3, paired=8)


def shown(**parts: Any) -> ReleasedStage:
    """What is released of a result of these parts, the others empty."""
    return release(replace(results.EMPTY, **parts), RULE)


def criterion(n: int, pairs: int | None = None, leavers: int | None = None) -> CriterionResult:
    """A criterion with every figure that a floor may take."""
    numbers = None
    if pairs is not None:
        numbers = StabilityNumbers(pairs=pairs, unchanged=3, median_shift=0.5, net_change=0.1)
    return results.criterion(n, numbers, leavers, with_leavers=n + 2)


def released(n: int, pairs: int | None = None, leavers: int | None = None) -> CriterionResult:
    found = shown(measures={"M01": results.measure(importance=criterion(n, pairs, leavers))})
    return found.measures["M01"].criteria["importance"]


@pytest.mark.parametrize(("difference", "points"), [(0, False), (1, True), (4, True), (5, False)])
def test_one_to_four_people_apart_point_at_one_of_them(difference: int, points: bool) -> None:
    """Under a floor of five, whichever of the two figures is larger."""
    assert is_identifying(difference, RULE) is points
    assert is_identifying(-difference, RULE) is points


def test_only_what_is_there_is_withheld() -> None:
    block = StabilityNumbers(pairs=9, median_shift=4.5)
    found = withheld(block, ("median_shift", "net_change"), "because")
    assert written(found) == {"pairs": 9, "median_shift": None, "suppressed": "because"}


def test_release_hides_tables_and_changes_nothing_else() -> None:
    given = stage(measure("M01", HIGH, HIGH), measure("M02", SPLIT, SPLIT), variables=(variable("PRE-20.x", *HIGH),))
    frozen = stage_result(PROTOCOL, given)
    before = copy.deepcopy(frozen)
    found = release(frozen, PROTOCOL.disclosure)
    assert frozen == before
    assert hidden_of(found) is None and "hidden" not in written(found)
    assert "transitions" not in canonical_json(written(found))
    assert found.measures == frozen.measures
    assert found.variables == frozen.variables


@pytest.mark.parametrize(
    ("n", "distribution", "median", "code"),
    [
        (8, True, True, None),
        (7, False, True, "distribution_below_floor"),
        (5, False, True, "distribution_below_floor"),
        (4, False, False, "median_below_floor"),
    ],
)
def test_floors(n: int, distribution: bool, median: bool, code: str | None) -> None:
    points = [5] * (n - 1) + [8]
    given = stage(measure("M01", points), submitted=n, variables=(variable("x", *points),))
    found = written(release(stage_result(PROTOCOL, given), PROTOCOL.disclosure))
    for block in (found["variables"]["x"], found["measures"]["M01"]["criteria"]["importance"]):
        assert (block["counts"] is not None) is distribution
        assert (block["shares"] is not None) is distribution
        assert (block["median"] is not None) is median
        assert block.get("suppressed") == code


def test_a_verdict_over_few_keeps_no_number_that_tells_their_ratings() -> None:
    enough, few = released(8), released(7)
    assert enough.verdict == criterion(8).verdict and enough.robustness == criterion(8).robustness
    assert enough.sensitivity.worst == enough.sensitivity.best == criterion(8).sensitivity.worst
    assert written(few.verdict) == {
        "verdict": "in",
        "margin": None,
        "code": "in",
        "numbers": {"n": 7, "respondents": 30, "needed": 10, "denominator": "rated"},
        "with_no_opinions": {"verdict": "in", "flips": False},
        "suppressed": "distribution_below_floor",
    }
    assert few.robustness is None
    assert written(few.sensitivity) == {
        "leavers": None,
        "worst": None,
        "best": None,
        "last_value_carried": None,
        "cliff_delta": 0.25,
        "suppressed": "distribution_below_floor",
    }


def test_shares_with_carried_ratings_are_never_told() -> None:
    """Less this round's they would be the earlier ratings of those who left."""
    carried = released(20).sensitivity.last_value_carried
    assert carried is not None
    assert written(carried) == {"n": 22, "verdict": "in", "flips": False, "shares": None, "suppressed": "differencing"}


@pytest.mark.parametrize(("leavers", "is_told"), [(None, True), (0, True), (1, False), (4, False), (5, True)])
def test_how_few_leavers_differ_is_not_told(leavers: int | None, is_told: bool) -> None:
    found = written(released(20, leavers=leavers).sensitivity)
    assert (found["cliff_delta"], found.get("suppressed")) == (
        (0.25, None) if is_told else (None, "subgroup_below_floor")
    )


@pytest.mark.parametrize(
    ("n", "pairs", "leavers", "is_told"),
    [
        (20, 20, 0, True),
        (20, 20, None, True),
        (20, 19, 0, False),  # one newcomer
        (20, 16, 0, False),
        (20, 15, 0, True),
        (19, 20, 0, False),
        (20, 20, 1, False),
        (20, 20, 4, False),
        (20, 15, 5, True),
        (20, 16, 5, False),  # four newcomers, though enough left
        (20, 15, 4, False),
    ],
)
def test_shifts_stand_where_nobody_lies_between_the_pairs_and_the_whole(
    n: int, pairs: int, leavers: int | None, is_told: bool
) -> None:
    stability = written(released(n, pairs, leavers).stability)
    numbers = stability["numbers"]
    shifts = (numbers["median_shift"], numbers["net_change"], numbers.get("suppressed"))
    assert shifts == ((0.5, 0.1, None) if is_told else (None, None, "differencing"))
    assert (numbers["pairs"], numbers["unchanged"], stability["kappa_quadratic"]) == (pairs, 3, 0.5)


def test_few_pairs_are_counted_and_no_more() -> None:
    assert released(8, 8).stability.numbers == criterion(8, 8).stability.numbers
    assert written(released(8, 7).stability) == {
        "state": "stable",
        "code": "stable",
        "codes": ["median_shift"],
        "numbers": {"pairs": 7},
        "wilcoxon": None,
        "kappa_quadratic": None,
        "suppressed": "pairs_below_floor",
    }
    never = released(20).stability
    assert (never.numbers, never.wilcoxon) == (None, results.WILCOXON)


def rated_by(*sizes: int) -> dict[str, MeasureResult]:
    """Measures with so many ratings; a last one has no such criterion."""
    measures = {f"M{at}": results.measure(importance=criterion(n)) for at, n in enumerate(sizes)}
    return {**measures, "M99": results.measure()}


def over_all(*sizes: int, experts: int = 8) -> PanelAgreement:
    """The panel's figures beside measures with so many ratings."""
    panel = PanelAgreement(
        measures=2,
        apmo=80.0,
        kendall_w=KendallW(value=0.5, experts=experts),
        intraclass=Intraclass(icc2=Interval(value=0.6, low=0.4, high=0.8), experts=experts),
    )
    return shown(measures=rated_by(*sizes), panel={"importance": panel}).panel["importance"]


def test_figures_over_all_measures_need_every_distribution() -> None:
    assert over_all(8, 20).apmo == 80.0
    assert over_all(20, 7) == over_all(7, 20)
    assert written(over_all(7, 20)) == {"measures": 2, "suppressed": "complement"}


def test_agreement_of_those_who_rated_all_has_a_floor_of_its_own() -> None:
    enough, few = written(over_all(8, 8, experts=8)), written(over_all(8, 8, experts=7))
    assert (enough["kendall_w"]["value"], enough["intraclass"]["ICC2"]["value"]) == (0.5, 0.6)
    assert few["kendall_w"] == few["intraclass"] == {"suppressed": "distribution_below_floor"}
    assert few["apmo"] == 80.0
    assert written(over_all(9, 9, experts=9))["kendall_w"]["value"] == 0.5


def test_a_criterion_withheld_says_nothing_of_the_next() -> None:
    """Seven rated the first of two, eight the second."""
    both = results.measure(importance=criterion(7), feasibility=criterion(8))
    panel = {"importance": PanelAgreement(measures=1, apmo=80.0), "feasibility": PanelAgreement(measures=1, apmo=70.0)}
    found = shown(measures={"M01": both}, panel=panel).panel
    assert found == {
        "importance": PanelAgreement(measures=1, suppressed="complement"),
        "feasibility": panel["feasibility"],
    }


@pytest.mark.parametrize(
    ("n", "earlier_only", "later_only", "counts", "shifts", "code"),
    [
        (8, 0, 0, True, True, None),
        (7, 0, 0, False, False, "pairs_below_floor"),
        (8, 1, 0, True, False, "differencing"),
        (8, 4, 9, True, False, "differencing"),
        (8, 9, 4, True, False, "differencing"),
        (8, 5, 5, True, True, None),
    ],
)
def test_changes_of_a_question_asked_again(
    n: int, earlier_only: int, later_only: int, counts: bool, shifts: bool, code: str | None
) -> None:
    figures: dict[str, Any] = {
        "up": 3,
        "same": 4,
        "down": 1,
        "wilcoxon": Wilcoxon(statistic=3.0, p=0.5, method="exact"),
    }
    moved: dict[str, Any] = {"median_earlier": 4.0, "median_later": 5.0, "median_shift": 1.0, "mean_shift": 0.5}
    pair = replace(results.pair(n, earlier_only, later_only), **figures, **moved)
    found = shown(pairs={"x": pair}).pairs["x"]
    assert {name: getattr(found, name) for name in figures} == (figures if counts else dict.fromkeys(figures))
    assert {name: getattr(found, name) for name in moved} == (moved if shifts else dict.fromkeys(moved))
    assert (found.n, found.n_earlier_only, found.suppressed) == (n, earlier_only, code)


def test_few_pairs_and_few_leavers_are_withheld() -> None:
    few = stage(pairs=(reask([(3, 5)] * 7),))
    found = release(stage_result(PROTOCOL, few), PROTOCOL.disclosure).pairs["POST-10.x"]
    assert (found.up, found.suppressed) == (None, "pairs_below_floor")
    now = [8] * 12 + [5] * 4
    table = pair_table([(p, p) for p in now], left=[8, 2])
    rated = measure("M01", now)
    gone = rated.__class__("M01", rated.criteria, {"importance": table}, None, 2)
    carried = {("M01", "importance"): histogram(*now, 8, 2)}
    given = stage(gone, submitted=16, last_value_carried=carried)
    of_round = release(stage_result(PROTOCOL, given), PROTOCOL.disclosure)
    block = written(of_round.measures["M01"].criteria["importance"])
    assert block["stability"]["numbers"]["net_change"] is None
    assert block["stability"]["numbers"]["suppressed"] == "differencing"
    assert block["stability"]["numbers"]["unchanged"] == 16
    assert block["sensitivity"]["cliff_delta"] is None
    assert block["sensitivity"]["best"]["verdict"] == "in"
    assert block["sensitivity"]["last_value_carried"]["shares"] is None


def place(n: int) -> Priority:
    return Priority(key="M01", picks=3, n=n, share_high=0.5, median=6.0, rank=1, tied=False)


def priorities(submitted: int | None, *sizes: int) -> ReleasedStage:
    return shown(participation=Participation(submitted=submitted), priorities=tuple(place(n) for n in sizes))


def test_priorities_of_few_are_none() -> None:
    rows = priorities(8, 20).priorities
    assert rows is not None and len(rows) == 1
    for few in (7, None):
        found = priorities(few, 20)
        assert (found.priorities, found.suppressed) == (None, "distribution_below_floor")
    assert "suppressed" not in written(priorities(3)), "nobody was asked"


def test_a_measure_among_the_priorities_has_its_floors() -> None:
    rows = priorities(20, 8, 7, 5, 4).priorities
    assert rows is not None
    assert [(row.share_high, row.median, row.suppressed) for row in rows] == [
        (0.5, 6.0, None),
        (None, 6.0, "distribution_below_floor"),
        (None, 6.0, "distribution_below_floor"),
        (None, None, "median_below_floor"),
    ]


FIRST = FirstPlaces(pick=1, draws=100, by_share={"M0": 1.0}, by_picks={"M0": 1.0})


def first_places(*sizes: int, picked: int = 1) -> FirstPlaces | None:
    parts: dict[str, Any] = {"participation": Participation(submitted=20), "priorities": (place(20),) * picked}
    return shown(measures=rated_by(*sizes), **parts, first=FIRST, deciding="importance").first


def test_first_places_stand_only_where_every_distribution_does() -> None:
    assert first_places(8, 20) == FIRST
    unshared = replace(FIRST, by_share=None, suppressed="distribution_below_floor")
    assert first_places(20, 7) == first_places(7, 20) == first_places() == unshared
    unpicked = replace(FIRST, by_picks=None, suppressed="distribution_below_floor")
    assert first_places(8, 20, picked=0) == unpicked


def by_group(whole: int | None, **groups: GroupTable) -> dict[str, GroupBlock]:
    """Groups of one variable beside the whole panel's; without a whole where that is not shown."""
    tables = {name: {"x": table} for name, table in groups.items()}
    variables = {} if whole is None else {"x": results.variable(whole, median=5.0)}
    found = shown(variables=variables, hidden=replace(results.EMPTY.hidden, by_group=tables)).groups
    return {name: found[name]["x"] for name in groups}


def on_three(low: int, middle: int, high: int, lo: int = 1) -> GroupTable:
    """Ratings of three bands of two points each: one at the lower point, the others at the upper."""
    n = low + middle + high
    return GroupTable(
        n=n,
        answered=n,
        counts=tuple(point for band in (low, middle, high) for point in (min(band, 1), max(band - 1, 0))),
        no_answer={},
        scale=ScaleEnds(key="S_SIX", lo=lo, hi=lo + 5),
        bands=(("low", lo, lo + 1), ("middle", lo + 2, lo + 3), ("high", lo + 4, lo + 5)),
    )


def labelled(*counts: int) -> GroupTable:
    n = sum(counts)
    return GroupTable(n=n, answered=n, counts=counts, no_answer={}, labels=("yes", "no"))


NOTHING = GroupBlock(n=None, median=None, shares=None)


def test_groups_are_shown_with_their_bands_where_all_are_large() -> None:
    found = by_group(36, a=on_three(5, 5, 7), b=on_three(6, 5, 8, lo=0))
    assert found["a"] == GroupBlock(
        n=17,
        median=4.0,  # the ninth of seventeen is at the middle's upper point
        shares={
            "low": PlainShare(count=5, n=17, share=5 / 17),
            "middle": PlainShare(count=5, n=17, share=5 / 17),
            "high": PlainShare(count=7, n=17, share=7 / 17),
        },
    )
    shares = found["b"].shares
    assert shares is not None and (found["b"].median, shares["high"].count) == (3.0, 8)


def test_a_group_of_four_withholds_all_groups() -> None:
    found = by_group(19, a=on_three(5, 5, 5), b=on_three(0, 0, 4))
    assert found == {
        "a": replace(NOTHING, suppressed="complement"),
        "b": replace(NOTHING, suppressed="subgroup_below_floor"),
    }
    five = by_group(20, a=on_three(5, 5, 5), b=on_three(0, 0, 5))
    assert (five["a"].n, five["b"].n) == (15, 5)


@pytest.mark.parametrize(("whole", "are_told"), [(30, True), (31, False), (34, False), (35, True), (None, True)])
def test_who_is_in_no_group_is_not_the_rest(whole: int | None, are_told: bool) -> None:
    """The whole less the groups is a table of those in none."""
    found = by_group(whole, a=on_three(5, 5, 5), b=on_three(5, 5, 5))
    assert [block.n for block in found.values()] == ([15, 15] if are_told else [None, None])
    assert {block.suppressed for block in found.values()} == {None if are_told else "complement"}


def test_a_cell_of_four_withholds_the_shares_of_all_groups() -> None:
    found = by_group(29, a=on_three(5, 5, 5), b=on_three(5, 4, 5))
    assert [block.shares for block in found.values()] == [None, None]
    assert [block.median for block in found.values()] == [4.0, 4.0]
    assert {block.suppressed for block in found.values()} == {"subgroup_below_floor"}


def test_groups_of_a_question_with_options_have_shares_and_no_median() -> None:
    found = by_group(26, a=labelled(5, 8), b=labelled(7, 6))
    assert found["a"] == GroupBlock(
        n=13,
        median=None,
        shares={"yes": PlainShare(count=5, n=13, share=5 / 13), "no": PlainShare(count=8, n=13, share=8 / 13)},
    )


def test_ratings_of_groups_are_held_against_the_measures_whole() -> None:
    """17 rated M1's importance and 15 of them are in a group: the two others stay untold."""
    hidden = replace(results.EMPTY.hidden, by_group={"a": {"M1.importance": on_three(5, 5, 5)}, "b": {}})
    found = shown(measures={"M1": results.measure(importance=criterion(17))}, hidden=hidden).groups
    assert found == {"a": {"M1.importance": replace(NOTHING, suppressed="complement")}, "b": {}}


def test_groups_are_shown_all_or_none() -> None:
    def groups(creative: list[int], policy: list[int]) -> dict[str, GroupBlock]:
        tables = {"creative": (variable("x", *creative),), "policy": (variable("x", *policy),)}
        given = stage(variables=(variable("x", *creative, *policy),), by_group=tables)
        found = release(stage_result(PROTOCOL, given), PROTOCOL.disclosure).groups
        return {group: blocks["x"] for group, blocks in found.items()}

    even = [2] * 5 + [5] * 5 + [8] * 5
    whole = groups(even, even)["policy"].shares
    assert whole is not None and whole["high"] == PlainShare(count=5, n=15, share=1 / 3)
    thin = groups(even, [2] * 4 + [5] * 5 + [8] * 5)
    assert [thin[group].shares for group in ("creative", "policy")] == [None, None]
    small = groups(even, [8] * 4)
    assert small["policy"].suppressed == "subgroup_below_floor"
    assert small["creative"] == replace(NOTHING, suppressed="complement")
