"""The file of distributions, counted from the rows once more; nothing before a stage is frozen."""

from collections import Counter

import pytest

from tests.services import playing
from tests.services.conftest import World
from tests.services.files.reading import everything, read


def test_nothing_of_a_stage_before_it_is_frozen(played: World) -> None:
    files = everything(played)
    assert "distributions.csv" in files
    for name, text in files.items():
        assert playing.EARLY not in text
        if name not in ("participation.csv", "codebook.csv"):
            assert "round-2" not in text, name


def test_counts_are_those_of_the_rows(played: World) -> None:
    rows = [row for row in read(played, "distributions.csv") if row["kind"] == "value" and row["stage"] == "round-1"]
    rated = [row for row in read(played, "ratings-long.csv") if row["stage"] == "round-1" and not row["state"]]
    counted = Counter((f"{row['measure']}.{row['criterion']}", row["rating"]) for row in rated)
    measured = [row for row in rows if row["variable"].startswith("L")]
    assert measured and counted
    for row in measured:
        assert int(row["count"]) == counted[row["variable"], row["value"]]
        assert float(row["share"]) == pytest.approx(int(row["count"]) / int(row["n"]))
    assert sum(int(row["count"]) for row in measured) == len(rated)
