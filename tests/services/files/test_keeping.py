"""What was written down at a freeze, and a change under it."""

from pathlib import Path

from sqlalchemy import select, update

from consult import clock
from consult.models import Expert, FrozenRows, Result
from consult.services.files import downloads, keeping
from consult.services.files.downloads import OF_PEOPLE
from consult.services.frozen.row_files import Withheld
from consult.services.running import leaving
from tests.services import playing
from tests.services.conftest import BEFORE, town_library
from tests.services.frozen.stages_held import codes, every_file, forget_rows, verified


def test_what_was_not_written_down_follows_from_the_submissions(tmp_path: Path) -> None:
    with playing.half_way(town_library(), tmp_path) as world:
        before = every_file(world)
        forget_rows(world.session)
        assert every_file(world) == before
        assert world.session.scalars(select(FrozenRows)).all() == []
        with clock.set_to(BEFORE.replace(month=12)):
            leaving.withdraw(world.session, world.experts[0], "test")
        after = every_file(world)
        assert len(world.session.scalars(select(FrozenRows)).all()) == 2
        assert all(after[name] == before[name] for name in before if "partic" not in name[0])


def test_it_is_withheld_where_somebody_had_left_by_then(tmp_path: Path) -> None:
    with playing.half_way(town_library(), tmp_path) as world:
        forget_rows(world.session)
        world.session.execute(
            update(Expert).where(Expert.id == world.experts[0].id).values(withdrawn_at=BEFORE.replace(month=12))
        )
        world.session.expire_all()
        for _ in range(2):  # as it stands, and once it is written down
            assert codes(world) == dict.fromkeys(("first-look", "round-1"), Withheld.LEFT_BEFORE)
            for name in OF_PEOPLE:
                told = downloads.write(world.session, world.consultation, name, "analyst")
                assert "".join(told).count("\r\n") == 1, name
            keeping.keep_rows(world.session, world.consultation)
        assert (
            verified(world, tmp_path)
            == ["not reproducible: its rows are withheld, who was counted was not written down"] * 2
        )


def test_a_change_under_frozen_files_is_noticed(tmp_path: Path) -> None:
    with playing.half_way(town_library(), tmp_path) as world:
        frozen = world.session.scalars(select(Result).order_by(Result.id)).all()
        for result in frozen:
            assert keeping.changed_files(world.session, world.consultation, result) == []
        world.session.execute(update(Expert).where(Expert.id == world.experts[0].id).values(pseudonym="P-OTHER"))
        world.session.expire_all()
        changed = [keeping.changed_files(world.session, world.consultation, result) for result in frozen]
        assert changed == [["answers-long.csv"], ["ratings-long.csv"]]
