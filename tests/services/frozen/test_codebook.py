"""Every variable of a file is in the codebook."""

from tests.services.conftest import World
from tests.services.files.reading import read


def test_every_variable_in_a_file_is_in_the_codebook(played: World) -> None:
    book = {row["variable"]: row for row in read(played, "codebook.csv")}
    for row in read(played, "answers-long.csv"):
        assert book[row["variable"]]["file"] == "answers-long.csv"
    for row in read(played, "distributions.csv"):
        assert row["variable"] in book
    assert book["L1.wish"]["file"] == "ratings-long.csv"
    assert book["missing"]["file"] == "free-texts.csv"
    assert "1 = Not at all" in book["L1.wish"]["values"]
