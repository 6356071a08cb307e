"""Published medians of real ratings come out of the tables: 67 of 67."""

import csv
from collections import defaultdict

import pytest

from analysis.statistics.descriptive import median
from analysis.tables.histograms import Histogram
from tests.analysis.cases import GOLDEN

Key = tuple[str, str, str]


def _key(row: dict[str, str]) -> Key:
    return row["code"], row["site"], row["round"]


def _rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / "real" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_all_published_medians_are_reproduced() -> None:
    counts: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for row in _rows("utaf_final_round_scores.csv"):
        counts[_key(row)].append((int(row["score"]) - 1, 1))
    published = _rows("utaf_published_results.csv")
    assert len(published) == 67
    for row in published:
        table = Histogram.from_rows(counts[_key(row)], k=10)
        assert median(table.counts, lo=1).value == pytest.approx(float(row["median_score"])), row
