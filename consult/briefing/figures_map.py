"""The map of two criteria as shapes: names at two values each, none outside, few over others."""

from collections.abc import Iterator, Mapping

from consult.briefing.model import Figure
from consult.briefing.shapes import LINE, WIDTH, Dot, Drawing, Label, Rect, Shape, Stroke, rounded
from consult.briefing.text_sizes import BOLD, TextSizes

LEFT, RIGHT = 40.0, WIDTH - 20.0
HEIGHT = 430.0
MOST_LINES = 3

Box = tuple[float, float, float, float]
Spots = Mapping[tuple[float, float], list[str]]


def draw_map(figure: Figure, sizes: TextSizes) -> Drawing:
    """Names at two values each; names on one spot stand side by side."""
    room = (RIGHT - LEFT) / BOLD
    across = sizes.lines(f"{figure.axes[0]} →", room, MOST_LINES)
    upwards = sizes.lines(f"{figure.axes[1]} ↑", room, MOST_LINES)
    top = 12.0 + LINE * len(upwards)
    bottom = top + HEIGHT
    shapes: list[Shape] = [Rect(LEFT, top, RIGHT - LEFT, HEIGHT, "frame")]
    for tick in range(round(figure.low), round(figure.high) + 1):
        x, y = _spot(figure, tick, tick, bottom)
        shapes += [Stroke(x, top, x, bottom, "grid"), Stroke(LEFT, y, RIGHT, y, "grid")]
        shapes += [Label(x, bottom + 16, str(tick), "middle", "note"), Label(LEFT - 8, y + 4, str(tick), "end", "note")]
    spots: dict[tuple[float, float], list[str]] = {}
    for row in sorted(figure.rows, key=lambda row: tuple(value or 0.0 for value in row.values)):
        at, up = row.values
        spots.setdefault(_spot(figure, at or 0.0, up or 0.0, bottom), []).append(row.label)
    shapes += [Dot(x, y, "s0") for x, y in spots]
    shapes += _names(spots, (LEFT, top, RIGHT, bottom), sizes)
    for place, words in enumerate(across):
        shapes.append(Label(RIGHT, bottom + 36 + place * LINE, words, "end", "label upright"))
    for place, words in enumerate(upwards):
        y = top - 8 - (len(upwards) - 1 - place) * LINE
        shapes.append(Label(LEFT, y, words, css="label upright"))
    return Drawing(WIDTH, int(bottom) + 32 + LINE * len(across), tuple(shapes))


def _spot(figure: Figure, across: float, up: float, bottom: float) -> tuple[float, float]:
    reach = (figure.high - figure.low) or 1

    def share(value: float) -> float:
        return (value - figure.low) / reach * 0.9 + 0.05

    return (rounded(LEFT + share(across) * (RIGHT - LEFT)), rounded(bottom - share(up) * HEIGHT))


def _names(spots: Spots, frame: Box, sizes: TextSizes) -> Iterator[Shape]:
    """The names at every spot where there is room: beside it, else above or below."""
    taken: list[Box] = [(x - 6, y - 6, x + 6, y + 6) for x, y in spots]
    for (x, y), names in spots.items():
        lines = _in_lines(names, (frame[2] - frame[0]) / 2, sizes)
        wide, high = max(sizes.wide(line, is_small=True) for line in lines), 12.0 * len(lines)
        places = [
            (x + 8, y - 8),
            (x - 8 - wide, y - 8),
            (x - wide / 2, y - 9 - high),
            (x - wide / 2, y + 8),
            (x + 6, y - 9 - high),
            (x + 6, y + 8),
            (x - 6 - wide, y - 9 - high),
            (x - 6 - wide, y + 8),
        ]
        boxes = [_inside((a, b, a + wide, b + high), frame) for a, b in places]
        box = min(boxes, key=lambda one: sum(_overlap(one, other) for other in taken))
        taken.append(box)
        for place, line in enumerate(lines):
            yield Label(rounded(box[0]), rounded(box[1] + 12 * place + 10), line, css="spot")


def _in_lines(names: list[str], room: float, sizes: TextSizes) -> list[str]:
    """Three names on a line, or as many as the room takes."""
    threes = [" ".join(names[start : start + 3]) for start in range(0, len(names), 3)]
    return [part for line in threes for part in sizes.lines(line, room, MOST_LINES, is_small=True)]


def _inside(box: Box, frame: Box) -> Box:
    """The box moved so far that it stands in the frame; a higher one ends at its foot."""
    left = min(max(box[0], frame[0] + 2), frame[2] - 2 - (box[2] - box[0]))
    top = min(max(box[1], frame[1] + 2), frame[3] - 2 - (box[3] - box[1]))
    return (left, top, left + box[2] - box[0], top + box[3] - box[1])


def _overlap(one: Box, other: Box) -> float:
    """The area two boxes share."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0
