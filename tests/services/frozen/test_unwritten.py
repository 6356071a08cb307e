"""Rows of a stage just frozen: withheld where they would leave too few people alike."""

from pathlib import Path

import pytest
from sqlalchemy import update

from analysis.disclosure.differencing import Published
from consult import clock
from consult.models import Expert
from consult.services.files import downloads
from consult.services.frozen.row_files import Withheld
from consult.services.rounds import ledger
from consult.services.running import leaving
from tests.services import playing
from tests.services.conftest import BEFORE, town_library
from tests.services.frozen.stages_held import codes, forget_rows, whole


def test_who_was_erased_before_a_freeze_withholds_nothing_of_it(tmp_path: Path) -> None:
    with whole(tmp_path, {"first-look": (0, 1, 2)}) as world:
        with clock.set_to(world.stage("round-1").opens_at):
            leaving.erase(world.session, world.experts[1], "test")
        here = world.experts[3:]
        playing.play(world.session, world.definition, world.consultation, here, world.stage("round-1"))
        assert codes(world) == {}


@pytest.mark.parametrize(
    ("away", "code"),
    [
        ((), None),
        ((0,), Withheld.FEW_ALIKE),
        ((0, 1), Withheld.FEW_ALIKE),
        ((0, 1, 2), None),
        ((0, 1, 11), Withheld.FEW_ALIKE),
    ],
)
def test_rows_of_a_later_stage_need_three_absent_who_are_alike(
    tmp_path: Path, away: tuple[int, ...], code: Withheld | None
) -> None:
    """Three absent of whom two are in one group and one in the other are not alike."""
    with whole(tmp_path, {"first-look": (), "round-1": away}) as world:
        assert codes(world).get("round-1") == code
        ratings = "".join(downloads.write(world.session, world.consultation, "ratings-long.csv", "analyst"))
        assert (ratings.count("\r\n") == 1) is (code is not None)
        texts = downloads.gaps(world.session, world.consultation, "free-texts.csv")
        assert texts == [], "texts do not say who answered which stages"


def test_rows_are_withheld_beside_a_table_of_a_few_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It cannot come to that while tables and rows are over the same people; the audit looks."""
    with playing.half_way(town_library(), tmp_path) as world:
        forget_rows(world.session)
        tables = ledger.tables_of(world.session, world.consultation.id)
        wider = frozenset(expert.id for expert in world.experts)
        more = [*tables, Published("round-1/L1.wish", wider)]
        monkeypatch.setattr(ledger, "tables_of", lambda *_: more)
        assert codes(world) == {"round-1": Withheld.DIFFERENCING}


def test_who_came_back_is_not_told_either(tmp_path: Path) -> None:
    """Alone in having missed the stage between: the third has no rows, and says why."""
    absent = {"first-look": (), "round-1": (0, 1, 2), "round-2": (1, 2)}
    with whole(tmp_path, absent) as world:
        assert codes(world) == {"round-2": Withheld.FEW_ALIKE}


def test_somebody_who_left_before_the_freeze_withholds_nothing(tmp_path: Path) -> None:
    with playing.half_way(town_library(), tmp_path) as world:
        forget_rows(world.session)
        world.session.execute(update(Expert).where(Expert.id == world.experts[11].id).values(withdrawn_at=BEFORE))
        assert codes(world) == {}
