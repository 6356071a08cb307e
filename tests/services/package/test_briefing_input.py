"""A briefing is made of the same, out of the database or a package."""

from pathlib import Path

from consult.services.briefings import gather
from consult.services.package.briefing_input import briefing_input
from consult.services.package.reading import PackageFile
from consult.services.package.restoring import Restored
from tests.services.conftest import World, fresh_database
from tests.services.package.packing import packed


def test_the_briefing_is_made_of_the_same(played: World, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_bytes(packed(played))
    with (
        fresh_database("sqlite", tmp_path) as database,
        PackageFile(path) as package,
        database.open_session(writes=True) as session,
    ):
        restored = Restored(session, package)
        restored.add_results()
        there = briefing_input(restored, "en")
    here = gather(played.session, played.consultation, "en")
    assert there == here
