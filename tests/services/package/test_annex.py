"""The annex: statistics that rest on what is released, of which nothing more can be learned."""

import csv
import io
import json
import re
from pathlib import Path

import numpy as np
import pytest
import scipy.stats

from consult.services.package import annex, writing
from tests.services.conftest import World
from tests.services.package.packing import checked, contents, packed, written


def test_a_package_of_an_earlier_version_has_no_annex(played: World, tmp_path: Path) -> None:
    files = contents(packed(played))
    del files[annex.PATH]
    files[writing.SUMS] = re.sub(rf".*  {annex.PATH}\n", "", files[writing.SUMS])
    found = checked(written(files, tmp_path / "older.zip"))
    assert found.is_sound and found.problems == []


def test_the_annex_rests_on_released_tables(played: World, careful: World) -> None:
    """By figures of statistics that R and scipy compute alike, from the counts that are told."""
    for world in (played, careful):
        files = contents(packed(world))
        told = {
            (stage["key"], measure, criterion): block["counts"]
            for stage in json.loads(files["results.json"])["stages"]
            if stage["result"]
            for measure, found in stage["result"]["numbers"]["content"]["measures"].items()
            for criterion, block in found["criteria"].items()
        }
        rows = list(csv.DictReader(io.StringIO(files[annex.PATH], newline="")))
        of_one = [row for row in rows if row["measure"] and "/" not in row["criterion"]]
        known = {place for place, counts in told.items() if counts is not None}
        assert {(row["stage"], row["measure"], row["criterion"]) for row in of_one} == known
        for row in of_one:
            counts = told[row["stage"], row["measure"], row["criterion"]]
            ratings = np.repeat(np.arange(1, len(counts) + 1), counts)
            if row["figure"] == "SD" and row["value"]:
                assert float(row["value"]) == pytest.approx(ratings.std(ddof=1))
            if row["figure"] == "share, Clopper-Pearson" and row["of"] == "high":
                low, high = scipy.stats.binomtest(
                    round(float(row["value"]) * ratings.size), ratings.size
                ).proportion_ci()
                assert (float(row["low"]), float(row["high"])) == pytest.approx((low, high))
        assert any(row["statistic"] == "gwet" for row in rows) or world is careful
        assert not {row["statistic"] for row in rows} & {"kappa", "kendall", "mann-whitney", "bootstrap", "places"}
