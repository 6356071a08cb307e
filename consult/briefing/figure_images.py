"""Figures as files of their own: SVG for the PDF, PNG for Word. Drawn by typst, no display needed.

The fonts are packaged ones (`consult.briefing.setting`), so that the same figure gives the same
bytes on every machine.
"""

from dataclasses import replace
from xml.sax.saxutils import escape, quoteattr

from consult.briefing import lettering, setting
from consult.briefing.figures_svg import draw
from consult.briefing.model import Figure, Table, mapped, texts
from consult.briefing.shapes import Dot, Label, Rect, Shape, Stroke
from consult.briefing.text_sizes import TextSizes
from consult.errors import NotPossible
from consult.refusals.codes import Code, Refusal
from consult.refusals.file_facts import FigureFailed

SIZE, SMALL = 13.0, 12.0
"""Letters of labels, and of notes and counts."""
PIXELS_PER_INCH = 220
WIDTH_POINTS = 480
"""Width of a figure on paper: 17 cm."""

FILLS = {
    "b0": "#9a4a04",
    "b1": "#e9a85c",
    "b2": "#d9d9d9",
    "b3": "#8fc1dd",
    "b4": "#1f5fa0",
    "s0": "#9a4a04",
    "s1": "#1f5fa0",
    "s2": "#33302a",
}
STROKES = {
    "axis": 'stroke="#9aa2b1" stroke-width="1.5"',
    "grid": 'stroke="#e2e5ea" stroke-width="1"',
    "join": 'stroke="#7b8494" stroke-width="2"',
}
NO_TABLE = Table("", (), ())
INK, NOTE, LINE = "#1a1f2b", "#4a5263", "#b9c0cc"


def svg(figure: Figure, language: str = "") -> bytes:
    """The figure as an SVG file with its colours in it."""
    fonts = ", ".join(setting.families(language))
    drawing = draw(figure, pen_for(figure, language))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{drawing.width}" '
        f'height="{drawing.height}" viewBox="0 0 {drawing.width} {drawing.height}" '
        f'font-family="{fonts}" font-size="13">',
        *(_element(shape) for shape in drawing.shapes),
        "</svg>",
    ]
    return "\n".join(parts).encode()


def pen_for(figure: Figure, language: str = "") -> TextSizes:
    """A pen that knows how wide the letters of a figure are in the fonts they are printed in."""
    signs = set("0123456789…→↑ ").union(*texts(replace(figure, table=NO_TABLE)))
    return TextSizes(setting.widths(signs, language).__getitem__, SIZE, SMALL)


def png(figure: Figure, language: str = "") -> bytes:
    """The figure as a PNG file, as wide as the text of a page. Raises NotPossible."""
    figure = lettering.settable(figure, language)
    try:
        return _png(figure, language)
    except setting.NotSet:
        figure = mapped(figure, lettering.plainest)
    try:
        return _png(figure, language)
    except setting.NotSet as error:
        raise NotPossible(
            Refusal(Code.FIGURE_NOT_DRAWN, FigureFailed(str(error), figure.label, figure.title))
        ) from error


def _png(figure: Figure, language: str) -> bytes:
    main = (
        f'#set page(width: auto, height: auto, margin: 0pt, fill: white)\n#image("figure.svg", width: {WIDTH_POINTS}pt)'
    )
    return setting.png({"main": main.encode(), "figure.svg": svg(figure, language)}, PIXELS_PER_INCH)


def _element(shape: Shape) -> str:
    match shape:
        case Rect():
            look = f'fill="none" stroke="{LINE}"'
            if shape.css != "frame":
                look = f'fill="{FILLS[shape.css]}" stroke="#ffffff" stroke-width="1"'
            return f'<rect x="{shape.x}" y="{shape.y}" width="{shape.width}" height="{shape.height}" {look}/>'
        case Stroke():
            return f'<line x1="{shape.x1}" y1="{shape.y1}" x2="{shape.x2}" y2="{shape.y2}" {STROKES[shape.css]}/>'
        case Dot():
            return _dot(shape)
        case Label():
            return _text(shape)


def _dot(dot: Dot) -> str:
    fill = f'fill="{FILLS[dot.css]}"'
    if dot.shape == "square":
        return f'<rect x="{dot.x - 5:.1f}" y="{dot.y - 5:.1f}" width="10" height="10" {fill}/>'
    if dot.shape == "diamond":
        return f'<path d="M{dot.x} {dot.y - 7:.1f}l7 7l-7 7l-7 -7z" {fill}/>'
    return f'<circle cx="{dot.x}" cy="{dot.y}" r="5.5" {fill}/>'


def _text(label: Label) -> str:
    classes = set(label.css.split())
    on_dark = classes & {"on-b0", "on-b4"}
    colour = "#ffffff" if on_dark else NOTE if "note" in classes else INK
    weight = ' font-weight="600"' if label.is_bold else ""
    return (
        f'<text x="{label.x}" y="{label.y}" text-anchor={quoteattr(label.anchor)} '
        f'font-size="{SMALL if label.is_small else SIZE:.0f}" fill="{colour}"{weight}>'
        f"{escape(label.text)}</text>"
    )
