"""Every folder under `questionnaires/` loads without a problem and comes back from storage."""

from pathlib import Path

import pytest

from consult.definition.loader import load_text, load_with_warnings

ROOT = Path(__file__).parents[2]
FOLDERS = sorted(
    path.parent
    for parent in (ROOT / "questionnaires", ROOT / "tests" / "consultations")
    for path in parent.glob("*/consultation.yaml")
)


def test_there_are_folders() -> None:
    assert {folder.name for folder in FOLDERS} >= {"ndpc-2020", "town-library"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_the_folder_loads_without_problem_or_warning(folder: Path) -> None:
    definition, warnings = load_with_warnings(folder)
    assert [str(warning) for warning in warnings] == []
    assert definition.slug == folder.name
    assert load_text(definition.canonical()) == definition
