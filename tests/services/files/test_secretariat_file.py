"""Answers to the secretariat: in its list only."""

import csv
import io

from tests.services.conftest import World
from tests.services.files.reading import everything


def test_answers_to_the_secretariat_are_in_its_list_only(careful: World) -> None:
    files = everything(careful)
    rows = list(csv.DictReader(io.StringIO(files["secretariat-answers.csv"], newline="")))
    assert len(rows) == 11 and {row["question"] for row in rows} == {"help"}
    assert all(row["name"].startswith("Person") and row["answer"] for row in rows)
    for name, text in files.items():
        assert name == "secretariat-answers.csv" or "help" not in text.split(","), name
