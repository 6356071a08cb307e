"""Row files: who stands in them, in an order that tells nothing, and what of their answers."""

from sqlalchemy import select

from consult.models import Expert, Submission
from tests.services.conftest import World
from tests.services.files.reading import read


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
