"""Row files: who stands in them, in an order that tells nothing, and what of their answers."""

import csv
import io
import re
from collections import Counter, defaultdict

from sqlalchemy import select

from consult.models import Contact, Expert, Submission
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


def test_the_order_of_rows_says_nothing_about_time(played: World) -> None:
    """The same seed gives the same order; it is neither that of codes nor of submissions."""
    order = list(dict.fromkeys(row["pseudonym"] for row in read(played, "ratings-long.csv")))
    other = list(dict.fromkeys(row["pseudonym"] for row in read(played, "answers-long.csv")))
    submitted = [
        row.pseudonym
        for row in played.session.execute(
            select(Expert.pseudonym)
            .join(Submission, Submission.expert_id == Expert.id)
            .where(Submission.stage_id == played.stage("round-1").id)
            .order_by(Submission.id)
        )
    ]
    assert set(order) == set(other) == set(submitted)
    assert order != submitted and order != other and order != submitted[::-1]


def test_what_is_never_disclosed_is_in_no_row_file(careful: World) -> None:
    variables = {row["variable"] for row in read(careful, "answers-long.csv")}
    assert "budget.staff" in variables
    assert not any(key.startswith("satisfied") for key in variables)
    book = {row["variable"]: row for row in read(careful, "codebook.csv")}
    assert book["satisfied.books"]["disclosure"] == "never" and not book["satisfied.books"]["file"]


def test_a_grouped_answer_that_few_share_is_shown_for_nobody(careful: World) -> None:
    """Eleven people over four answers and two groups: some combination is always rare."""
    rows = [row for row in read(careful, "answers-long.csv") if row["variable"] == "visits"]
    assert {(row["value"], row["state"]) for row in rows} == {("", "suppressed")}
    assert {row["state"] for row in read(careful, "answers-long.csv") if row["variable"] == "budget.staff"} == {""}
