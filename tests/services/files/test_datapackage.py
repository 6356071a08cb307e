"""The description of a package: other programs find it valid, and a changed table not."""

import io
import zipfile
from pathlib import Path

import frictionless

from consult.services.package import writing
from tests.services.conftest import World
from tests.services.package.packing import packed


def test_frictionless_finds_it_valid(played: World, careful: World, tmp_path: Path) -> None:
    for number, world in enumerate((played, careful)):
        folder = tmp_path / str(number)
        with zipfile.ZipFile(io.BytesIO(packed(world))) as archive:
            archive.extractall(folder)
        report = frictionless.Package(str(folder / "datapackage.json")).validate()
        assert report.valid, report.flatten(["title", "fieldName", "type", "note"])
        assert report.stats["tasks"] == len(writing.TABLES) + 1
        broken = folder / "data" / "participation.csv"
        broken.write_text(broken.read_text().replace("11", "12"), newline="")
        assert not frictionless.Package(str(folder / "datapackage.json")).validate().valid
