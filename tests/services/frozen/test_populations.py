"""What is frozen stays, byte for byte, whoever leaves; what is withheld says so and why."""

import random
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from consult import clock
from consult.models import Expert, FrozenRows, Result
from consult.services import briefings
from consult.services.files.downloads import OF_PEOPLE
from consult.services.files.tableformats import FORMATS
from consult.services.frozen.row_files import Withheld
from consult.services.rounds import freezing
from consult.services.running import leaving, stage_acts
from tests.services import playing
from tests.services.conftest import BEFORE, fresh_database, town_library
from tests.services.files.reading import guarded
from tests.services.frozen.stages_held import begun, codes, every_file, verified


def test_a_withdrawal_changes_no_file_in_any_format(tmp_path: Path) -> None:
    with playing.half_way(guarded(), tmp_path) as world, clock.set_to(BEFORE.replace(month=12)):
        before = every_file(world)
        assert b"P-" in before["ratings-long.csv", "csv"]
        texts = briefings.gather(world.session, world.consultation, "en").free_texts
        for expert in world.experts[:3]:
            leaving.withdraw(world.session, expert, "expert")
            after = every_file(world)
            assert {name for name in before if before[name] != after[name]} == {
                ("participation.csv", form) for form in FORMATS
            }, "of the open round alone participation is told, and that is live"
        assert briefings.gather(world.session, world.consultation, "en").free_texts == texts


def test_erasure_withholds_rows_and_texts_and_leaves_the_tables(tmp_path: Path) -> None:
    with playing.half_way(town_library(), tmp_path) as world:
        before = every_file(world)
        gone = world.experts[0].pseudonym.encode()
        texts = briefings.gather(world.session, world.consultation, "en").free_texts
        with clock.set_to(BEFORE.replace(month=12)):
            leaving.erase(world.session, world.experts[0], "test")
        after = every_file(world)
        for name in OF_PEOPLE:
            assert after[name, "csv"].count(b"\r\n") == 1, name
        for (name, form), data in after.items():
            assert gone not in data, (name, form)
            if name not in (*OF_PEOPLE, "participation.csv", "package.zip") and form == "csv":
                assert data == before[name, form], name
        assert codes(world) == dict.fromkeys(("first-look", "round-1"), Withheld.ERASED)
        assert briefings.gather(world.session, world.consultation, "en").free_texts == texts
        assert verified(world, tmp_path) == ["not reproducible: 1 erased"] * 2


def test_who_leaves_while_a_stage_is_frozen_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables and the list of who is in them are of the same people, on PostgreSQL too."""
    with fresh_database("postgresql", tmp_path) as database:
        with database.writing() as session, clock.set_to(BEFORE):
            world = begun(session, 12)
            stage, here = world.stage("first-look"), world.consultation
            with clock.set_to(stage.opens_at):
                stage_acts.open_stage(session, here, stage, actor="test")
                for expert in world.experts:
                    playing.answer(
                        session,
                        world.definition,
                        here,
                        expert,
                        stage,
                        rate=playing.any_point,
                        text=playing.TEXT,
                        chance=random.Random(expert.id),
                    )
            leaver, end = world.experts[0].id, stage.closes_at + timedelta(hours=1)
        left = threading.Event()

        def leave() -> None:
            with database.writing() as session:
                leaving.withdraw(session, session.get_one(Expert, leaver), "expert")
            left.set()

        thread, freeze = threading.Thread(target=leave), freezing.freeze

        def frozen_slowly(*given: Any) -> Result:
            made = freeze(*given)
            thread.start()
            assert not left.wait(1), "who leaves must wait"
            return made

        monkeypatch.setattr(freezing, "freeze", frozen_slowly)
        with database.writing() as session, clock.set_to(end):
            stage_acts.close_stage(session, session.merge(here), session.merge(stage), actor="test")
        thread.join(60)
        with database.reading() as session:
            (row,) = session.scalars(select(FrozenRows))
            assert leaver in [expert for expert, *_ in row.people]
            assert session.get_one(Expert, leaver).withdrawn_at is not None


# Frozen by a version that wrote nothing down
