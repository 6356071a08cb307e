"""A long file of ratings: every bad row told, rows in any order, memory that does not grow."""

import random
import tracemalloc
from collections.abc import Iterator
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.canonical import digest
from analysis.disclosure.floors import release
from analysis.model.writer import written
from analysis.protocol.protocol import NO_ANSWER
from analysis.ratings_file.coded_ratings import BadRow, ExpertIndex, natural
from analysis.ratings_file.document import file_result
from analysis.ratings_file.header import HeaderInvalid
from analysis.ratings_file.reading import read_ratings
from analysis.ratings_file.round_tables import Rounds, collect
from analysis.schemas.results import results_schema
from tests.analysis.consultation import NINE, PROTOCOL

HEAD = "round,expert,item,rating,criterion,group,state\n"
SCALES = {"importance": NINE, "feasibility": NINE}
VALIDATOR = jsonschema.Draft202012Validator(results_schema())


def never(row: BadRow) -> None:
    raise AssertionError(row)


def tables(lines: list[str], head: str = HEAD) -> Rounds:
    with read_ratings([head, *lines], SCALES, never) as ratings:
        return collect(ratings, never)


def refused(lines: list[str], head: str = HEAD) -> list[tuple[int, str, str]]:
    found: list[BadRow] = []
    with read_ratings([head, *lines], SCALES, found.append) as ratings:
        collect(ratings, found.append)
        assert ratings.bad == len(found)
    return [tuple(row) for row in found]


def panel(seed: int = 1, experts: int = 22, leavers: int = 3, items: int = 7) -> list[str]:
    generator = np.random.default_rng(seed)
    lines = []
    for number in (1, 2):
        for expert in range(experts - (leavers if number == 2 else 0)):
            for item in range(items):
                for criterion in SCALES:
                    point = int(np.clip(np.rint(generator.normal(4 + item / 2, 1.5)), 1, 9))
                    group = "ab"[expert % 2]
                    lines.append(f"{number},e{expert},M{item},{point},{criterion},{group},\n")
    return lines


def test_every_bad_row_is_told_with_its_line() -> None:
    lines = [
        "1,e1,M1,7,importance,a,\n",
        "1,e1,M1,6,importance,a,\n",  # line 3: again
        "1,e2,M1,10,importance,a,\n",
        "1,e2,M1,7.5,importance,a,\n",
        "1,e2,M1,,importance,a,later\n",
        "1,e2,M1,7,importance,a,blank\n",
        "1,e2,M1,7,beauty,a,\n",
        "1,,M1,7,importance,a,\n",
        ",e2,M1,7,importance,a,\n",
        "1,e2,,7,importance,a,\n",
        "1,e2,M1\n",
        "1,e3,M1,7.0,importance,a,\n",
        "2,e3,M1,7,importance,b,\n",  # line 14: another group
        '1,e4,"M\n',  # lines 15 and 16 are one row
        '1",0,importance,a,\n',
    ]
    assert sorted(refused(lines)) == [
        (3, "repeated", "1, M1, importance"),
        (4, "not_on_scale", "10"),
        (5, "not_on_scale", "7.5"),
        (6, "unknown_state", "later"),
        (7, "rating_and_state", "7, blank"),
        (8, "unknown_criterion", "beauty"),
        (9, "empty", "expert"),
        (10, "empty", "round"),
        (11, "empty", "item"),
        (12, "columns", "3"),
        (14, "two_groups", "b"),
        (16, "not_on_scale", "0"),
    ]


def test_broken_quotes_are_told() -> None:
    assert [row[1] for row in refused(['1,e1,M1,"7"x,importance,a,\n'])] == ["not_csv"]


@pytest.mark.parametrize(
    ("head", "missing", "twice"),
    [
        ("round,expert,item\n", ["rating"], []),
        ("", ["round", "expert", "item", "rating"], []),
        ("round,round,expert,item,rating\n", [], ["round"]),
    ],
)
def test_the_first_line_names_the_columns(head: str, missing: list[str], twice: list[str]) -> None:
    with pytest.raises(HeaderInvalid) as caught:
        read_ratings([head] if head else [], SCALES, never)
    assert (caught.value.missing, caught.value.twice) == (missing, twice)


def test_columns_in_any_order_semicolons_and_what_is_not_read() -> None:
    lines = ["\ufeffRating;Comment;Item;Expert;Round\n", "7;fine;M1;e1;1\n", "\n"]
    with read_ratings(lines, {"importance": NINE}, never) as ratings:
        found = collect(ratings, never)
        assert ratings.unread == ["comment"]
    assert found.sheets["1", "importance"].units.cells[0, 6] == 1


def test_states_and_absence_are_counted_apart() -> None:
    lines = [
        "1,e1,M1,7,importance,,\n",
        "1,e1,M2,5,importance,,\n",
        "1,e2,M1,,importance,,dont_know\n",
        "1,e2,M2,,importance,,\n",
        "1,e3,M2,4,importance,,\n",
        "2,e4,M1,3,importance,,\n",
        "2,e1,M1,8,importance,,\n",
    ]
    found = tables(lines)
    first = found.sheets["1", "importance"]
    assert first.items == ["M1", "M2"]
    one = first.units.histogram(0)
    told = dict.fromkeys(NO_ANSWER, 0) | {"dont_know": 1, "not_reached": 1}
    assert (one.n, one.states()) == (1, told)
    assert first.units.histogram(1).states()["blank"] == 1
    assert (found.experts, found.took_part) == (4, {"1": 3, "2": 2})
    assert found.flow == {("1", "2"): [1, 2, 1]}
    earlier, table = found.pairs["2", "M1", "importance"]
    assert (earlier, table.n, table.cells[6, 7]) == ("1", 1, 1)
    assert int(table.newcomers.sum()) == 1


