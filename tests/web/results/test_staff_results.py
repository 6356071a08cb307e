"""Dashboards: released numbers of frozen rounds, nothing of a running one but participation."""

import gzip
import json
import re
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from consult.web.results.charts import escaped
from consult.web.results.rated import SORTS
from tests.web.staffing import HERE, House, open_house, send

RESULTS = f"/c/{HERE}/results"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path) as opened:
        yield opened


def _keys(text: str) -> list[str]:
    """Measures of the board in their order on the page."""
    board = text[text.index("<caption") : text.index("</table>")]
    return re.findall(r"/results/round-\d/(L\d)\"", board)


def test_a_running_round_shows_participation_only(house: House) -> None:
    text = house.client("analyst").get(f"{RESULTS}/round-2").text
    assert "not closed and frozen yet" in text
    assert "<script" not in text and "Verdict" not in text
    assert house.client("analyst").get(f"{RESULTS}/round-2/L1").status_code == 404


def test_the_board_stands_on_the_newest_frozen_round(house: House) -> None:
    client = house.client("analyst")
    before = client.get(RESULTS).text
    assert before.count("round 1</span>") == 7
    address = f"/c/{HERE}/facilitate/stages/round-2/close"
    assert send(house.client("facilitator"), address, reason="All are in").status_code == 303
    after = client.get(RESULTS).text
    assert after.count("round 2</span>") == 7
    assert ">not judged<" in after and "5 rated it, at least" in after
    assert "Not shown: too few answered for a distribution" in after


def test_the_first_screen_names_five_measures_and_how_sure(house: House) -> None:
    text = house.client("analyst").get(RESULTS).text
    first = text[text.index('id="top"') : text.index('id="board"')]
    assert "The first 5 measures so far" in first
    assert len(re.findall(r"<li", first)) == 5
    assert len(re.findall(r"rated it 4–5", first)) == 5
    assert len(re.findall(r"<strong>[^<]*(rating|nobody|judged)", first)) == 5


@pytest.mark.parametrize("sort", SORTS)
def test_the_board_sorts_by_every_column(house: House, sort: str) -> None:
    text = house.client("analyst").get(f"{RESULTS}?sort={sort}").text
    assert sorted(_keys(text)) == [f"L{number}" for number in range(1, 8)]
    assert text.count("aria-sort") == 1
    if sort == "list":
        assert _keys(text) == sorted(_keys(text))


def test_the_board_filters_by_outcome(house: House) -> None:
    client = house.client("analyst")
    text = client.get(RESULTS).text
    chosen = re.findall(r"show=(\w+)&amp;[^\"]*\"[^>]*>([^<]+) \((\d+)\)", text)
    assert chosen[0][0] == "all" and chosen[0][2] == "7"
    for code, _, count in chosen[1:]:
        assert len(_keys(client.get(f"{RESULTS}?show={code}").text)) == int(count)


@pytest.mark.parametrize("query", ["sort=1;DROP TABLE result", "show=<script>", "criterion=__class__", "sort=&show="])
def test_odd_choices_in_the_address_fall_back(house: House, query: str) -> None:
    answer = house.client("analyst").get(f"{RESULTS}?{query}")
    assert answer.status_code == 200 and len(_keys(answer.text)) == 7
    assert "DROP TABLE" not in answer.text and "<script>" not in answer.text


def test_a_chart_has_words_a_table_and_data_without_markup(house: House) -> None:
    answer = house.client("analyst").get(RESULTS)
    assert "sha256-47DEQpj8" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    found = re.search(r'<script type="application/json" class="chart"[^>]*>(.*?)</script>', answer.text, re.DOTALL)
    assert found is not None
    figure = json.loads(found[1])
    assert "One bar for each of 7 measures" in answer.text
    assert "The numbers behind the chart" in answer.text
    assert "style=" not in answer.text
    ranks = {trace["name"]: trace["legendrank"] for trace in figure["data"]}
    assert [name[:3] for name in sorted(ranks, key=lambda name: ranks[name])] == ["1–2", "3 i", "4–5"]


def test_bars_stack_outwards_from_the_middle(house: House) -> None:
    """Drawn the other way round, the low band would lie between the halves of the middle one."""
    text = house.client("analyst").get(RESULTS).text
    found = re.search(r'class="chart"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found is not None
    traces = json.loads(found[1])["data"]
    left = [trace["name"][:3] for trace in traces if any((x or 0) < 0 for x in trace["x"])]
    right = [trace["name"][:3] for trace in traces if any((x or 0) > 0 for x in trace["x"])]
    assert left == ["3 i", "1–2"] and right == ["3 i", "4–5"]


def test_titles_are_no_markup_for_the_chart() -> None:
    """Plotly reads tags in labels, and titles may come from experts."""
    assert escaped({"L1": "<a href='x'>y</a> & z"}) == {"L1": "&lt;a href='x'&gt;y&lt;/a&gt; &amp; z"}


def test_the_library_is_served_once_and_kept(house: House) -> None:
    client, release = house.client(), version("plotly")
    packed = client.get(f"/charts/plotly-{release}.min.js", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Accept-Encoding" in packed.headers["Vary"]
    known = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    again = client.get(f"/charts/plotly-{release}.min.js", headers=known)
    assert (again.status_code, again.data) == (304, b"")
    plain = client.get(f"/charts/plotly-{release}.min.js", headers={"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(packed.data) == plain.data
    assert client.get("/charts/plotly-0.0.0.min.js").status_code == 404


def test_one_measure_shows_its_distribution_and_no_person(house: House) -> None:
    text = house.client("analyst").get(f"{RESULTS}/round-1/L1").text
    assert "A quiet reading room" in text and "Ratings by round" in text
    assert text.count('class="column"') == 5
    assert "Reasons released" in text
    assert "Person 1" not in text and "E01" not in text
    assert house.client("analyst").get(f"{RESULTS}/round-1/L9").status_code == 404
    assert house.client("analyst").get(f"{RESULTS}/first-look/L1").status_code == 404


def test_released_reasons_are_text(house: House) -> None:
    text = house.client("analyst").get(f"{RESULTS}/round-1/L1").text
    reasons = text[text.index('id="reasons"') :]
    assert "&lt;b&gt;most&lt;/b&gt;" in reasons and "<b>most" not in reasons


def test_a_questionnaire_becomes_tables(house: House) -> None:
    text = house.client("secretariat").get(f"{RESULTS}/first-look").text
    for words in (
        "How often were you in the library",
        "A few times",
        "The opening hours",
        "To borrow or return",
        "By reporting group",
    ):
        assert words in text
    assert "What is missing today" not in text
    assert house.client("secretariat").get(f"{RESULTS}/no-stage").status_code == 404


def test_before_anything_is_frozen_there_is_participation(house: House) -> None:
    text = house.client("stranger").get("/c/other-library/results").text
    assert "No round is closed and frozen yet" in text and "Participation" in text


def test_pages_speak_russian_where_the_catalogue_does(house: House) -> None:
    answer = house.client("analyst").get(f"{RESULTS}?lang=ru")
    assert answer.status_code == 200 and '<html lang="ru">' in answer.text
