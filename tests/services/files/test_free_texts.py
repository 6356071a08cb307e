"""Free texts stand alone."""

from tests.services.conftest import World
from tests.services.files.reading import read


def test_free_texts_stand_alone(played: World) -> None:
    rows = read(played, "free-texts.csv")
    assert set(rows[0]) == {"stage", "question", "question_text", "item", "text"}
    assert {row["question"] for row in rows} <= {"missing", "reasons.other"}
    assert all((row["text"].startswith("'=1+1") and "; '=2" in row["text"]) or len(row["text"]) > 9 for row in rows)
