"""The file of participation: frozen stages as they were frozen, others as they stand."""

from sqlalchemy import func, select

from consult.models import Submission
from tests.services.conftest import World
from tests.services.files.reading import read


def test_a_frozen_stage_is_told_from_one_that_is_open(played: World) -> None:
    shown = {row["stage"]: row for row in read(played, "participation.csv")}
    assert shown["round-1"]["frozen"] == "true" and shown["round-2"]["frozen"] == "false"
    assert shown["round-1"]["submitted"] == "11"


def test_those_who_submitted_are_counted_once(played: World) -> None:
    """Against the submissions in the database, several of one person being one."""
    for row in (rows := read(played, "participation.csv")):
        stage = played.stage(row["stage"])
        people = select(func.count(func.distinct(Submission.expert_id))).where(Submission.stage_id == stage.id)
        assert int(row["submitted"]) == played.session.scalar(people)
        assert int(row["invited"]) >= int(row["consented"]) >= int(row["started"]) >= int(row["submitted"])
    assert [row["stage"] for row in rows] == ["first-look", "round-1", "round-2"]
