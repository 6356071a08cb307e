"""Charts: the frozen numbers and nothing else, on the page, in the file, at one address."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html

from consult.characters import readable
from consult.services.rounds.results import released_json
from consult.web.results.charting import one_round
from consult.web.results.charting.asking import Chart, ChartColumn
from consult.web.results.charting.views import VIEWS, as_csv
from consult.web.results.charts import cut, escaped
from tests.oddtexts import ODD
from tests.web.charted import DONE, REASON, open_charted
from tests.web.markup import faults
from tests.web.staffing import HERE, House

NEEDS_ROUNDS = sorted(VIEWS.keys() - {"before-after", "lists", "participation"})


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("charts")
    with open_charted(folder) as opened:
        yield opened


@pytest.fixture(scope="module")
def analyst(house: House) -> FlaskClient:
    return house.client("analyst")


def _address(view: str, slug: str = DONE, **query: str) -> str:
    asked = "&".join(f"{key}={value}" for key, value in query.items())
    return f"/c/{slug}/results/charts/{view}?{asked}"


def _table(text: str) -> list[list[str]]:
    """The page's table, the head first, as words."""
    found = html.fromstring(text).xpath("//div[@class='data']//table")[0]
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th | ./td")] for row in found.xpath(".//tr")
    ]


def _file(client: FlaskClient, view: str, slug: str = DONE, **query: str) -> list[list[str]]:
    answer = client.get(_address(view, slug, **query, format="csv"))
    assert answer.status_code == 200 and answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    return list(csv.reader(io.StringIO(answer.text)))


def _numbers(house: House, stage: str, slug: str = DONE) -> dict[str, Any]:
    with house.reading() as session:
        found = released_json(session, house.stage(stage, slug))
        assert found is not None
        return found


def _same(cell: str, value: float | int | None) -> bool:
    return cell == "–" if value is None else float(cell) == pytest.approx(value, abs=0.005)


@pytest.mark.parametrize("criterion", ["importance", "feasibility"])
@pytest.mark.parametrize("stage", ["round-1", "round-2", "round-3"])
def test_shares_are_those_of_the_frozen_round(house: House, analyst: FlaskClient, stage: str, criterion: str) -> None:
    frozen = _numbers(house, stage)["measures"]
    rows = _table(analyst.get(_address("shares", round=stage, criterion=criterion)).text)[1:]
    assert {row[0] for row in rows} == frozen.keys()
    for row in rows:
        block = frozen[row[0]]["criteria"][criterion]
        shares = block["shares"] or {}
        wanted = [block[name] for name in ("n", "median", "q1", "q3")]
        wanted += [shares.get(band, {}).get("count") for band in ("low", "middle", "high")]
        assert all(map(_same, row[3:10], wanted)), row
        assert bool(row[10]) is bool(block.get("suppressed")), row


