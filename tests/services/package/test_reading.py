"""Reading a package: nothing missing, nothing added, nothing that nests without end."""

import zipfile
from pathlib import Path

import pytest

from consult.errors import NotPossible
from consult.services.package import annex, writing
from consult.services.package.reading import FILES, PackageFile
from tests.services.conftest import World
from tests.services.package.packing import checked, contents, packed, written


@pytest.mark.parametrize("name", [*FILES, annex.PATH, writing.SUMS])
def test_a_missing_file_is_found(played: World, tmp_path: Path, name: str) -> None:
    files = contents(packed(played))
    del files[name]
    found = checked(written(files, tmp_path / "package.zip", sums=False))
    assert found.problems == [f"{name} is missing"] and not found.is_sound


def test_what_is_no_package(played: World, tmp_path: Path) -> None:
    path = tmp_path / "package.zip"
    path.write_text("no zip")
    with pytest.raises(NotPossible, match="no_package"):
        PackageFile(path)
    files = contents(packed(played))
    added = written(files | {"../evil.txt": "x"}, path, sums=False)
    assert checked(added).problems == ["../evil.txt does not belong here"]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    assert "compressed" in checked(path).problems[0]
