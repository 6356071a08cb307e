"""The long files: pseudonyms and values, no name, no time; they add up to what was frozen."""

import csv
import io
import re
from collections import Counter, defaultdict

from sqlalchemy import select

from consult.models import Contact
from consult.services.rounds.results import released_json
from tests.services.conftest import World
from tests.services.files.reading import ROW_FILES, everything, read


def test_rows_hold_no_name_code_time_or_text(played: World) -> None:
    files = everything(played)
    hidden = [expert.code for expert in played.experts]
    hidden += list(played.session.scalars(select(Contact.name)))
    hidden += list(played.session.scalars(select(Contact.email)))
    for name, text in files.items():
        cells = {cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row}
        assert not cells & set(hidden), name
        if name != "codebook.csv":
            assert not re.search(r"\d\d:\d\d|20\d\d-\d\d-\d\d", text), name
    assert "Nobody else" not in files["ratings-long.csv"] + files["answers-long.csv"]
    pseudonyms = {expert.pseudonym for expert in played.experts}
    for name in set(files) - ROW_FILES:
        assert not any(pseudonym in files[name] for pseudonym in pseudonyms), name


def test_rows_add_up_to_the_frozen_tables(played: World) -> None:
    frozen = released_json(played.session, played.stage("round-1"))
    assert frozen is not None
    ratings: dict[str, Counter[int]] = defaultdict(Counter)
    for row in read(played, "ratings-long.csv"):
        assert (row["rating"] == "") != (row["state"] == "")
        if row["rating"]:
            ratings[f"{row['measure']}.{row['criterion']}"][int(row["rating"])] += 1
    for key, measure in frozen["measures"].items():
        for name, block in measure["criteria"].items():
            found = ratings[f"{key}.{name}"]
            assert [found[point] for point in range(1, 6)] == block["counts"]


def test_values_are_option_keys_and_numbers(played: World) -> None:
    rows = read(played, "answers-long.csv")
    visits = {row["value"] for row in rows if row["variable"] == "visits" and not row["state"]}
    assert visits <= {"never", "rarely", "monthly", "weekly"}
    skipped = {row["state"] for row in rows if row["variable"] == "reasons.borrow"}
    assert skipped <= {"", "skipped"}
