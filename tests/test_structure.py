"""The figures of `python -m tests.structure` stay within what was agreed."""

import re

from tests.drawing import OUT, drawing
from tests.sources import ROOT
from tests.structure import HOUSES, circle, floors, function_lines, house, imports, lengths, module_lines, rooms

LONG_MODULES: dict[str, str] = {}
"""By name: why it is longer than 250 lines. Empty is best."""


def test_services_have_few_rooms_floors_and_arrows() -> None:
    found = house("consult.services")
    assert found.rooms <= 16 and found.floors <= 7 and found.arrows <= 60, found


def test_nothing_goes_in_a_circle() -> None:
    assert circle(imports()) == []
    assert {name: circle(rooms(name)) for name in HOUSES} == {name: [] for name in HOUSES}


def test_a_circle_and_a_floor_are_seen() -> None:
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}})) == {"a", "b", "c"}
    assert floors({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == {"c": 0, "b": 1, "a": 2}


def test_modules_are_short() -> None:
    lines = module_lines()
    assert {name for name, count in lines.items() if count > 250} == set(LONG_MODULES)
    assert lengths(list(lines.values())).median <= 110


def test_functions_are_short() -> None:
    found = lengths(function_lines())
    assert found.median <= 8 and found.p95 <= 25, found


def test_the_map_names_what_is_there() -> None:
    """Each path in the table of changes exists, and every room has its line."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("## Where do I change")[2].partition("\n## ")[0]
    paths = [word for word in re.findall(r"`([\w./-]+)`", table) if "/" in word]
    assert len(paths) > 24 and [path for path in paths if not (ROOT / path).exists()] == []
    assert [room for room in rooms("consult.services") if f"`{room}" not in text] == []
    inside = (path for folder in ("analysis", "consult", "tests") for path in (ROOT / folder).rglob("*"))
    known = {path.name for path in (*ROOT.iterdir(), *inside)}
    named = re.findall(r"`(\w+\.(?:py|html|toml))`", text)
    assert len(named) > 20 and [name for name in named if name not in known] == []
    words = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    placed = re.findall(r"`((?:analysis|consult)/[\w./]*)`", words)
    assert placed and [path for path in placed if not (ROOT / path).exists()] == []


def test_the_drawing_is_of_today() -> None:
    assert OUT.read_text(encoding="utf-8") == drawing(), "run: python -m tests.drawing"
