"""What a figure is drawn of: boxes, lines, marks and texts, in pixels of a figure."""

from dataclasses import dataclass

WIDTH = 720
LINE = 14
"""From one line of a text to the next."""
SHAPES = ("circle", "square", "diamond")


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
    """A text on one line; small ones are notes, counts and the names of spots."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    css: str = "label"
    kind: str = "text"

    @property
    def is_small(self) -> bool:
        return bool(set(self.css.split()) & {"note", "count", "spot"})

    @property
    def is_bold(self) -> bool:
        return "upright" in self.css.split()


Shape = Rect | Stroke | Dot | Label


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes on a figure of that size, in the order they are painted."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def rounded(value: float) -> float:
    return round(value, 1)