def test_pairs_reach_back_to_the_last_round_the_item_was_in() -> None:
    lines = ["1,e1,M1,7,importance,,\n", "2,e1,M2,5,importance,,\n", "10,e1,M1,8,importance,,\n"]
    found = tables(lines)
    assert found.rounds == ["1", "2", "10"]
    assert found.pairs["10", "M1", "importance"][0] == "1"
    assert found.rated_before("10", "M1", "importance") == 2
    stages = file_result(PROTOCOL, found).stages
    assert [stage.round for stage in stages] == [1, 2, 10]
    assert stages[2].measures["M1"].rounds_rated == 2


def test_rows_in_any_order_give_the_same_document() -> None:
    lines = panel()
    whole = file_result(PROTOCOL, tables(lines))
    for seed in (1, 2):
        random.Random(seed).shuffle(lines)
        assert file_result(PROTOCOL, tables(lines)).digest == whole.digest
    others = {key: value for key, value in written(whole).items() if key != "digest"}
    assert digest(others) == whole.digest


def test_documents_are_as_their_schema_says() -> None:
    jsonschema.Draft202012Validator.check_schema(results_schema())
    for lines in (panel(), panel(experts=4, leavers=1, items=1), panel()[:1]):
        result = file_result(PROTOCOL, tables(lines))
        document = written(result)
        assert [error.message for error in VALIDATOR.iter_errors(document)] == []
        document["stages"] = [written(release(one, PROTOCOL.disclosure)) for one in result.stages]
        assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    document["stages"][0]["measures"]["M0"]["surprise"] = 1
    assert not VALIDATOR.is_valid(document)


def test_every_key_of_the_schema_is_told_of_a_full_document() -> None:
    """A key that is in the schema and never in a document would be a promise not kept."""
    document = written(file_result(PROTOCOL, tables(panel())))
    assert set(results_schema()["required"]) <= document.keys()
    stage = document["stages"][1]
    assert stage["panel"]["importance"]["kendall_w"]["experts"] == 19
    assert stage["hidden"]["subgroups"]["M0.importance"]["groups"] == {"a": 10, "b": 9}
    assert stage["hidden"]["attrition"]["M0.importance"]["leavers"] == 3
    assert document["flow"] == [{"from": "1", "to": "2", "both": 19, "left": 3, "joined": 0}]
    assert document["ranking"]["kemeny"]["all_optima"] is True


def test_p_values_of_groups_are_scipys_adjusted() -> None:
    lines = panel(seed=5, experts=20, leavers=0)
    document = written(file_result(PROTOCOL, tables(lines)))
    found = document["stages"][0]["hidden"]["subgroups"]
    ratings: dict[str, dict[str, list[int]]] = {}
    for line in lines:
        number, _, item, point, criterion, group, _ = line.split(",")
        if number == "1":
            own = ratings.setdefault(f"{item}.{criterion}", {"a": [], "b": []})
            own[group].append(int(point))
    keys = sorted(found)
    for key in keys:
        effect = stats.mannwhitneyu(ratings[key]["a"], ratings[key]["b"]).statistic
        assert found[key]["cliff_delta"] == pytest.approx(2 * effect / 100 - 1)
    p = [found[key]["test"]["p"] for key in keys]
    bh = stats.false_discovery_control(p)
    assert [found[key]["test"]["p_bh"] for key in keys] == pytest.approx(list(bh))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.integers(1, 9),
            st.integers(1, 3),
            st.one_of(st.integers(1, 9), st.sampled_from(NO_ANSWER)),
        ),
        min_size=1,
        max_size=60,
        unique_by=lambda row: row[:3],
    )
)
def test_any_file_of_good_rows_has_a_document(rows: list[tuple[int, int, int, Any]]) -> None:
    lines = [
        f"{number},e{expert},M{item},{'' if isinstance(given, str) else given},importance,,"
        f"{given if isinstance(given, str) else ''}\n"
        for number, expert, item, given in rows
    ]
    found = tables(lines)
    total = sum(int(sheet.units.units.sum()) for sheet in found.sheets.values())
    assert total == sum(not isinstance(row[3], str) for row in rows)
    document = written(file_result(PROTOCOL, found))
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


@given(st.lists(st.text(min_size=1), max_size=30))
def test_experts_are_known_again(names: list[str]) -> None:
    known, places = ExpertIndex(), {}
    for name in names:
        (place,) = known.places([name]).tolist()
        assert places.setdefault(name, place) == place
    assert sorted(places.values()) == list(range(len(known)))
    assert known.places(list(places)).tolist() == list(places.values())


def test_rounds_are_in_their_natural_order() -> None:
    assert sorted(["10", "9", "1"], key=natural) == ["1", "9", "10"]
    assert sorted(["round 10", "round 2", "pilot"], key=natural) == ["pilot", "round 2", "round 10"]


def _many(experts: int) -> Iterator[str]:
    yield "round,expert,item,rating\n"
    for expert in range(experts):
        for item in range(9):
            yield f"1,expert {expert},M{item},{1 + (expert * 7 + item) % 9}\n"


def _peak(experts: int) -> tuple[int, Rounds]:
    tracemalloc.start()
    with read_ratings(_many(experts), {"importance": NINE}, never) as ratings:
        found = collect(ratings, never)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak, found


def test_memory_does_not_grow_with_the_rows() -> None:
    """Three times the rows: no more memory but for what is kept of each expert."""
    small, _ = _peak(8_000)
    large, found = _peak(24_000)
    assert found.sheets["1", "importance"].units.units.sum() == 216_000
    assert large - small < 3_000_000
