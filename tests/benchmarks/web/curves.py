"""`python -m tests.benchmarks.web.curves BENCH_JSON SVG`: what was measured on the web, as a picture.

Two panels: journeys a second, and the slowest answer of a hundred, by how many go at once; each line
a program, named at its end. Both axes are logarithmic.
"""

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, HEIGHT, PANEL = 760, 340, 250
LEFT, TOP, BETWEEN = 60, 50, 130
COLOURS = {
    "consult bare": "#1d4f91",
    "consult whole": "#6a8fc0",
    "consult rated": "#9ab4d6",
    "floor bare": "#6b6b6b",
    "floor whole": "#a3a3a3",
    "oTree": "#b3541e",
    "django-survey-and-report": "#8a7a1c",
}
PANELS = (("journeys/s", "Journeys a second"), ("p99 ms", "Slowest answer of a hundred, ms"))
Lines = Mapping[str, Sequence[tuple[float, float]]]


def measured(path: Path, figure: str) -> Lines:
    """A figure of each program by how many went at once."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row in json.loads(path.read_text()):
        if row["name"].startswith("web, "):
            at_once = float(row["name"].split()[1])
            for program, figures in row["detail"].items():
                found.setdefault(program, []).append((at_once, float(figures[figure])))
    return found


class Scale:
    """A logarithmic axis: where a value stands, in pixels."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low, self.high = math.log10(min(values)) - 0.05, math.log10(max(values)) + 0.05
        self.start, self.end = start, end

    def __call__(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return round(self.start + share * (self.end - self.start), 1)

    def ticks(self) -> list[float]:
        """Round values within the axis."""
        several = [factor * 10.0**power for power in range(-1, 6) for factor in (1, 2, 5)]
        return [one for one in several if self.low <= math.log10(one) <= self.high]


def drawing(path: Path) -> str:
    """The picture as SVG, with its title and what it shows in words."""
    parts = [part for place, panel in enumerate(PANELS) for part in _panel(measured(path, panel[0]), panel[1], place)]
    words = "Consult, the floor and two other survey servers by how many people go at once; the table has the figures."
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{words}" '
        f'font-family="sans-serif" font-size="11"><title>{words}</title>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>{"".join(parts)}</svg>\n'
    )


def _panel(lines: Lines, title: str, place: int) -> Iterator[str]:
    left = LEFT + place * (PANEL + BETWEEN)
    points = [point for line in lines.values() for point in line]
    across = Scale([x for x, _ in points], left, left + PANEL - 40)
    up = Scale([y for _, y in points], HEIGHT - 45, TOP)
    yield f'<text x="{left - 40}" y="25" font-size="13" font-weight="bold">{escape(title)}</text>'
    for value in up.ticks():
        yield f'<line x1="{left}" x2="{left + PANEL - 40}" y1="{up(value)}" y2="{up(value)}" stroke="#e2e2e2"/>'
        yield f'<text x="{left - 6}" y="{up(value) + 4}" text-anchor="end" fill="#444">{value:g}</text>'
    for value in sorted({x for x, _ in points}):
        yield f'<text x="{across(value)}" y="{HEIGHT - 26}" text-anchor="middle" fill="#444">{value:g}</text>'
    yield f'<text x="{left + (PANEL - 40) / 2}" y="{HEIGHT - 8}" text-anchor="middle" fill="#444">at a time</text>'
    ends = _apart({name: (max(line)[0], up(max(line)[1])) for name, line in lines.items()})
    for name, line in lines.items():
        path = " ".join(f"{across(x)},{up(y)}" for x, y in sorted(line))
        x = across(max(line)[0])
        yield f'<polyline points="{path}" fill="none" stroke="{COLOURS[name]}" stroke-width="2"/>'
        yield f'<text x="{x + 6}" y="{ends[name] + 4}" fill="{COLOURS[name]}">{escape(name.split("-survey")[0])}</text>'


def _apart(ends: Mapping[str, tuple[float, float]], least: float = 13.0) -> dict[str, float]:
    """Heights of names, which stand at the ends of their lines: moved down where two would meet."""
    found: dict[str, float] = {}
    last: dict[float, float] = {}
    for name, (x, height) in sorted(ends.items(), key=lambda one: one[1][1]):
        last[x] = found[name] = max(height, last.get(x, -math.inf) + least)
    return found


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(drawing(Path(sys.argv[1])), encoding="utf-8")
