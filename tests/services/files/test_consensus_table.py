"""The consensus table: every figure adds up, every verdict says why, every measure what it came to."""

from consult.services.files.consensus_table import consensus_table, consensus_without_status
from consult.services.files.table_source import TableSource
from consult.services.rounds.statuses import statuses_of
from tests.services.conftest import World
from tests.services.files.reading import read


def test_the_consensus_table_says_why(played: World) -> None:
    rows = read(played, "consensus-table.csv")
    assert len(rows) == 7
    for row in rows:
        assert row["n"] and row["verdict"] in ("in", "out", "none", "not_judged")
        assert row["verdict_reason"].endswith(".") and "%" not in row["verdict_reason"]
        points = [int(row[f"count_{point}"]) for point in range(1, 6)]
        assert sum(points) == int(row["n"])


def test_of_each_row_it_says_what_the_measure_came_to(played: World) -> None:
    """After one round nobody knows whether ratings are stable: that is what it says of all."""
    known = statuses_of(played.session, played.consultation)
    assert known is not None
    rows = read(played, "consensus-table.csv")
    assert {row["status_code"] for row in rows} == {"stability_unknown", "not_judged"} & {
        one.code for one in known.measures.values()
    }
    assert {row["status_is_final"] for row in rows} == {"false"} and all(row["status"] for row in rows)


def test_without_the_status_it_is_the_same_otherwise(played: World) -> None:
    source = TableSource(played.session, played.consultation, "en")
    now, before = consensus_table(source), consensus_without_status(source)
    assert now.header[: len(before.header)] == before.header
    assert [row[: len(before.header)] for row in now.rows] == list(before.rows)
