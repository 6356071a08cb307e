"""Figures as shapes for inline SVG: geometry only, no text of markup and no colour.

Colours are classes (`s0`, `s1`, …) of the style sheet; lengths are in pixels of a figure 720 wide.
Every text is measured (`consult.briefing.text_sizes`) and stands inside the figure.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from consult.briefing.figures_map import draw_map
from consult.briefing.model import Figure, FigureRow
from consult.briefing.shapes import LINE, SHAPES, WIDTH, Dot, Drawing, Label, Rect, Shape, Stroke
from consult.briefing.shapes import rounded as _rounded
from consult.briefing.text_sizes import TextSizes

LABEL = 262
"""Width kept for the labels of rows."""
MOST_LINES = 4
BAR = 20.0
"""The most a bar is high, beside a label of several lines."""
NOTE = 150
"""The most that is kept at the right end, for n."""


def draw(figure: Figure, sizes: TextSizes | None = None) -> Drawing:
    """The shapes of a figure; `sizes` says how wide its letters are, those of a system font."""
    sizes = sizes or TextSizes()
    if figure.form == "map":
        return draw_map(figure, sizes)
    return (_dots if figure.form == "dots" else _diverging)(_Frame(figure, sizes))


@dataclass(frozen=True)
class _Line:
    """A row of a figure as it stands: where, how high, its label and its note in lines."""

    row: FigureRow
    y: float
    height: float
    label: list[str]
    note: list[str]

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


class _Frame:
    """Where the parts of a figure with rows stand."""

    def __init__(self, figure: Figure, sizes: TextSizes) -> None:
        self.figure, self.pen = figure, sizes
        notes = [sizes.wide(row.note, is_small=True) for row in figure.rows if row.note]
        self.right = WIDTH - 10 - min(NOTE, max([40.0, *notes]))

    def lines(self, top: float) -> list[_Line]:
        """The rows below each other; one of several lines is higher."""
        found: list[_Line] = []
        y = top
        for row in self.figure.rows:
            label = self.pen.lines(row.label, LABEL - 12, MOST_LINES)
            room = WIDTH - 2 - self.right - 6
            note = self.pen.lines(row.note, room, MOST_LINES, is_small=True)
            height = max(24.0, LINE * max(len(label), len(note)) + 8.0)
            found.append(_Line(row, y, height, label, note))
            y += height
        return found

    def texts(self, line: _Line) -> Iterator[Shape]:
        """The label and the note of a row."""
        yield from _stacked(line.label, LABEL - 8, line.middle, "end", "label")
        if line.row.note:
            yield from _stacked(line.note, self.right + 6, line.middle, "start", "note")

    def key(self, *, has_marks: bool = False) -> tuple[list[Shape], float]:
        """The legend, one series after the other, on as many lines as it takes; and its end."""
        found: list[Shape] = []
        x, y = 4.0, 14.0
        for place, name in enumerate(self.figure.series):
            lines = self.pen.lines(name, WIDTH - 28, MOST_LINES)
            width = 22 + max(map(self.pen.wide, lines))
            if x > 4 and x + width > WIDTH:
                x, y = 4.0, y + 18
            if has_marks:
                found.append(Dot(x + 6, y - 4, f"s{place}", SHAPES[place % len(SHAPES)]))
            else:
                found.append(Rect(x, y - 10, 12, 12, _band(place, len(self.figure.series))))
            for step, words in enumerate(lines):
                found.append(Label(_rounded(x + 18), y + step * LINE, words))
            y += (len(lines) - 1) * LINE
            x = x + width + 12 if len(lines) == 1 else float(WIDTH)
        return found, y

    def across(self, value: float) -> float:
        """Where a value of the scale stands."""
        figure = self.figure
        share = (value - figure.low) / ((figure.high - figure.low) or 1)
        return _rounded(LABEL + 8 + share * (self.right - LABEL - 16))


def _stacked(lines: list[str], x: float, middle: float, anchor: str, css: str) -> Iterator[Shape]:
    first = middle - (len(lines) - 1) * LINE / 2 + 4
    for place, words in enumerate(lines):
        yield Label(_rounded(x), _rounded(first + place * LINE), words, anchor, css)


def _band(place: int, bands: int) -> str:
    """The class of a band: from low (`b0`) over the middle (`b2`) to high (`b4`)."""
    return f"b{round(4 * place / max(1, bands - 1))}"


def _diverging(frame: _Frame) -> Drawing:
    """Bars around a middle line, as long as the people who are counted in them."""
    shapes, end = frame.key()
    top = end + 20
    middle, half = (LABEL + frame.right) / 2, (frame.right - LABEL) / 2
    # One scale for all rows: 14 people are drawn longer than 12, whoever answered beside them.
    most = max((side for row in frame.figure.rows for side in _sides(row)), default=0.0) or 1.0
    bottom = top
    bars: list[Shape] = []
    for line in frame.lines(top):
        shapes += frame.texts(line)
        bars += _bars(line, middle, half / most, frame.pen)
        bottom = line.y + line.height
    # Behind the bars: it would cross the number of the middle band.
    shapes.append(Stroke(middle, top - 6, middle, _rounded(bottom + 4), "axis"))
    shapes += bars
    return Drawing(WIDTH, int(bottom) + 12, tuple(shapes))


def _counts(row: FigureRow) -> list[float]:
    return [value or 0.0 for value in row.values]


def _sides(row: FigureRow) -> tuple[float, float]:
    """How many people stand left and right of the middle line; the middle band on both sides."""
    values = _counts(row)
    count = len(values)
    left = sum(values[: count // 2]) + (values[count // 2] / 2 if count % 2 else 0.0)
    return left, sum(values) - left


def _bars(line: _Line, middle: float, scale: float, sizes: TextSizes) -> Iterator[Shape]:
    values = _counts(line.row)
    count = len(values)
    high = min(line.height - 6, BAR)
    x = middle - _sides(line.row)[0] * scale
    for place, value in enumerate(values):
        width = value * scale
        if value:
            css, words = _band(place, count), f"{value:.0f}"
            yield Rect(_rounded(x), _rounded(line.middle - high / 2), _rounded(width), _rounded(high), css)
            if width >= sizes.wide(words, is_small=True) + 2:
                yield Label(_rounded(x + width / 2), _rounded(line.middle + 4), words, "middle", f"count on-{css}")
        x += width


def _dots(frame: _Frame) -> Drawing:
    """One mark per series on a scale, joined by a line."""
    shapes, end = frame.key(has_marks=True)
    top = end + 34
    lines = frame.lines(top)
    bottom = lines[-1].y + lines[-1].height
    for tick in range(round(frame.figure.low), round(frame.figure.high) + 1):
        x = frame.across(tick)
        shapes.append(Stroke(x, top - 6, x, _rounded(bottom), "grid"))
        shapes.append(Label(x, top - 10, str(tick), "middle", "note"))
    for line in lines:
        shapes += frame.texts(line)
        centre = _rounded(line.middle)
        known = [(place, frame.across(value)) for place, value in enumerate(line.row.values) if value is not None]
        ends = [x for _place, x in known]
        if len(ends) > 1:
            shapes.append(Stroke(min(ends), centre, max(ends), centre, "join"))
        for place, x in known:
            shapes.append(Dot(x, centre, f"s{place}", SHAPES[place % len(SHAPES)]))
    return Drawing(WIDTH, int(bottom) + 12, tuple(shapes))
