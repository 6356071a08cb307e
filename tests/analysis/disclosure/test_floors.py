"""Floors of a release: what is told at each floor, and no longer one below it."""

import copy
from typing import Any

import pytest

from analysis.canonical import canonical_json
from analysis.disclosure.floors import is_identifying, release, withhold_figures
from analysis.protocol.protocol import DisclosureRule
from analysis.result.stage import stage_result
from tests.analysis.consultation import PROTOCOL, histogram, measure, pair_table, reask, stage, variable

HIGH, SPLIT = [8] * 18 + [5] * 2, [1] * 10 + [9] * 10
RULE = DisclosureRule(distribution=8, median=5, reasons=8, subgroup=5, rows_k=3, paired=8)
Block = dict[str, Any]


def shown(**parts: Any) -> Block:
    """What is released of a result of these parts, the others empty."""
    empty: Block = {"variables": {}, "measures": {}, "pairs": {}, "priorities": [], "hidden": {"by_group": {}}}
    return release(empty | parts, RULE)


def criterion(n: int, pairs: int | None = None, leavers: int | None = None) -> Block:
    """A criterion with every figure that a floor may take."""
    case = {"n": n + 2, "verdict": "in", "flips": False, "shares": {"high": {}}}
    numbers = None if pairs is None else {"pairs": pairs, "unchanged": 3, "median_shift": 0.5, "net_change": 0.1}
    return {
        "n": n,
        "counts": [n],
        "median": 5.0,
        "verdict": {
            "verdict": "in",
            "margin": 2,
            "numbers": {"n": n, "respondents": 30, "needed": 10, "denominator": "rated", "withheld": 1, "clauses": {}},
        },
        "robustness": {"leave_one_out": {}},
        "stability": {"state": "stable", "numbers": numbers, "wilcoxon": {"p": 1.0}, "kappa_quadratic": 0.5},
        "sensitivity": {
            "leavers": leavers,
            "worst": dict(case),
            "best": dict(case),
            "last_value_carried": dict(case),
            "cliff_delta": 0.25,
        },
    }


def released(n: int, pairs: int | None = None, leavers: int | None = None) -> Block:
    found = shown(measures={"M01": {"criteria": {"importance": criterion(n, pairs, leavers)}}})
    block: Block = found["measures"]["M01"]["criteria"]["importance"]
    return block


@pytest.mark.parametrize(("difference", "points"), [(0, False), (1, True), (4, True), (5, False)])
def test_one_to_four_people_apart_point_at_one_of_them(difference: int, points: bool) -> None:
    """Under a floor of five, whichever of the two figures is larger."""
    assert is_identifying(difference, RULE) is points
    assert is_identifying(-difference, RULE) is points


def test_only_what_is_there_is_withheld() -> None:
    block: Block = {"mean": 4.5, "n": 9}
    withhold_figures(block, ("mean", "median"), "because")
    assert block == {"mean": None, "n": 9, "suppressed": "because"}


def test_release_hides_tables_and_changes_nothing_else() -> None:
    given = stage(measure("M01", HIGH, HIGH), measure("M02", SPLIT, SPLIT), variables=(variable("PRE-20.x", *HIGH),))
    frozen = stage_result(PROTOCOL, given)
    before = copy.deepcopy(frozen)
    found = release(frozen, PROTOCOL.disclosure)
    assert frozen == before
    assert "hidden" not in found
    assert "transitions" not in canonical_json(found)
    assert found["measures"] == frozen["measures"]
    assert found["variables"] == frozen["variables"]


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
    found = release(stage_result(PROTOCOL, given), PROTOCOL.disclosure)
    for block in (found["variables"]["x"], found["measures"]["M01"]["criteria"]["importance"]):
        assert (block["counts"] is not None) is distribution
        assert (block["shares"] is not None) is distribution
        assert (block["median"] is not None) is median
        assert block.get("suppressed") == code


def test_a_verdict_over_few_keeps_no_number_that_tells_their_ratings() -> None:
    enough, few = released(8), released(7)
    assert enough["verdict"] == criterion(8)["verdict"] and enough["robustness"] == {"leave_one_out": {}}
    assert enough["sensitivity"]["worst"] == enough["sensitivity"]["best"] == criterion(8)["sensitivity"]["worst"]
    assert few["verdict"] == {
        "verdict": "in",
        "margin": None,
        "numbers": {"n": 7, "respondents": 30, "needed": 10, "denominator": "rated"},
        "suppressed": "distribution_below_floor",
    }
    assert few["robustness"] is None
    assert few["sensitivity"] == {
        "leavers": None,
        "worst": None,
        "best": None,
        "last_value_carried": None,
        "cliff_delta": 0.25,
        "suppressed": "distribution_below_floor",
    }


