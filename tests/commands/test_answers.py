import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from consult import clock
from consult.models import Consent, Submission
from tests.commands.conftest import AFTER_ROUND_1, CommandLine

SLUG, STAGE = "town-library", "round-2"


@pytest.fixture
def open_round(rated: CommandLine) -> Iterator[CommandLine]:
    with clock.set_to(AFTER_ROUND_1):
        rated("open", SLUG, STAGE, "--reason", "for the test")
        yield rated


def filled(sheet: str, folder: Path) -> Path:
    rows = list(csv.DictReader(io.StringIO(sheet)))
    for row in rows:
        row["answer"] = row["values"].split(";")[0] if row["values"] else "Said so"
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "sheet.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def test_a_sheet_is_filled_in_and_submitted(open_round: CommandLine, tmp_path: Path) -> None:
    sheet = open_round.out("answers", "sheet", SLUG, STAGE)
    assert sheet.startswith("name,question,values,answer")
    path = filled(sheet, tmp_path)
    said = open_round.out("answers", "enter", SLUG, STAGE, "e01", path, "--channel", "paper")
    assert "the answers of E01 are submitted; receipt " in said
    with open_round.database().reading() as session:
        assert session.query(Submission).filter_by(channel="paper").count() == 1
    again = open_round.refused("answers", "enter", SLUG, STAGE, "E01", path, "--channel", "paper")
    assert "E01 has submitted 'round-2' already" in again


def test_every_problem_of_a_sheet_is_told_with_its_line(open_round: CommandLine, tmp_path: Path) -> None:
    path = tmp_path / "sheet.csv"
    path.write_text("name,question,values,answer\nL1.wish,,,5\nL1.whish,,,5\nL2.wish,5\n")
    enter = ("answers", "enter", SLUG, STAGE, "E01", path, "--channel", "telephone")
    told = open_round.refused(*enter)
    assert f"{path}:3: the stage asks nothing named 'L1.whish'" in told
    assert f"{path}:4: 2 cells where the header has 4" in told
    path.write_text("a,b\n1,2\n")
    assert f"{path}:1: it needs the columns name" in open_round.refused(*enter)
    path.write_text("name,question,values,answer\nL1.wish,,1;2,99\n")
    assert "L1.wish" in open_round.refused(*enter)


def test_without_consent_nothing_is_entered(open_round: CommandLine, tmp_path: Path) -> None:
    path = filled(open_round.out("answers", "sheet", SLUG, STAGE), tmp_path)
    enter = ("answers", "enter", SLUG, STAGE, "E01", path, "--channel", "paper")
    with open_round.database().writing() as session:
        session.execute(delete(Consent))
    assert "has not agreed" in open_round.refused(*enter)
    assert "are submitted" in open_round.out(*enter, "--agrees")
