"""What is frozen stays, byte for byte, whoever leaves; what is withheld says so and why."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from analysis.disclosure.differencing import Published
from consult import clock
from consult.commands.package import unpacked
from consult.models import Expert, FrozenRows, Result
from consult.services import briefings
from consult.services.files import downloads, keeping
from consult.services.files.downloads import OF_PEOPLE
from consult.services.files.tableformats import FORMATS
from consult.services.frozen.standing import Withheld
from consult.services.package import verifying
from consult.services.panel import importing
from consult.services.rounds import freezing, ledger
from consult.services.rounds.results import released_json
from consult.services.running import leaving, publishing, stage_acts
from tests.services import playing
from tests.services.conftest import BEFORE, World, fresh_database, panel_file, town_library
from tests.services.files.reading import guarded
from tests.services.package.test_packaging import contents, packed, written

ABSENT = {"first-look": (11,), "round-1": (11,)}
"""By stage, the places of who does not answer."""


@contextmanager
def played(folder: Path, absent: dict[str, tuple[int, ...]], size: int = 12) -> Iterator[World]:
    """A whole consultation in which these people answered nothing in these stages."""
    with (
        fresh_database("sqlite", folder) as database,
        database.open_session(writes=True) as session,
        clock.set_to(BEFORE),
    ):
        world = begun(session, size)
        for key, away in absent.items():
            here = [one for place, one in enumerate(world.experts) if place not in away]
            playing.play(session, world.definition, world.consultation, here, world.stage(key))
        yield world


def begun(session: Session, size: int) -> World:
    """A consultation whose experts have all agreed to take part, one group after the other."""
    definition = town_library()
    here = publishing.publish(session, definition, actor="test")
    importing.import_panel(session, here, definition, panel_file(size), "test")
    experts = list(session.scalars(select(Expert).order_by(Expert.reporting_group, Expert.id)))
    for expert in experts:
        playing.agree(session, definition, expert)
    return World(session, definition, here, experts)


def every_file(world: World) -> dict[tuple[str, str], bytes]:
    """Every file in every format, and the package."""
    world.session.expire_all()
    found = {
        (name, form): b"".join(
            downloads.content(world.session, world.consultation, name, sorted(spec.roles)[0], "en", form)
        )
        for name, spec in downloads.FILES.items()
        if name != "secretariat-answers.csv"
        for form in FORMATS
    }
    return found | {("package.zip", ""): packed(world, "en")}


def codes(world: World) -> dict[str, str | None]:
    found = downloads.gaps(world.session, world.consultation, "answers-long.csv")
    return {gap.stage.key: gap.code for gap in found}


def verified(world: World, folder: Path) -> list[str]:
    path = folder / "package.zip"
    path.write_bytes(packed(world))
    with unpacked(path) as (session, package):
        found = verifying.verify(session, package)
    assert found.is_sound, found
    return [one.words for one in found.stages]


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


def test_who_was_erased_before_a_freeze_withholds_nothing_of_it(tmp_path: Path) -> None:
    with played(tmp_path, {"first-look": (0, 1, 2)}) as world:
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
    with played(tmp_path, {"first-look": (), "round-1": away}) as world:
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
    with played(tmp_path, absent) as world:
        assert codes(world) == {"round-2": Withheld.FEW_ALIKE}


def test_a_package_says_what_rests_on_rows_that_are_withheld(tmp_path: Path) -> None:
    absent = {"first-look": (), "round-1": (0,), "round-2": (0, 1, 2)}
    with played(tmp_path, absent) as world:
        assert codes(world) == {"round-1": Withheld.FEW_ALIKE}
        assert verified(world, tmp_path) == [
            "reproduced",
            "not reproducible: its rows are withheld, they would leave too few people alike",
            "reproduced, but for what rests on rows that are withheld",
        ]
        files = contents(packed(world))
        ratings = files["data/ratings-long.csv"]
        files["data/ratings-long.csv"] = ratings.replace(",4,\r\n", ",1,\r\n", 1)
        with unpacked(written(files, tmp_path / "changed.zip")) as (session, package):
            found = verifying.verify(session, package)
        assert found.stages[2].words.startswith("the rows give another result: ")


def test_figures_of_the_absent_are_not_told_where_somebody_withdrew(tmp_path: Path) -> None:
    """They leave the withdrawn out, and the rows of the round before do not."""
    with played(tmp_path, {"first-look": (), "round-1": ()}) as world:
        with clock.set_to(world.stage("round-2").opens_at):
            leaving.withdraw(world.session, world.experts[0], "test")
        playing.play(world.session, world.definition, world.consultation, world.experts[3:], world.stage("round-2"))
        numbers = released_json(world.session, world.stage("round-2"))
        assert numbers is not None
        found = numbers["measures"]["L1"]["criteria"]["wish"]["sensitivity"]
        assert (found["leavers"], found["worst"], found["suppressed"]) == (None, None, "differencing")
        assert verified(world, tmp_path)[2] == ("reproduced, but for figures of those who answered before only")


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


def forget_rows(session: Session) -> None:
    """As a database is that was migrated and not used since."""
    for act in ("update", "delete"):
        session.execute(text(f"DROP TRIGGER tr_frozen_rows_no_{act}"))
    session.execute(text("DELETE FROM frozen_rows"))
    session.expire_all()


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


def test_somebody_who_left_before_the_freeze_withholds_nothing(tmp_path: Path) -> None:
    with playing.half_way(town_library(), tmp_path) as world:
        forget_rows(world.session)
        world.session.execute(update(Expert).where(Expert.id == world.experts[11].id).values(withdrawn_at=BEFORE))
        assert codes(world) == {}


def test_a_change_under_frozen_files_is_noticed(tmp_path: Path) -> None:
    with playing.half_way(town_library(), tmp_path) as world:
        frozen = world.session.scalars(select(Result).order_by(Result.id)).all()
        for result in frozen:
            assert keeping.changed_files(world.session, world.consultation, result) == []
        world.session.execute(update(Expert).where(Expert.id == world.experts[0].id).values(pseudonym="P-OTHER"))
        world.session.expire_all()
        changed = [keeping.changed_files(world.session, world.consultation, result) for result in frozen]
        assert changed == [["answers-long.csv"], ["ratings-long.csv"]]
