"""The registry of statistics: one table for the README and the command, and figures by name."""

import math
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.model.statistic import StatisticRow
from analysis.protocol.protocol import Protocol
from analysis.protocol.scales import Band, Scale
from analysis.ratings_file.defaults import coded, with_criteria
from analysis.ratings_file.round_tables import collect
from analysis.registry import catalogue
from analysis.registry.adjusting import ADJUSTMENTS
from analysis.registry.computing import NeedsUnmet, computable, computed
from analysis.registry.entry import Needs
from analysis.registry.file_tables import FileTables
from analysis.statistics import value
from tests.analysis.cases import load
from tests.sources import ROOT

REASONS = {word for name, word in vars(value).items() if name.isupper()}
Rating = tuple[int, int, int, str, str, int]
"""Round, expert, item, criterion, group, point."""


@contextmanager
def tables_of(ratings: list[Rating], lo: int = 1, hi: int = 9) -> Iterator[FileTables]:
    """A file of these ratings; a scale in thirds as far as there are points for it."""
    third = max((hi - lo + 1) // 3, 1)
    bands = (Band("low", lo, lo + third - 1), Band("high", hi - third + 1, hi))
    protocol = Protocol(scales=(Scale("s", lo, hi, bands),))
    lines = ["round,expert,item,criterion,group,rating\n", *(",".join(map(str, row)) + "\n" for row in ratings)]
    with coded(lines, protocol, lambda row: pytest.fail(str(row))) as found:
        rounds = collect(found)
    yield FileTables(with_criteria(protocol, sorted(found.scales)), rounds)


def figures(ratings: list[Rating], name: str, lo: int = 1, hi: int = 9) -> dict[tuple[str, str], StatisticRow]:
    with tables_of(ratings, lo, hi) as tables:
        return {(row.figure, row.of): row for row in computed(tables, [name])}


def test_the_readme_shows_the_registry() -> None:
    assert catalogue.markdown() in (ROOT / "analysis" / "README.md").read_text(encoding="utf-8")


def test_a_line_says_everything_and_names_one_statistic() -> None:
    names = Counter(line.statistic.name for line in catalogue.LINES)
    assert set(names.values()) == {1}
    for _, one in catalogue.LINES:
        assert all((one.name, one.title, one.answers, one.caution, one.source))
        assert "|" not in "".join((one.title, one.answers, one.caution, one.source))
        assert one.name == one.name.lower() and "," not in one.name and one.name != "list"


def random_ratings(seed: int = 5) -> list[Rating]:
    generator = np.random.default_rng(seed)
    return [
        (number, expert, item, criterion, f"g{expert % 2}", int(np.clip(generator.normal(4 + item, 2), 1, 9)))
        for number in (1, 2)
        for expert in range(14)
        for item in range(3)
        for criterion in ("importance", "feasibility")
    ]


def test_every_name_gives_figures_that_are_said() -> None:
    with tables_of(random_ratings()) as tables:
        rows = computed(tables, catalogue.COMPUTED)
    assert {row.statistic for row in rows} == set(catalogue.COMPUTED)
    places = Counter((r.statistic, r.figure, r.of, r.round, r.criterion, r.item, r.method) for r in rows)
    assert set(places.values()) == {1}
    assert all(_is_told(row) for row in rows)


def _is_told(row: StatisticRow) -> bool:
    """A number that is one, a word, an interval or a p; else a reason that is known."""
    numbers = [one for one in (row.value, row.low, row.high, row.df, row.p) if one is not None]
    if not all(map(math.isfinite, numbers)):
        return False
    if row.low is not None and row.high is not None and row.low > row.high:
        return False
    return bool(row.word or numbers) if row.reason is None else row.reason in REASONS


RATINGS = st.integers(1, 4).flatmap(
    lambda points: st.tuples(
        st.just(points + 1),
        st.dictionaries(
            st.tuples(st.integers(1, 2), st.integers(1, 4), st.integers(1, 3), st.sampled_from("ab")),
            st.integers(1, points + 1),
            min_size=1,
            max_size=24,
        ),
    )
)


QUICK = [name for name in catalogue.COMPUTED if not catalogue.BY_NAME[name].statistic.is_drawn]
"""What needs no random draws, and so costs milliseconds."""


@settings(max_examples=100, deadline=None)
@given(RATINGS)
def test_no_panel_is_too_odd(given_: tuple[int, dict[tuple[int, int, int, str], int]]) -> None:
    """Two points, one expert, nobody in both rounds: a figure or a reason, never an error."""
    hi, cells = given_
    ratings = [(n, e, i, c, f"g{e % 2}", point) for (n, e, i, c), point in cells.items()]
    with tables_of(ratings, 1, hi) as tables:
        for row in computable(tables, QUICK):
            assert _is_told(row), row


@pytest.mark.parametrize("cells", [{(1, 1, 1, "a"): 1}, {(n, e, 1, "a"): e for n in (1, 2) for e in (1, 2, 3)}])
def test_nor_is_one_for_what_is_drawn(cells: dict[tuple[int, int, int, str], int]) -> None:
    """One rating; and three experts who say the same twice."""
    drawn = [name for name in catalogue.COMPUTED if name not in QUICK]
    ratings = [(n, e, i, c, f"g{e % 2}", point) for (n, e, i, c), point in cells.items()]
    assert drawn
    with tables_of(ratings, 1, 5) as tables:
        for row in computable(tables, drawn):
            assert _is_told(row), row


def _two_groups(seed: int = 2) -> tuple[list[int], list[int]]:
    generator = np.random.default_rng(seed)
    return generator.integers(1, 7, 18).tolist(), generator.integers(3, 10, 15).tolist()


def test_groups_are_scipys() -> None:
    """The figures of a file are those of the lists behind it."""
    first, second = _two_groups()
    ratings = [(1, f, 1, "c", "a", point) for f, point in enumerate(first)]
    ratings += [(1, 100 + s, 1, "c", "b", point) for s, point in enumerate(second)]
    found = figures(ratings, "mann-whitney")
    peer = stats.mannwhitneyu(first, second, use_continuity=False, method="asymptotic")
    assert found["Mann-Whitney", "a / b"].p == pytest.approx(peer.pvalue)
    spread = figures(ratings, "group-spread")
    for name, center in (("Levene", "mean"), ("Brown-Forsythe", "median")):
        assert spread[name, ""].p == pytest.approx(stats.levene(first, second, center=center).pvalue)
    assert spread["Fligner-Killeen", ""].p == pytest.approx(stats.fligner(first, second).pvalue)
    assert figures(ratings, "kruskal-wallis")["Kruskal-Wallis", ""].p == pytest.approx(
        stats.kruskal(first, second).pvalue
    )


def test_pairs_are_scipys_and_look_back() -> None:
    generator = np.random.default_rng(4)
    before = generator.integers(1, 10, 20).tolist()
    after = np.clip(before + generator.integers(-2, 4, 20), 1, 9).tolist()
    ratings = [(n, e, 1, "c", "g", p) for n, points in ((1, before), (2, after)) for e, p in enumerate(points)]
    found = figures(ratings, "correlation")
    assert {row.earlier for row in found.values()} == {"1"}
    for name, peer in (
        ("Pearson r", stats.pearsonr),
        ("Spearman rho", stats.spearmanr),
        ("Kendall tau-b", stats.kendalltau),
    ):
        assert found[name, ""].value == pytest.approx(peer(before, after).statistic)
    shown = float(np.median(before))
    moved = [(b, a) for b, a in zip(before, after, strict=True) if a != b]
    nearer = sum(abs(a - shown) < abs(b - shown) for b, a in moved)
    assert figures(ratings, "conformity")["conformity", f"median {shown:g}"].value == pytest.approx(nearer / len(moved))


def test_published_judges_come_out_of_a_file() -> None:
    """Siegel and Castellan (1988): three judges, eight attributes."""
    case = next(case for case in load() if case.name == "kendall_siegel_castellan_1988_att_3x8")
    matrix = case.inputs["matrix"]
    ratings = [(1, e, i, "c", "g", int(point)) for e, row in enumerate(matrix) for i, point in enumerate(row)]
    found = figures(ratings, "kendall")
    expected = case.content["expected"]
    assert found["Kendall's W", ""].value == pytest.approx(expected["W_tie_corrected"], abs=1e-6)
    assert found["Friedman", ""].value == pytest.approx(expected["friedman_chi2"], abs=1e-6)


def test_needs_are_told() -> None:
    one = [(1, e, 1, "c", "g", 5) for e in range(3)]
    with tables_of(one) as tables:
        for name, needs in (("kappa", Needs.PAIRS), ("mann-whitney", Needs.GROUPS), ("alpha", Needs.MEASURES)):
            with pytest.raises(NeedsUnmet) as unmet:
                computed(tables, [name])
            assert (unmet.value.name, unmet.value.needs) == (name, needs)
        with pytest.raises(catalogue.UnknownStatistic) as unknown:
            computed(tables, ["mean", "kapa"])
    assert unknown.value.near[0] == "kappa"


def test_p_values_are_adjusted_within_a_round_and_criterion() -> None:
    with tables_of(random_ratings()) as tables:
        for method, adjust in ADJUSTMENTS.items():
            rows = [row for row in computed(tables, ["wilcoxon"], method) if row.figure == "sign test"]
            for criterion in ("importance", "feasibility"):
                own = [row for row in rows if row.criterion == criterion]
                assert len(own) == 3
                assert [row.p_adjusted for row in own] == adjust([row.p for row in own if row.p is not None])


def test_one_experts_concordance_is_undefined() -> None:
    found = figures([(1, 1, item, "c", "g", item) for item in (1, 2, 3)], "kendall")
    assert found["Kendall's W", ""].reason == value.N_BELOW_MINIMUM


def test_an_error_of_nothing_gives_no_interval() -> None:
    """Everybody on one point the second time: kappa is 0, and not surely so."""
    ratings = [
        (n, e, 1, "c", "g", point) for n, points in ((1, (3, 4, 5, 6)), (2, (9,) * 4)) for e, point in enumerate(points)
    ]
    rows = figures(ratings, "kappa").values()
    assert rows
    for row in rows:
        assert (row.value, row.low, row.high) == (pytest.approx(0), None, None)
