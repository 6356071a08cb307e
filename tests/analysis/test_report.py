"""A StageResult holds what the briefing needs, and the same tables give the same bytes."""

from typing import Any

import pytest

from analysis.canonical import canonical_json, digest
from analysis.disclosure.floors import release
from analysis.figures.drawing import change_bars, diverging_bars
from analysis.result.stage import StageInput, VariableTable, stage_result
from analysis.tables.histograms import Histogram, UnknownCode
from tests.analysis.consultation import (
    NINE,
    PROTOCOL,
    frozen,
    histogram,
    measure,
    pair_table,
    reask,
    released,
    stage,
    variable,
)

HIGH, SPLIT = [8] * 18 + [5] * 2, [1] * 10 + [9] * 10
RULE = PROTOCOL.disclosure


def given_two(**more: Any) -> StageInput:
    return stage(measure("M01", HIGH, HIGH), measure("M02", SPLIT, SPLIT), **more)


def round_two(**more: Any) -> dict[str, Any]:
    return frozen(given_two(**more))


def test_verdict_and_stability_are_two_answers() -> None:
    measures = round_two()["measures"]
    agreed = measures["M01"]["criteria"]["importance"]
    assert (agreed["verdict"]["verdict"], agreed["stability"]["state"]) == ("in", "stable")
    assert (agreed["outcome"], measures["M01"]["class"]) == ("agreed", "act_now")
    assert measures["M01"]["settled"] is True
    split = measures["M02"]["criteria"]["importance"]
    assert (split["outcome"], measures["M02"]["class"]) == ("stable_dissent", "contested")
    assert measures["M02"]["settled"] is False
    assert split["a"] == -1.0
    assert split["ipras"]["disagreement"] is True


def test_nothing_is_settled_in_round_one() -> None:
    result = frozen(stage(measure("M01", HIGH), round_number=1, stage="round-1"))
    found = result["measures"]["M01"]
    assert found["settled"] is False
    assert found["criteria"]["importance"]["outcome_reason"] == "rated_once"
    assert found["criteria"]["importance"]["stability"]["wilcoxon"] is None
    assert result["stopping"]["skip_last"] is False


def test_last_round_falls_away_only_if_all_is_stable() -> None:
    assert round_two()["stopping"] == {"all_stable": True, "rounds": 3, "skip_last": True}
    moved = stage(measure("M01", HIGH, [1] * 20), measure("M02", SPLIT, SPLIT))
    assert frozen(moved)["stopping"]["skip_last"] is False


def test_undefined_figures_say_why() -> None:
    empty = VariableTable("PRE-20.x", NINE, (), Histogram.empty(9))
    found = frozen(stage(variables=(empty,)))["variables"]["PRE-20.x"]
    assert (found["median"], found["median_reason"]) == (None, "no_data")
    assert found["n"] == 0


def test_priorities_print_ties() -> None:
    picks = (("M01", 7), ("M02", 7), ("M03", 7), ("M04", 9))
    standing = {"M03": histogram(*HIGH), "M04": histogram(*SPLIT)}
    rows = round_two(picks=picks, standing=standing)["priorities"]
    assert [(row["key"], row["rank"], row["tied"]) for row in rows] == [
        ("M04", 1, False),
        ("M01", 2, True),
        ("M03", 2, True),
        ("M02", 4, False),
    ]


def test_before_and_after_count_people() -> None:
    pair = reask([(3, 5)] * 6 + [(5, 5)] * 3 + [(5, 4)] * 2)
    found = frozen(stage(pairs=(pair,)))["pairs"]["POST-10.x"]
    assert (found["up"], found["same"], found["down"], found["n"]) == (6, 3, 2, 11)
    assert found["wilcoxon"]["p_holm"] == found["wilcoxon"]["p"]


def test_leaving_is_bounded_from_both_sides() -> None:
    now = [8] * 12 + [5] * 4
    rated = measure("M01", now, now)
    table = pair_table([(p, p) for p in now], left=[8, 8, 2])
    gone = rated.__class__("M01", rated.criteria, {"importance": table}, None, 2)
    carried = {("M01", "importance"): histogram(*now, 8, 8, 2)}
    given = stage(gone, submitted=16, last_value_carried=carried)
    found = frozen(given)["measures"]["M01"]["criteria"]["importance"]
    assert found["verdict"]["verdict"] == "in"
    cases = found["sensitivity"]
    assert cases["leavers"] == 3
    assert (cases["worst"]["verdict"], cases["best"]["verdict"]) == ("none", "in")
    assert cases["last_value_carried"] | {"shares": None} == {"n": 19, "verdict": "none", "flips": True, "shares": None}


