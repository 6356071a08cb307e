"""`python -m tests.drawing`: docs/floors.svg, the floors of the house as the imports have them.

Every room stands above all rooms that it imports from.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from tests.sources import ROOT
from tests.structure import Arrows, floors, imports, rooms

OUT = ROOT / "docs" / "floors.svg"
WIDTH, LEFT, ROW, BOX, GAP = 1040, 20, 46, 30, 10
LETTER = 8.4
"""Width of a letter, about."""
TOP = ("analysis", "consult", "migrations")


def _top(module: str) -> str:
    """`consult.services.mail.outbox` belongs to `consult.services`; `consult.clock` is its own."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "consult" else parts[0]


def whole() -> Arrows:
    """The rooms of the whole project, each with those it imports from."""
    found: Arrows = {}
    for module, targets in imports().items():
        here = _top(module)
        found.setdefault(here, set()).update({_top(target) for target in targets} - {here})
    found.pop("consult", None)  # the factory wires everything
    return {room: below - {"consult"} for room, below in found.items()}


def _rows(arrows: Arrows) -> Iterator[tuple[int, list[str]]]:
    by_floor: Mapping[int, list[str]] = defaultdict(list)
    for room, floor in floors(arrows).items():
        by_floor[floor].append(room)
    for floor in sorted(by_floor, reverse=True):
        yield floor, sorted(by_floor[floor])


def _boxes(names: list[str], top: int, fill: str) -> Iterator[str]:
    left = LEFT + 40
    for name in names:
        width = round(len(name) * LETTER + 18)
        yield (f'<rect x="{left}" y="{top}" width="{width}" height="{BOX}" rx="4" fill="{fill}" stroke="#14365c"/>')
        yield f'<text x="{left + 9}" y="{top + 20}">{escape(name)}</text>'
        left += width + GAP


def _part(title: str, arrows: Arrows, top: int, fill: str) -> tuple[list[str], int]:
    lines = [f'<text x="{LEFT}" y="{top}" font-weight="bold">{escape(title)}</text>']
    top += 14
    for floor, names in _rows(arrows):
        lines.append(f'<text x="{LEFT}" y="{top + 20}" fill="#4a5263">{floor}</text>')
        lines += _boxes([name.removeprefix("consult.") for name in names], top, fill)
        top += ROW
    return lines, top + 24


def drawing() -> str:
    """The whole picture."""
    parts, top = [], 30
    for title, arrows, fill in (
        ("consult, analysis, migrations", whole(), "#f4f2ec"),
        ("inside consult/services", rooms("consult.services"), "#e4eef8"),
        ("inside analysis", rooms("analysis"), "#e8f4ea"),
    ):
        lines, top = _part(title, arrows, top, fill)
        parts += lines
    words = "The floors: each room imports only from rooms that stand lower."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top}" '
        f'viewBox="0 0 {WIDTH} {top}" role="img" font-family="sans-serif" font-size="13">\n'
        f"<title>{words}</title>\n"
        f'<rect width="{WIDTH}" height="{top}" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def main(out: Path = OUT) -> None:
    """Write the drawing."""
    out.parent.mkdir(exist_ok=True)
    out.write_text(drawing(), encoding="utf-8")


if __name__ == "__main__":
    main()
