"""Plates as shapes for inline SVG: geometry only, no text of markup and no colour.

Colours are classes (`s0`, `s1`, …) of the style sheet; lengths are in pixels of a plate 720 wide.
"""

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from consult.briefing.model import Plate, PlateRow

WIDTH = 720
LABEL = 262
"""Width kept for the labels of rows, and 64 at the right end for n."""
RIGHT = WIDTH - 64
LATIN, WIDER = 6.7, 7.9
"""Mean width of a letter of 12 pixels in a system font: Latin, and others such as Cyrillic."""
LINE = 13
TOP = 34


@dataclass(frozen=True, slots=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    css: str
    kind: str = "rect"


@dataclass(frozen=True, slots=True)
class Stroke:
    x1: float
    y1: float
    x2: float
    y2: float
    css: str
    kind: str = "line"


@dataclass(frozen=True, slots=True)
class Dot:
    """`shape` tells series apart without colour: circle, square or diamond."""

    x: float
    y: float
    css: str
    shape: str = "circle"
    kind: str = "dot"


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    text: str
    anchor: str = "start"
    css: str = "label"
    kind: str = "text"


Shape = Rect | Stroke | Dot | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a plate of that size, in the order they are painted."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


SHAPES = ("circle", "square", "diamond")


def draw(plate: Plate, letters: float = 1.0) -> Drawing:
    """The shapes of a plate. `letters`: how wide they are, beside those of a system font."""
    if plate.form == "map":
        return _map(plate)
    return (_dots if plate.form == "dots" else _diverging)(plate, letters)


def _rounded(value: float) -> float:
    return round(value, 1)


def _wide(text: str) -> float:
    """About how wide a text is drawn; rather too much than too little."""
    return sum(LATIN if letter < "\u0370" else WIDER for letter in text)


def _wrapped(text: str, letters: float) -> list[str]:
    fitting = int((LABEL - 14) * len(text) / (_wide(text) * letters or 1))
    return textwrap.wrap(text, fitting or 1)[:3] or [""]


def _rows(plate: Plate, top: float, letters: float) -> Iterator[tuple[PlateRow, float, float]]:
    """Each row with its top and height; a label of several lines makes a row higher."""
    y = top
    for row in plate.rows:
        height = max(24.0, LINE * len(_wrapped(row.label, letters)) + 8.0)
        yield row, y, height
        y += height


def _row_labels(row: PlateRow, y: float, height: float, letters: float) -> Iterator[Shape]:
    lines = _wrapped(row.label, letters)
    first = y + height / 2 - (len(lines) - 1) * LINE / 2 + 4
    for place, line in enumerate(lines):
        yield Label(LABEL - 8, _rounded(first + place * LINE), line, "end")
    if row.note:
        yield Label(RIGHT + 6, _rounded(y + height / 2 + 4), row.note, css="note")


def _key(plate: Plate, letters: float, *, shapes: bool = False) -> tuple[list[Shape], float]:
    """The legend, one series after the other, on as many lines as it takes; and its end."""
    found: list[Shape] = []
    x, y = 4.0, 14.0
    for place, name in enumerate(plate.series):
        width = 22 + _wide(name) * letters
        if x > 4 and x + width > WIDTH:
            x, y = 4.0, y + 18
        if shapes:
            found.append(Dot(x + 6, y - 4, f"s{place}", SHAPES[place % len(SHAPES)]))
        else:
            found.append(Rect(x, y - 10, 12, 12, _band(place, len(plate.series))))
        found.append(Label(_rounded(x + 18), y, name))
        x += width + 12
    return found, y


def _band(place: int, bands: int) -> str:
    """The class of a band: from low (`b0`) over the middle (`b2`) to high (`b4`)."""
    return f"b{round(4 * place / max(1, bands - 1))}"


def _diverging(plate: Plate, letters: float) -> Drawing:
    """Bars around a middle line; lengths are shares, what is written in them are people."""
    shapes, end = _key(plate, letters)
    top = end + 20
    middle, half = (LABEL + RIGHT) / 2, (RIGHT - LABEL) / 2
    bottom = top
    bars: list[Shape] = []
    for row, y, height in _rows(plate, top, letters):
        shapes += _row_labels(row, y, height, letters)
        bars += _bars([value or 0.0 for value in row.values], y, height, middle, half)
        bottom = y + height
    # Behind the bars: it would cross the number of the middle band.
    shapes.append(Stroke(middle, top - 6, middle, _rounded(bottom + 4), "axis"))
    shapes += bars
    return Drawing(WIDTH, int(bottom) + 12, tuple(shapes))


def _bars(
    values: list[float], y: float, height: float, middle: float, half: float
) -> Iterator[Shape]:
    total = sum(values) or 1.0
    scale, count = half / total, len(values)
    before = sum(values[: count // 2]) + (values[count // 2] / 2 if count % 2 else 0.0)
    x = middle - before * scale
    for place, value in enumerate(values):
        width = value * scale
        if value:
            css = _band(place, count)
            yield Rect(_rounded(x), _rounded(y + 3), _rounded(width), _rounded(height - 6), css)
            if width >= 14:
                yield Label(_rounded(x + width / 2), _rounded(y + height / 2 + 4), f"{value:.0f}",
                            "middle", f"count on-{css}")  # fmt: skip
        x += width


def _dots(plate: Plate, letters: float) -> Drawing:
    """One mark per series on a scale, joined by a line."""
    shapes, end = _key(plate, letters, shapes=True)
    top = end + 34
    rows = list(_rows(plate, top, letters))
    bottom = rows[-1][1] + rows[-1][2]
    for tick in range(round(plate.low), round(plate.high) + 1):
        x = _across(plate, tick)
        shapes.append(Stroke(x, top - 6, x, _rounded(bottom), "grid"))
        shapes.append(Label(x, top - 10, str(tick), "middle", "note"))
    for row, y, height in rows:
        shapes += _row_labels(row, y, height, letters)
        centre = _rounded(y + height / 2)
        known = [(place, value) for place, value in enumerate(row.values) if value is not None]
        if len(known) > 1:
            ends = [_across(plate, value) for _place, value in known]
            shapes.append(Stroke(min(ends), centre, max(ends), centre, "join"))
        for place, value in known:
            shapes.append(
                Dot(_across(plate, value), centre, f"s{place}", SHAPES[place % len(SHAPES)])
            )
    return Drawing(WIDTH, int(bottom) + 12, tuple(shapes))


def _across(plate: Plate, value: float) -> float:
    share = (value - plate.low) / ((plate.high - plate.low) or 1)
    return _rounded(LABEL + 8 + share * (RIGHT - LABEL - 16))


def _map(plate: Plate) -> Drawing:
    """Names at two values each; names on one spot stand side by side."""
    left, right, top, bottom = 40.0, WIDTH - 20.0, 26.0, 456.0
    width, height = right - left, bottom - top
    reach = (plate.high - plate.low) or 1
    shapes: list[Shape] = [Rect(left, top, width, height, "frame")]
    for tick in range(round(plate.low), round(plate.high) + 1):
        share = (tick - plate.low) / reach * 0.9 + 0.05
        x, y = _rounded(left + share * width), _rounded(bottom - share * height)
        shapes += [Stroke(x, top, x, bottom, "grid"), Stroke(left, y, right, y, "grid")]
        shapes += [Label(x, bottom + 16, str(tick), "middle", "note"),
                   Label(left - 8, y + 4, str(tick), "end", "note")]  # fmt: skip
    spots: dict[tuple[float, float], list[str]] = {}
    for row in plate.rows:
        across, up = row.values
        spots.setdefault((across or 0.0, up or 0.0), []).append(row.label)
    placed = {
        (_rounded(left + ((across - plate.low) / reach * 0.9 + 0.05) * width),
         _rounded(bottom - ((up - plate.low) / reach * 0.9 + 0.05) * height)): names
        for (across, up), names in sorted(spots.items())
    }  # fmt: skip
    shapes += [Dot(x, y, "s0") for x, y in placed]
    shapes += _spot_names(placed, right)
    shapes.append(Label(right, bottom + 36, f"{plate.axes[0]} →", "end", "label upright"))
    shapes.append(Label(left, top - 8, f"{plate.axes[1]} ↑", css="label upright"))
    return Drawing(WIDTH, int(bottom) + 46, tuple(shapes))


Box = tuple[float, float, float, float]


def _spot_names(placed: Mapping[tuple[float, float], list[str]], right: float) -> Iterator[Shape]:
    """The names at every spot where there is room: beside it, else above or below."""
    taken: list[Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y in placed]
    for (x, y), names in placed.items():
        lines = [" ".join(names[start : start + 3]) for start in range(0, len(names), 3)]
        wide, high = max(map(_wide, lines)) * 0.88, 12.0 * len(lines)
        places = [(x + 8, y - 8), (x - 8 - wide, y - 8), (x - wide / 2, y - 9 - high),
                  (x - wide / 2, y + 8), (x + 6, y - 9 - high), (x + 6, y + 8),
                  (x - 6 - wide, y - 9 - high), (x - 6 - wide, y + 8)]  # fmt: skip
        boxes = [(a, b, a + wide, b + high) for a, b in places if a + wide < right]
        box = min(boxes, key=lambda one: sum(_overlap(one, other) for other in taken))
        taken.append(box)
        for place, line in enumerate(lines):
            yield Label(_rounded(box[0]), _rounded(box[1] + 12 * place + 10), line, css="spot")


def _overlap(one: Box, other: Box) -> float:
    """The area two boxes share."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0