def test_the_figure_draws_what_the_table_says(house: House, analyst: FlaskClient) -> None:
    frozen = _numbers(house, "round-2")["measures"]
    text = analyst.get(_address("ranking", round="round-2")).text
    found = re.search(r'class="chart"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found is not None
    trace = json.loads(found[1])["data"][0]
    drawn = dict(zip(trace["y"], trace["x"], strict=True))
    assert drawn
    for row in _table(text)[1:]:
        high = (frozen[row[0]]["criteria"]["importance"]["shares"] or {}).get("high")
        assert (row[0] in drawn) is (high is not None)
        if high is not None:
            assert _same(row[6], round(100 * high["share"], 1)), row
            assert drawn[row[0]] == pytest.approx(100 * high["share"])


def test_first_places_are_as_frozen(house: House, analyst: FlaskClient) -> None:
    """Would the same five come first again: on the first screen, in the chart and its table."""
    frozen = _numbers(house, "round-3")
    rows = _table(analyst.get(_address("first")).text)[1:]
    by_picks, by_share = (frozen["first"][way] for way in ("by_picks", "by_share"))
    assert {row[0] for row in rows} == by_picks.keys() | by_share.keys()
    for row in rows:
        for cell, chances in ((row[8], by_picks), (row[9], by_share)):
            wanted = chances.get(row[0])
            assert _same(cell, None if wanted is None else round(100 * wanted, 1)), row
    assert sum(by_picks.values()) == pytest.approx(5) == pytest.approx(sum(by_share.values()))
    board = analyst.get(f"/c/{DONE}/results").text
    first = frozen["priorities"][0]["key"]
    assert f"among the first 5 in {round(100 * by_picks[first])} of 100 panels drawn again" in board


def test_medians_of_two_rounds_stand_side_by_side(house: House, analyst: FlaskClient) -> None:
    one, two = (_numbers(house, key)["measures"] for key in ("round-1", "round-3"))
    rows = _table(analyst.get(_address("rounds", earlier="round-1", round="round-3")).text)[1:]
    assert {row[0] for row in rows} == one.keys() & two.keys()
    for row in rows:
        before, now = (part[row[0]]["criteria"]["importance"] for part in (one, two))
        assert _same(row[3], before["median"]) and _same(row[7], now["median"]), row


def test_stability_and_attrition_are_as_released(house: House, analyst: FlaskClient) -> None:
    frozen = _numbers(house, "round-2")["measures"]
    moved = _table(analyst.get(_address("stability", round="round-2")).text)[1:]
    left = _table(analyst.get(_address("attrition", round="round-2")).text)[1:]
    withheld = 0
    for row in moved:
        numbers = frozen[row[0]]["criteria"]["importance"]["stability"]["numbers"] or {}
        names = ("pairs", "unchanged", "within_one", "median_shift")
        assert all(map(_same, row[4:8], map(numbers.get, names))), row
        withheld += "suppressed" in numbers
        assert ("Not shown" in row[10]) is ("suppressed" in numbers), row
    assert withheld, "the panel played here should leave something to withhold"
    for row in left:
        found = frozen[row[0]]["criteria"]["importance"]["sensitivity"]
        assert _same(row[3], found["leavers"]), row
        if found["worst"]:
            assert _same(row[5], round(100 * found["worst"]["shares"]["high"]["share"], 1)), row


def test_changes_between_questionnaires_are_counts_of_people(house: House, analyst: FlaskClient) -> None:
    text = analyst.get(_address("before-after")).text
    questions = re.findall(r"question=([A-Z0-9-]+)&amp;", text)
    assert {"PRE-16", "PRE-19", "PRE-21"} <= set(questions)
    known = _numbers(house, "pre-event")["pairs"] | _numbers(house, "post-event")["pairs"]
    seen = set()
    for question in ("PRE-16", "PRE-19", "PRE-21"):
        asked = _address("before-after", question=question, part="changes")
        for row in _table(analyst.get(asked).text)[1:]:
            pair = known[row[0]]
            assert all(map(_same, row[5:8], (pair["down"], pair["same"], pair["up"]))), row
            assert bool(row[8]) is (pair["up"] is None), row
            seen.add(row[0])
    assert seen == known.keys()


def test_medians_are_told_by_their_time(house: House, analyst: FlaskClient) -> None:
    text = analyst.get(_address("before-after", question="PRE-16")).text
    rows = _table(text)[1:]
    assert {row[2] for row in rows} >= {"recalled (PRE-16)", "so far (PRE-17)", "expected (PRE-18)"}
    frozen = _numbers(house, "pre-event")["variables"]
    for row in rows:
        key = re.sub(r".*\((.*)\)", r"\1", row[2])
        assert _same(row[5], frozen[f"{key}.{row[0]}"]["median"]), row


def test_lists_in_order_before_and_after(house: House, analyst: FlaskClient) -> None:
    before, after = (_numbers(house, key)["variables"] for key in ("pre-event", "post-event"))
    rows = _table(analyst.get(_address("lists", question="PRE-26")).text)[1:]
    assert {f"PRE-26.{row[0]}" for row in rows} <= before.keys() and len(rows) > 5
    for row in rows:
        for at, (question, frozen) in enumerate((("PRE-26", before), ("POST-11", after))):
            block = frozen[f"{question}.{row[0]}"]
            counts = block["counts"]
            wanted = [block["n"], counts[0], sum(counts[:-1])] if counts else [block["n"]]
            assert all(map(_same, row[2 + 4 * at :], wanted)), row


def test_groups_say_why_they_are_not_shown(house: House, analyst: FlaskClient) -> None:
    frozen = _numbers(house, "round-1")["groups"]
    rows = _table(analyst.get(_address("groups", round="round-1")).text)[1:]
    assert {row[0] for row in rows} == _numbers(house, "round-1")["measures"].keys()
    for row in rows:
        for at, group in ((5, "creative"), (7, "policy")):
            block = frozen[group].get(f"{row[0]}.importance", {})
            assert _same(row[at], block.get("n")), row
            assert _same(row[at + 1], block.get("median")), row
            assert "Not shown" in row[11] or block["median"] is not None, row


def test_participation_is_that_of_frozen_stages(house: House, analyst: FlaskClient) -> None:
    rows = _table(analyst.get(_address("participation")).text)[1:]
    assert [row[0] for row in rows] == ["pre-event", "post-event", "round-1", "round-2", "round-3"]
    for row in rows:
        told = _numbers(house, row[0])["participation"]
        steps = ("invited", "consented", "started", "submitted")
        assert row[2:] == [str(told[step]) for step in steps]
    open_one = _table(analyst.get(_address("participation", HERE)).text)[1:]
    assert [row[0] for row in open_one] == ["first-look", "round-1"]


@pytest.mark.parametrize("view", list(VIEWS))
@pytest.mark.parametrize("slug", [DONE, HERE])
def test_the_file_is_the_table(analyst: FlaskClient, view: str, slug: str) -> None:
    answer = analyst.get(_address(view, slug))
    assert answer.status_code == 200 and faults(answer.text) == []
    if "<table" not in answer.text:
        assert analyst.get(_address(view, slug, format="csv")).status_code == 404
        return
    shown = [["" if cell == "–" else cell for cell in row] for row in _table(answer.text)]
    filed = [[" ".join(cell.split()) for cell in row] for row in _file(analyst, view, slug)]
    assert filed == shown and len(filed) > 1


@pytest.mark.parametrize("view", list(VIEWS))
def test_the_address_restores_the_view(analyst: FlaskClient, view: str) -> None:
    """Any choice made on the page, then the address it prints: the same table and choices."""
    text = analyst.get(_address(view)).text
    choices = re.findall(rf'href="(/c/{DONE}/results/charts/{view}\?[^"]+)"', text)
    own = [one for one in choices if "lang=" not in one]
    assert own
    for href in own[-4:]:
        chosen = analyst.get(unescape(href).replace("format=csv", ""))
        printed = re.search(r'class="note address">.*?<a href="([^"]+)">([^<]+)</a>', chosen.text)
        assert printed is not None and printed[2].endswith(printed[1])
        again = analyst.get(unescape(printed[1]))
        assert _table(again.text) == _table(chosen.text)
        current = re.compile(r'aria-current=true>([^<]+)<|<p class="chosen">(.*?)</p>')
        assert current.findall(again.text) == current.findall(chosen.text)


def test_filters_and_orders_come_from_the_address(analyst: FlaskClient) -> None:
    listed = [row[0] for row in _file(analyst, "shares", HERE, sort="list")[1:]]
    assert listed == sorted(listed)
    whole = _file(analyst, "thresholds", round="round-2")[1:]
    text = analyst.get(_address("thresholds", round="round-2")).text
    shown = set(re.findall(r"show=(\w+)", text)) - {"all"}
    parts = [_file(analyst, "thresholds", round="round-2", show=code)[1:] for code in shown]
    assert sorted(row[0] for part in parts for row in part) == sorted(row[0] for row in whole)


def test_a_heat_map_has_no_row_without_values(analyst: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plotly draws nothing at all of a heat map with more rows than values."""
    honest = one_round.threshold_sensitivity

    def without_the_last(released: Any, criterion: Any) -> Any:
        figure = honest(released, criterion)
        heat = figure.data["data"][0]
        less = {**heat, "y": heat["y"][:-1], "z": heat["z"][:-1]}
        return replace(figure, data=figure.data | {"data": [less]})

    monkeypatch.setattr(one_round, "threshold_sensitivity", without_the_last)
    found = re.search(
        r'<script type="application/json"[^>]*>(.*?)</script>', analyst.get(_address("thresholds")).text, re.DOTALL
    )
    assert found is not None
    figure = json.loads(found[1])
    rows = figure["layout"]["yaxis"]["categoryarray"]
    assert len(rows) > 1 and set(rows) == set(figure["data"][0]["y"])


@pytest.mark.parametrize("view", NEEDS_ROUNDS)
def test_an_open_round_shows_nothing(analyst: FlaskClient, view: str) -> None:
    for query in ({"round": "round-2"}, {"earlier": "round-2"}):
        answer = analyst.get(_address(view, HERE, **query))
        assert "not closed and frozen yet" in answer.text
        assert "<table" not in answer.text and 'class="chart"' not in answer.text
        assert analyst.get(_address(view, HERE, **query, format="csv")).status_code == 404


def test_the_newest_rating_is_that_of_a_frozen_round(house: House, analyst: FlaskClient) -> None:
    rows = _table(analyst.get(_address("shares", HERE)).text)[1:]
    frozen = _numbers(house, "round-1", HERE)["measures"]
    assert {row[2] for row in rows} == {"1"}
    for row in rows:
        assert _same(row[3], frozen[row[0]]["criteria"]["wish"]["n"])


@pytest.mark.parametrize("query", ["round=nothing&sort=1;DROP", "criterion=__class__&show=<x>"])
def test_odd_choices_fall_back(analyst: FlaskClient, query: str) -> None:
    answer = analyst.get(f"/c/{DONE}/results/charts/shares?{query}")
    assert answer.status_code == 200 and "1;DROP" not in answer.text
    assert _table(answer.text) == _table(analyst.get(_address("shares")).text)


def test_one_criterion_makes_no_map(analyst: FlaskClient) -> None:
    assert "rated on one criterion" in analyst.get(_address("map", HERE)).text


def test_a_file_runs_no_formula() -> None:
    chart = Chart([], [ChartColumn("Key", False), ChartColumn("Measure", False)], [["M1", "=1+1"]])
    assert "".join(as_csv(chart)).splitlines() == ["Key,Measure", "M1,'=1+1"]


def test_every_chart_has_words_and_keeps_the_policy(analyst: FlaskClient) -> None:
    for view in VIEWS:
        # Few in a panel of chance describe the same sectors; all answer on the dimensions.
        answer = analyst.get(_address(view, **({"question": "PRE-19"} if "-" in view else {})))
        assert answer.text.count("<figcaption") >= 1, view
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        for words in re.findall(r"</strong>(.*?)</figcaption>", answer.text, re.DOTALL):
            assert len(words) > 40, view
        assert len(_table(answer.text)) > 1, view


def test_large_type_is_the_same_page(analyst: FlaskClient) -> None:
    plain = analyst.get(_address("shares", round="round-2"))
    slide = analyst.get(_address("shares", round="round-2", slides="1"))
    assert 'class="wide slides"' in slide.text and "slides" not in plain.text.partition("<main")[0]
    assert _table(slide.text) == _table(plain.text)


def test_results_lead_to_the_charts(analyst: FlaskClient) -> None:
    text = analyst.get(f"/c/{DONE}/results").text
    assert all(f"/results/charts/{view}" in text for view in VIEWS)
    assert f'href="/c/{DONE}/public"' in text
    assert f'href="/c/{HERE}/public"' not in analyst.get(f"/c/{HERE}/results").text


def test_the_public_page_waits_for_the_last_round(house: House) -> None:
    visitor = house.client()
    for path in ("public", "public/L1"):
        text = visitor.get(f"/c/{HERE}/{path}").text
        assert "not published yet" in text and "<table" not in text


def test_the_public_page_shows_released_aggregates(house: House) -> None:
    visitor = house.client()
    text = visitor.get(f"/c/{DONE}/public").text
    frozen = _numbers(house, "round-3")["measures"]
    for key, measure in frozen.items():
        row = re.search(rf'<tr id="{key}">(.*?)</tr>', text, re.DOTALL)
        assert row is not None
        cells = re.findall(r'<td class="num">([^<]*)</td>', row[1])
        assert cells[:2] == ["3", str(measure["criteria"]["importance"]["n"])], key
    assert REASON not in unescape(text) and "<script" not in text


def test_a_measure_has_an_address_to_cite(house: House) -> None:
    visitor = house.client()
    text = visitor.get(f"/c/{DONE}/public/M01").text
    assert re.search(rf">https?://[^<]+/c/{DONE}/public/M01</a>", text)
    assert "Ratings by round" in text and REASON not in unescape(text)
    assert visitor.get(f"/c/{DONE}/public/M99").status_code == 404


BARS = ("shares", "stability", "before-after", "lists", "participation", "groups")


def test_bars_are_drawn_in_the_unit_they_are_labelled_in(analyst: FlaskClient) -> None:
    """Around a middle line shares in percent, as the axis says; in all others people, whole ones
    that the table names."""
    kinds = set()
    for view in BARS:
        text = analyst.get(_address(view)).text
        told = {cell for row in _table(text) for cell in row}
        for source in html.fromstring(text).xpath("//script[@class='chart']"):
            figure = json.loads(source.text)
            bars = [trace for trace in figure["data"] if trace["type"] == "bar"]
            if bars and figure["layout"].get("barmode") == "relative":
                kinds.add("shares")
                for row in {row for trace in bars for row in trace["y"]}:
                    assert _whole(bars, row) == pytest.approx(100), (view, row)
            elif bars:
                kinds.add("people")
                values = [value for trace in bars for value in trace["x"] if value]
                assert all(value == int(value) for value in values), view
                assert view == "stability" or {f"{value:g}" for value in values} <= told, view
    assert kinds == {"shares", "people"}


def _whole(bars: list[dict[str, Any]], row: str) -> float:
    drawn = [pair for trace in bars for pair in zip(trace["y"], trace["x"], strict=True)]
    return sum(abs(value) for key, value in drawn if key == row and value is not None)


def test_any_label_of_a_chart_is_readable() -> None:
    for name, words in ODD.items():
        (label,) = escaped({0: words}).values()
        assert readable(label) == label and "\n" not in label, name
        json.dumps(label, ensure_ascii=False).encode()
        assert len(cut(words, 15).splitlines()) <= 1
    assert cut("👩‍👩‍👧" * 20, 3) == "👩‍👩‍👧" * 2 + "…"