def test_shares_with_carried_ratings_are_never_told() -> None:
    """Less this round's they would be the earlier ratings of those who left."""
    carried = released(20)["sensitivity"]["last_value_carried"]
    assert carried == {"n": 22, "verdict": "in", "flips": False, "shares": None, "suppressed": "differencing"}


@pytest.mark.parametrize(("leavers", "is_told"), [(None, True), (0, True), (1, False), (4, False), (5, True)])
def test_how_few_leavers_differ_is_not_told(leavers: int | None, is_told: bool) -> None:
    found = released(20, leavers=leavers)["sensitivity"]
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
    stability = released(n, pairs, leavers)["stability"]
    numbers = stability["numbers"]
    shifts = (numbers["median_shift"], numbers["net_change"], numbers.get("suppressed"))
    assert shifts == ((0.5, 0.1, None) if is_told else (None, None, "differencing"))
    assert (numbers["pairs"], numbers["unchanged"], stability["kappa_quadratic"]) == (pairs, 3, 0.5)


def test_few_pairs_are_counted_and_no_more() -> None:
    assert released(8, 8)["stability"]["numbers"] == criterion(8, 8)["stability"]["numbers"]
    assert released(8, 7)["stability"] == {
        "state": "stable",
        "numbers": {"pairs": 7},
        "wilcoxon": None,
        "kappa_quadratic": None,
        "suppressed": "pairs_below_floor",
    }
    never = released(20)["stability"]
    assert (never["numbers"], never["wilcoxon"]) == (None, {"p": 1.0})


def over_all(*sizes: int, experts: int = 8) -> Block:
    """The panel's figures beside measures with so many ratings; a last one has no such criterion."""
    measures: Block = {f"M{at}": {"criteria": {"importance": criterion(n)}} for at, n in enumerate(sizes)}
    measures["M99"] = {"criteria": {}}
    figures = {"measures": 2, "apmo": 80.0, "kendall_w": {"w": 0.5, "experts": experts}}
    panel = {"importance": {**figures, "intraclass": {"icc": 0.6, "experts": experts}}}
    found: Block = shown(measures=measures, panel=panel)["panel"]["importance"]
    return found


def test_figures_over_all_measures_need_every_distribution() -> None:
    assert over_all(8, 20)["apmo"] == 80.0
    assert over_all(20, 7) == over_all(7, 20) == {"measures": 2, "suppressed": "complement"}


def test_agreement_of_those_who_rated_all_has_a_floor_of_its_own() -> None:
    enough, few = over_all(8, 8, experts=8), over_all(8, 8, experts=7)
    assert (enough["kendall_w"]["w"], enough["intraclass"]["icc"]) == (0.5, 0.6)
    assert few["kendall_w"] == few["intraclass"] == {"suppressed": "distribution_below_floor"}
    assert few["apmo"] == 80.0
    assert over_all(9, 9, experts=9)["kendall_w"]["w"] == 0.5


def test_a_criterion_withheld_says_nothing_of_the_next() -> None:
    """Seven rated the first of two, eight the second."""
    both = {"importance": criterion(7), "feasibility": criterion(8)}
    panel = {"importance": {"measures": 1, "apmo": 80.0}, "feasibility": {"measures": 1, "apmo": 70.0}}
    found = shown(measures={"M01": {"criteria": both}}, panel=panel)["panel"]
    assert found == {"importance": {"measures": 1, "suppressed": "complement"}, "feasibility": panel["feasibility"]}


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
    figures = {"up": 3, "same": 4, "down": 1, "wilcoxon": {"p": 0.5}}
    moved = {"median_earlier": 4.0, "median_later": 5.0, "median_shift": 1.0, "mean_shift": 0.5}
    pair = {"n": n, "n_earlier_only": earlier_only, "n_later_only": later_only, **figures, **moved}
    found = shown(pairs={"x": pair})["pairs"]["x"]
    assert {name: found[name] for name in figures} == (figures if counts else dict.fromkeys(figures))
    assert {name: found[name] for name in moved} == (moved if shifts else dict.fromkeys(moved))
    assert (found["n"], found["n_earlier_only"], found.get("suppressed")) == (n, earlier_only, code)


