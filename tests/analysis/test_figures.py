"""Charts draw what the result says and nothing withheld, and plotly takes what is drawn."""

import json
from typing import Any

import plotly.graph_objects as graph_objects
import pytest

from analysis.disclosure.floors import release
from analysis.figures.drawing import Figure, change_bars, diverging_bars
from analysis.figures.measures import dot_ranking, importance_feasibility, threshold_sensitivity
from analysis.figures.rounds import dumbbells, participation_flow, transition_table
from analysis.figures.rows import Row
from analysis.model.criterion import ThresholdRun
from analysis.model.file import Flow
from analysis.model.stage import ReleasedStage, StageResult
from analysis.protocol.protocol import NO_ANSWER
from analysis.protocol.states import Verdict
from analysis.result.stage import stage_result
from tests.analysis.consultation import PROTOCOL, measure, stage

HIGH, SPLIT, MIXED = [8] * 18 + [5] * 2, [1] * 10 + [9] * 10, [8] * 14 + [5] * 6
LOW = [2] * 20


def result(number: int, *measures: Any) -> StageResult:
    return stage_result(PROTOCOL, stage(*measures, round_number=number, stage=f"round-{number}"))


FIRST = result(1, measure("M01", MIXED), measure("M02", SPLIT), measure("M03", [8] * 5))
SECOND = result(
    2, measure("M01", HIGH, MIXED), measure("M02", SPLIT, SPLIT), measure("M03", [8] * 5), measure("M04", LOW)
)


def shown(whole: StageResult) -> ReleasedStage:
    return release(whole, PROTOCOL.disclosure)


def every_figure() -> list[Figure[Row]]:
    cells = SECOND.hidden.transitions["M01"]["importance"]
    one, two = shown(FIRST), shown(SECOND)
    return [
        diverging_bars(two),
        change_bars(two.pairs),
        dot_ranking(two),
        importance_feasibility(two, ("importance", "feasibility")),
        threshold_sensitivity(two),
        dumbbells(one, two),
        transition_table(cells, 1, NO_ANSWER, 9),
        participation_flow([one, two]),
    ]


@pytest.mark.parametrize("figure", every_figure(), ids=lambda figure: figure.alt["kind"])
def test_plotly_takes_what_is_drawn(figure: Figure[Row]) -> None:
    """plotly's own classes refuse a property that does not exist."""
    graph_objects.Figure(figure.data)
    json.dumps(figure.data, allow_nan=False)
    assert figure.alt["kind"] and all(isinstance(row, Row) for row in figure.rows)


def test_figures_of_nothing_are_empty() -> None:
    none = shown(result(2))
    for figure in (
        dot_ranking(none),
        importance_feasibility(none, ("importance", "feasibility")),
        threshold_sensitivity(none),
        dumbbells(none, none),
        participation_flow([]),
    ):
        assert figure.alt["kind"]
        graph_objects.Figure(figure.data)


def test_dots_stand_where_the_shares_are() -> None:
    figure = dot_ranking(shown(SECOND))
    assert [row.key for row in figure.rows] == ["M01", "M02", "M04", "M03"]
    assert figure.data["data"][0]["x"] == pytest.approx([90, 50, 0])
    # 18 of 20: Wilson 0.699 to 0.972 (Newcombe 1998's formula)
    assert figure.rows[0].cells()["low"] == pytest.approx(0.699, abs=5e-4)
    assert figure.rows[0].cells()["high"] == pytest.approx(0.972, abs=5e-4)
    assert figure.rows[3].cells() == {
        "key": "M03",
        "n": 5,
        "suppressed": "distribution_below_floor",
        "share": None,
        "low": None,
        "high": None,
        "rank": None,
    }
    assert (figure.alt["needed"], figure.alt["reaching"], figure.alt["suppressed"]) == (75, 1, 1)


def test_dumbbells_join_two_rounds() -> None:
    figure = dumbbells(shown(FIRST), shown(SECOND))
    rows = {row.key: row for row in figure.rows}
    assert rows["M01"].change == pytest.approx(0.2)
    assert rows["M02"].change == 0
    assert rows["M03"].change is None and "M04" not in rows
    assert (figure.alt["up"], figure.alt["same"], figure.alt["suppressed"]) == (1, 1, 1)
    assert len(figure.data["data"][1]["x"]) == 2


def test_two_criteria_on_one_map() -> None:
    figure = importance_feasibility(shown(SECOND), ("importance", "feasibility"))
    places = {row.key: row.quadrant for row in figure.rows}
    assert places == {"M01": "both", "M02": "between", "M03": "both", "M04": "neither"}
    assert figure.alt["between"] == 1


def test_thresholds_are_drawn_as_verdicts() -> None:
    figure = threshold_sensitivity(shown(SECOND))
    rows = {row.key: row.runs for row in figure.rows}
    assert rows["M01"] == (ThresholdRun(start=60, end=90, verdict=Verdict.IN),)
    assert rows["M04"] == (ThresholdRun(start=60, end=90, verdict=Verdict.OUT),)
    assert rows["M03"] is None
    assert figure.data["data"][0]["z"][0] == [1] * 31
    assert figure.alt["steady"] == 3


def test_transitions_count_people() -> None:
    cells = SECOND.hidden.transitions["M01"]["importance"]
    figure = transition_table(cells, 1, NO_ANSWER, 9)
    # fourteen 8 to 8, four 5 to 8, two 5 to 5
    assert {(r.earlier, r.later): r.count for r in figure.rows} == {("8", "8"): 14, ("5", "8"): 4, ("5", "5"): 2}
    assert (figure.alt["same"], figure.alt["up"], figure.alt["down"]) == (16, 4, 0)
    assert figure.data["data"][0]["x"] == [str(point) for point in range(1, 10)]


def test_participation_with_and_without_those_who_left() -> None:
    plain = participation_flow([shown(FIRST), shown(SECOND)])
    assert plain.rows[0].cells() == {"key": "round-1", "invited": 25, "consented": 24, "started": 22, "submitted": 20}
    moved = [Flow(earlier="round-1", later="round-2", both=15, left=5, joined=1)]
    figure = participation_flow([shown(FIRST), shown(SECOND)], moved)
    assert figure.rows[1].flow["left"] == 5 and figure.rows[0].flow["left"] is None
    assert (figure.alt["left"], figure.alt["joined"]) == (5, 1)


def test_names_are_words_and_never_markup() -> None:
    labels = {"M01": "First &lt;b&gt;"}
    figure = dot_ranking(shown(SECOND), labels=labels)
    assert figure.data["data"][0]["y"][0] == "First &lt;b&gt;"
    marked = stage_result(PROTOCOL, stage(measure("<b>x", HIGH)))
    text = importance_feasibility(marked, ("importance", "feasibility")).data["data"][0]["text"]
    assert text == ["&lt;b&gt;x"]
