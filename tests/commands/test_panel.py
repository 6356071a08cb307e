import tracemalloc
from pathlib import Path

from tests.commands.conftest import TOWN_LIBRARY, CommandLine, panel_file

SLUG = "town-library"


def test_the_template_of_a_folder_or_a_consultation(library: CommandLine) -> None:
    of_folder = library.out("panel", "template", TOWN_LIBRARY)
    assert of_folder.startswith("name,email,language,part,work,group\n")
    assert library.out("panel", "template", SLUG) == of_folder
    assert "no consultation" in library.refused("panel", "template", "nowhere")


def test_import_and_list(consult: CommandLine, tmp_path: Path) -> None:
    consult("publish", TOWN_LIBRARY)
    assert "nobody is in the panel yet" in consult.out("panel", "list", SLUG)
    file = tmp_path / "panel.csv"
    file.write_text(panel_file(3))
    assert consult.out("panel", "import", SLUG, file) == "3 experts taken into 'town-library'\n"
    shown = consult.out("panel", "list", SLUG)
    assert "E01" in shown and "person3@example.org" in shown and "has not said" in shown
    assert "panel is in the panel already" not in shown


def test_import_from_standard_input(consult: CommandLine) -> None:
    consult("publish", TOWN_LIBRARY)
    assert "1 expert taken" in consult("panel", "import", SLUG, "-", input=panel_file(1)).stdout


def test_import_names_every_problem_and_takes_in_nobody(consult: CommandLine, tmp_path: Path) -> None:
    consult("publish", TOWN_LIBRARY)
    file = tmp_path / "panel.csv"
    file.write_text(panel_file(2).replace("harbour", "moon").replace("person2@", "person2"))
    lines = consult.refused("panel", "import", SLUG, file).splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["panel.csv:2:", "panel.csv:3:"] * 1 + ["panel.csv:3:"]
    assert "nobody" in consult.out("panel", "list", SLUG)
    assert "Usage" in consult("panel", "import", SLUG, tmp_path / "none.csv", code=2).stderr


def test_nobody_is_added_after_round_1_opened(rated: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "panel.csv"
    file.write_text(panel_file(14))
    assert "round 1" in rated.refused("panel", "import", SLUG, file)


def test_the_list_says_who_consented_and_who_left(rated: CommandLine) -> None:
    rated("withdraw", SLUG, "E03")
    lines = rated.out("panel", "list", SLUG).splitlines()
    assert lines[3].endswith("has left") and lines[4].endswith("consented")


def test_a_file_that_is_too_large_is_refused_by_its_size(library: CommandLine) -> None:
    """It is not even read to its end: memory stays where it was."""
    file = library.folder / "large.csv"
    with file.open("wb") as opened:
        opened.write(b"name,email\n")
        opened.truncate(50_000_000)
    tracemalloc.start()
    said = library.refused("panel", "import", SLUG, file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said.startswith("panel.csv:1: the file is larger than 2 MB; ")
    assert peak < 20_000_000
