"""Every text of a printed figure stands inside it, and a bar is as long as the number it bears."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.briefing import figure_images, setting
from consult.briefing.contents import build
from consult.briefing.figures_svg import draw
from consult.briefing.model import Figure, FigureRow, Table
from consult.briefing.shapes import Drawing, Label, Rect
from consult.briefing.text_sizes import BOLD, TextSizes
from tests.briefing.made import FOLDERS, made

LONG = "Zusammenarbeitsförderungsrichtlinienentwurf"
LANGUAGES = ("en", "ru", "pl", "lv", "de")


@cache
def figures(name: str, language: str, n: int = 22) -> tuple[Figure, ...]:
    found = build(made(name, n, language))
    return tuple(one for section in found.sections for one in section.blocks if isinstance(one, Figure))


def stretched(figure: Figure) -> Figure:
    """The same figure with labels that nobody expects."""
    rows = [
        replace(row, label=f"{row.label} {LONG} {LONG * 3}", note="n = 1022, 1020, 1017, 1018, 1019")
        for row in figure.rows
    ]
    return replace(
        figure,
        rows=tuple(rows),
        axes=(LONG * 4, f"{LONG} " * 6),
        series=tuple(f"{one} {LONG} {LONG * 3}" for one in figure.series),
    )


EVERY = [
    (name, language, place) for name in FOLDERS for language in LANGUAGES for place in range(len(figures(name, "en")))
]


def boxes(drawing: Drawing, pen: TextSizes) -> Iterator[tuple[Label, float, float]]:
    """Each text with where it begins and ends, from the width it has when set as a whole."""
    for shape in drawing.shapes:
        if isinstance(shape, Label):
            wide = pen.wide(shape.text, is_small=shape.is_small) * (BOLD if shape.is_bold else 1)
            start = {"start": 0.0, "middle": wide / 2, "end": wide}[shape.anchor]
            yield shape, shape.x - start, shape.x - start + wide


def outside(drawing: Drawing, pen: TextSizes) -> list[tuple[str, float, float]]:
    """The texts that reach over an edge. What is measured is rounded to a tenth."""
    return [
        (label.text, left, right)
        for label, left, right in boxes(drawing, pen)
        if left < -0.1 or right > drawing.width + 0.1 or not 8 <= label.y <= drawing.height - 3
    ]


@pytest.mark.parametrize(("name", "language", "place"), EVERY)
def test_no_text_is_cut_at_the_edge(name: str, language: str, place: int) -> None:
    for figure in (figures(name, language)[place], stretched(figures(name, language)[place])):
        page = draw(figure)
        assert outside(page, TextSizes()) == []
        pen = figure_images.pen_for(figure, language)
        printed = draw(figure, pen)
        assert outside(printed, pen) == []


def test_printed_texts_are_no_wider_than_their_letters() -> None:
    """What typst says of whole texts; kerning may add a pixel to a very long word."""
    drawn = [*figures("ndpc-2020", "ru"), stretched(figures("ndpc-2020", "en")[0])]
    assert len(drawn) > 1
    for figure in drawn:
        pen = figure_images.pen_for(figure, "ru")
        labels = {shape.text for shape in draw(figure, pen).shapes if isinstance(shape, Label)}
        for text, wide in setting.widths(labels, "ru").items():
            assert wide * pen.size <= 1.005 * pen.wide(text) + 0.5, text


def test_an_edge_is_seen() -> None:
    """The sweep finds a text that is too far out."""
    figure = stretched(figures("town-library", "en")[0])
    drawing = draw(figure)
    last = next(shape for shape in drawing.shapes if isinstance(shape, Label))
    moved = replace(drawing, shapes=(*drawing.shapes, replace(last, x=715.0, anchor="start")))
    assert len(outside(moved, TextSizes())) == 1


@pytest.mark.parametrize(("name", "language", "place"), EVERY)
def test_every_note_is_whole(name: str, language: str, place: int) -> None:
    figure = figures(name, language)[place]
    shown = " ".join(shape.text for shape in draw(figure).shapes if isinstance(shape, Label) and shape.css == "note")
    assert figure.rows
    for row in figure.rows:
        assert row.note in shown


def bars(figure: Figure) -> list[tuple[Rect, Label | None]]:
    """The bars of a figure, each with the number written in it."""
    shapes = draw(figure).shapes
    numbers = [one for one in shapes if isinstance(one, Label) and one.css.startswith("count")]
    found = []
    for rect in shapes:
        if isinstance(rect, Rect) and rect.x >= 200 and rect.height > 12:
            inside = [
                one for one in numbers if rect.x < one.x < rect.x + rect.width and rect.y < one.y < rect.y + rect.height
            ]
            assert len(inside) <= 1
            found.append((rect, inside[0] if inside else None))
    return found


def check_lengths(figure: Figure) -> None:
    values = [value for row in figure.rows for value in row.values if value]
    drawn = bars(figure)
    assert len(drawn) == len(values)
    unit = max(rect.width for rect, _number in drawn) / max(values)
    for (rect, number), value in zip(drawn, values, strict=True):
        assert rect.width == pytest.approx(value * unit, abs=0.2)
        assert number is None or number.text == f"{value:.0f}"


@pytest.mark.parametrize("name", FOLDERS)
def test_a_bar_is_as_long_as_its_number_says(name: str) -> None:
    """Over the whole figure, whoever answered which question."""
    stacked = [one for one in figures(name, "en") if one.form in ("diverging", "changes")]
    assert stacked
    for figure in stacked:
        check_lengths(figure)


def test_14_of_20_is_longer_than_12_of_15() -> None:
    rows = (FigureRow("one", (3, 0, 12), "n = 15"), FigureRow("two", (6, 0, 14), "n = 20"))
    figure = Figure("diverging", "t", "d", "m", ("low", "middle", "high"), rows, Table("", (), ()))
    wide = {number.text: rect.width for rect, number in bars(figure) if number is not None}
    assert wide["14"] > wide["12"] and wide["14"] == pytest.approx(14 / 6 * wide["6"], abs=0.2)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 400), min_size=3, max_size=3).filter(any), min_size=1, max_size=12))
def test_bars_of_any_numbers(counts: list[list[int]]) -> None:
    rows = tuple(
        FigureRow(f"row {place}", tuple(map(float, one)), f"n = {sum(one)}") for place, one in enumerate(counts)
    )
    figure = Figure("diverging", "t", "d", "m", ("low", "middle", "high"), rows, Table("", (), ()))
    check_lengths(figure)
    assert outside(draw(figure), TextSizes()) == []


@given(st.text(max_size=200), st.floats(30, 400))
def test_lines_fit_and_hold_the_words(text: str, room: float) -> None:
    pen = TextSizes()
    lines = pen.lines(text, room, 4)
    assert 1 <= len(lines) <= 4
    assert all(pen.wide(line) <= room or len(line) <= 12 for line in lines)
    if len(lines) < 4:
        assert "".join(lines).replace(" ", "") == "".join(text.split())