def test_few_pairs_and_few_leavers_are_withheld() -> None:
    few = stage(pairs=(reask([(3, 5)] * 7),))
    found = release(stage_result(PROTOCOL, few), PROTOCOL.disclosure)["pairs"]["POST-10.x"]
    assert (found["up"], found["suppressed"]) == (None, "pairs_below_floor")
    now = [8] * 12 + [5] * 4
    table = pair_table([(p, p) for p in now], left=[8, 2])
    rated = measure("M01", now)
    gone = rated.__class__("M01", rated.criteria, {"importance": table}, None, 2)
    carried = {("M01", "importance"): histogram(*now, 8, 2)}
    given = stage(gone, submitted=16, last_value_carried=carried)
    block = release(stage_result(PROTOCOL, given), PROTOCOL.disclosure)["measures"]["M01"]["criteria"]["importance"]
    assert block["stability"]["numbers"]["net_change"] is None
    assert block["stability"]["numbers"]["suppressed"] == "differencing"
    assert block["stability"]["numbers"]["unchanged"] == 16
    assert block["sensitivity"]["cliff_delta"] is None
    assert block["sensitivity"]["best"]["verdict"] == "in"
    assert block["sensitivity"]["last_value_carried"]["shares"] is None


def priorities(submitted: int | None, *sizes: int) -> Block:
    rows = [{"n": n, "share_high": 0.5, "median": 6.0} for n in sizes]
    taken = {} if submitted is None else {"submitted": submitted}
    return shown(participation=taken, priorities=rows)


def test_priorities_of_few_are_none() -> None:
    assert len(priorities(8, 20)["priorities"]) == 1
    for few in (7, None):
        found = priorities(few, 20)
        assert (found["priorities"], found["suppressed"]) == (None, "distribution_below_floor")
    assert "suppressed" not in priorities(3), "nobody was asked"


def test_a_measure_among_the_priorities_has_its_floors() -> None:
    rows = priorities(20, 8, 7, 5, 4)["priorities"]
    assert [(row["share_high"], row["median"], row.get("suppressed")) for row in rows] == [
        (0.5, 6.0, None),
        (None, 6.0, "distribution_below_floor"),
        (None, 6.0, "distribution_below_floor"),
        (None, None, "median_below_floor"),
    ]


def first_places(*sizes: int, picked: int = 1) -> Block:
    measures: Block = {f"M{at}": {"criteria": {"importance": criterion(n)}} for at, n in enumerate(sizes)}
    measures["M99"] = {"criteria": {}}
    rows = [{"n": 20, "share_high": 0.5, "median": 6.0}] * picked
    first = {"by_share": {"M0": 1.0}, "by_picks": {"M0": 1.0}}
    parts = {"participation": {"submitted": 20}, "priorities": rows, "first": first, "deciding": "importance"}
    found: Block = shown(measures=measures, **parts)["first"]
    return found


def test_first_places_stand_only_where_every_distribution_does() -> None:
    assert first_places(8, 20) == {"by_share": {"M0": 1.0}, "by_picks": {"M0": 1.0}}
    withheld = {"by_share": None, "by_picks": {"M0": 1.0}, "suppressed": "distribution_below_floor"}
    assert first_places(20, 7) == first_places(7, 20) == first_places() == withheld
    unpicked = {"by_share": {"M0": 1.0}, "by_picks": None, "suppressed": "distribution_below_floor"}
    assert first_places(8, 20, picked=0) == unpicked


def by_group(whole: int | None, **groups: Block) -> Block:
    """Groups of one variable beside the whole panel's; without a whole where that is not shown."""
    tables = {name: {"x": table} for name, table in groups.items()}
    variables = {} if whole is None else {"x": {"n": whole, "median": 5.0}}
    found: Block = shown(variables=variables, hidden={"by_group": tables})["groups"]
    return {name: found[name]["x"] for name in groups}


def on_three(low: int, middle: int, high: int, lo: int = 1) -> Block:
    """Ratings of three bands of two points each: one at the lower point, the others at the upper."""
    bands = [["low", lo, lo + 1], ["middle", lo + 2, lo + 3], ["high", lo + 4, lo + 5]]
    n, counts = (
        low + middle + high,
        [point for band in (low, middle, high) for point in (min(band, 1), max(band - 1, 0))],
    )
    return {"n": n, "counts": counts, "scale": {"lo": lo}, "bands": bands}


