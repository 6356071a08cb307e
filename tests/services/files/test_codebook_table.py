"""The codebook as a file: every variable of the row files is in it, and where it says."""

from tests.services.conftest import World
from tests.services.files.reading import read


def test_every_variable_of_a_row_file_is_described_there(played: World) -> None:
    book = {row["variable"]: row for row in read(played, "codebook.csv")}
    answers = {row["variable"] for row in read(played, "answers-long.csv")}
    ratings = {f"{row['measure']}.{row['criterion']}" for row in read(played, "ratings-long.csv")}
    assert answers and ratings and answers | ratings <= set(book)
    for name, keys in (("answers-long.csv", answers), ("ratings-long.csv", ratings)):
        assert {book[key]["file"] for key in keys} == {name}


def test_every_value_that_occurs_is_one_of_those_described(played: World) -> None:
    book = {row["variable"]: row for row in read(played, "codebook.csv")}
    rows = [row for row in read(played, "answers-long.csv") if row["value"] and book[row["variable"]]["values"]]
    assert rows
    for row in rows:
        known = [part.partition(" = ")[0] for part in book[row["variable"]]["values"].split(" | ")]
        assert row["value"] in known, row
