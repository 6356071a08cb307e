"""Tables of what was released."""

from tests.services import playing
from tests.services.conftest import World
from tests.services.files.reading import everything, read


def test_nothing_of_a_stage_before_it_is_frozen(played: World) -> None:
    for name, text in everything(played).items():
        assert playing.EARLY not in text
        if name not in ("participation.csv", "codebook.csv"):
            assert "round-2" not in text, name
    shown = {row["stage"]: row for row in read(played, "participation.csv")}
    assert shown["round-1"]["frozen"] == "true" and shown["round-2"]["frozen"] == "false"
    assert shown["round-1"]["submitted"] == "11"


def test_reasons_are_the_released_ones(played: World) -> None:
    rows = read(played, "reasons.csv")
    assert rows and {row["stage"] for row in rows} == {"round-1"}
    assert set(rows[0]) == {"stage", "round", "measure", "title", "side", "number", "reason"}


def test_the_consensus_table_says_why(played: World) -> None:
    rows = read(played, "consensus-table.csv")
    assert len(rows) == 7
    for row in rows:
        assert row["n"] and row["verdict"] in ("in", "out", "none", "not_judged")
        assert row["verdict_reason"].endswith(".") and "%" not in row["verdict_reason"]
        points = [int(row[f"count_{point}"]) for point in range(1, 6)]
        assert sum(points) == int(row["n"])