def test_same_tables_same_bytes() -> None:
    one, other = round_two(), round_two()
    assert canonical_json(one) == canonical_json(other)
    given = stage(measure("M02", SPLIT, SPLIT), measure("M01", HIGH, HIGH))
    assert digest(frozen(given)) == digest(one)


def test_tables_that_disagree_are_refused() -> None:
    with pytest.raises(ValueError, match="answered"):
        frozen(stage(measure("M01", HIGH), submitted=5))
    with pytest.raises(ValueError, match="points"):
        VariableTable("x", NINE, (), Histogram.empty(5))
    with pytest.raises(UnknownCode):
        Histogram.from_rows([(16, 1)], 9)
    with pytest.raises(UnknownCode):
        Histogram.from_rows([(-1, 1)], 9)
    with pytest.raises(ValueError, match="negative"):
        Histogram.of([1, -1])
    with pytest.raises(TypeError):
        canonical_json({"when": object()})


def test_figures_draw_what_is_released() -> None:
    shown = release(stage_result(PROTOCOL, given_two(pairs=(reask([(3, 5)] * 8),))), RULE)
    figure = diverging_bars(shown, labels={"M01": "Vouchers"})
    assert [row.key for row in figure.rows] == ["M01", "M02"]
    bars = {(trace["name"], trace["x"][0] >= 0): trace for trace in figure.data["data"]}
    assert bars["high", True]["x"] == [90.0, 50.0]
    assert bars["low", True]["x"][1] == -50.0 or bars["low", False]["x"][1] == -50.0
    assert bars["high", True]["y"] == ["Vouchers", "M02"]
    assert figure.alt["highest"] == "M01"
    assert change_bars(shown.pairs).alt == {
        "kind": "change_bars",
        "bars": 1,
        "suppressed": 0,
        "more_up": 1,
        "more_down": 0,
    }
    hidden = release(stage_result(PROTOCOL, stage(measure("M01", [5] * 7), submitted=7)), RULE)
    empty = diverging_bars(hidden)
    assert empty.data["data"] == []
    assert empty.rows[0].suppressed == "distribution_below_floor"


def test_agreement_of_the_whole_panel_stands_beside_the_measures() -> None:
    """Two measures, twenty alike and a perfect split, by hand: pairs that agree on the same point.

    M01: 18 and 2 of 20, M02: 10 and 10.
    """
    panel = round_two()["panel"]["importance"]
    one = (18 * 17 + 2 * 1) / (20 * 19)
    two = 2 * 10 * 9 / (20 * 19)
    assert panel["percent_agreement"] == pytest.approx((one + two) / 2)
    assert (panel["measures"], panel["ratings"]) == (2, 40)
    # 18 of 20 are a majority, 10 of 20 are not
    assert panel["apmo"] == pytest.approx(100 * 18 / 40)
    assert "kendall_w" not in panel


def test_robustness_is_frozen_and_withheld_with_its_distribution() -> None:
    given = stage(measure("M01", HIGH, HIGH), measure("M02", [8] * 7))
    result = frozen(given)
    robust = result["measures"]["M01"]["criteria"]["importance"]["robustness"]
    assert robust["leave_one_out"] == {"verdicts": {"in": 20}, "flips": 0}
    assert robust["chance"]["draws"] is None
    shown = released(given)
    assert shown["measures"]["M01"]["criteria"]["importance"]["robustness"] == robust
    assert shown["measures"]["M02"]["criteria"]["importance"]["robustness"] is None
    assert shown["panel"]["importance"] == {"measures": 2, "suppressed": "complement"}


def test_groups_and_leavers_are_compared_where_nobody_sees_it() -> None:
    groups = {"a": (variable("M01.importance", *[8] * 10),), "b": (variable("M01.importance", *[2] * 10),)}
    given = stage(measure("M01", HIGH, HIGH), by_group=groups)
    result = frozen(given)
    found = result["hidden"]["subgroups"]["M01.importance"]
    assert (found["cliff_delta"], found["all_groups"]) == (1.0, "none")
    # all 20 choose 10 ways of dividing them, two are as far apart
    assert found["test"]["p"] == pytest.approx(2 / 184756)
    assert result["hidden"]["attrition"]["M01.importance"]["leavers"] == 0
    assert "subgroups" not in str(released(given))