def labelled(*counts: int) -> Block:
    return {"n": sum(counts), "counts": list(counts), "labels": ["yes", "no"]}


NOTHING = {"n": None, "median": None, "shares": None}


def test_groups_are_shown_with_their_bands_where_all_are_large() -> None:
    found = by_group(36, a=on_three(5, 5, 7), b=on_three(6, 5, 8, lo=0))
    assert found["a"] == {
        "n": 17,
        "median": 4.0,  # the ninth of seventeen is at the middle's upper point
        "shares": {
            "low": {"count": 5, "n": 17, "share": 5 / 17},
            "middle": {"count": 5, "n": 17, "share": 5 / 17},
            "high": {"count": 7, "n": 17, "share": 7 / 17},
        },
    }
    assert (found["b"]["median"], found["b"]["shares"]["high"]["count"]) == (3.0, 8)


def test_a_group_of_four_withholds_all_groups() -> None:
    found = by_group(19, a=on_three(5, 5, 5), b=on_three(0, 0, 4))
    assert found == {"a": NOTHING | {"suppressed": "complement"}, "b": NOTHING | {"suppressed": "subgroup_below_floor"}}
    five = by_group(20, a=on_three(5, 5, 5), b=on_three(0, 0, 5))
    assert (five["a"]["n"], five["b"]["n"]) == (15, 5)


@pytest.mark.parametrize(("whole", "are_told"), [(30, True), (31, False), (34, False), (35, True), (None, True)])
def test_who_is_in_no_group_is_not_the_rest(whole: int | None, are_told: bool) -> None:
    """The whole less the groups is a table of those in none."""
    found = by_group(whole, a=on_three(5, 5, 5), b=on_three(5, 5, 5))
    assert [block["n"] for block in found.values()] == ([15, 15] if are_told else [None, None])
    assert {block.get("suppressed") for block in found.values()} == {None if are_told else "complement"}


def test_a_cell_of_four_withholds_the_shares_of_all_groups() -> None:
    found = by_group(29, a=on_three(5, 5, 5), b=on_three(5, 4, 5))
    assert {block["shares"] for block in found.values()} == {None}
    assert [block["median"] for block in found.values()] == [4.0, 4.0]
    assert {block["suppressed"] for block in found.values()} == {"subgroup_below_floor"}


def test_groups_of_a_question_with_options_have_shares_and_no_median() -> None:
    found = by_group(26, a=labelled(5, 8), b=labelled(7, 6))
    assert found["a"] == {
        "n": 13,
        "median": None,
        "shares": {"yes": {"count": 5, "n": 13, "share": 5 / 13}, "no": {"count": 8, "n": 13, "share": 8 / 13}},
    }


def test_ratings_of_groups_are_held_against_the_measures_whole() -> None:
    """17 rated M1's importance and 15 of them are in a group: the two others stay untold."""
    measures: Block = {"M1": {"criteria": {"importance": criterion(17)}}}
    hidden = {"by_group": {"a": {"M1.importance": on_three(5, 5, 5)}, "b": {}}}
    found = shown(measures=measures, hidden=hidden)["groups"]
    assert found == {"a": {"M1.importance": NOTHING | {"suppressed": "complement"}}, "b": {}}


def test_groups_are_shown_all_or_none() -> None:
    def groups(creative: list[int], policy: list[int]) -> Block:
        tables = {"creative": (variable("x", *creative),), "policy": (variable("x", *policy),)}
        given = stage(variables=(variable("x", *creative, *policy),), by_group=tables)
        found: Block = release(stage_result(PROTOCOL, given), PROTOCOL.disclosure)["groups"]
        return found

    even = [2] * 5 + [5] * 5 + [8] * 5
    whole = groups(even, even)
    assert whole["policy"]["x"]["shares"]["high"] == {"count": 5, "n": 15, "share": 1 / 3}
    thin = groups(even, [2] * 4 + [5] * 5 + [8] * 5)
    assert [thin[group]["x"]["shares"] for group in ("creative", "policy")] == [None, None]
    small = groups(even, [8] * 4)
    assert small["policy"]["x"]["suppressed"] == "subgroup_below_floor"
    assert small["creative"]["x"] == NOTHING | {"suppressed": "complement"}
