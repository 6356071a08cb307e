"""What all figures of a briefing share."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.model.stage import VariableResult
from consult.briefing.context import StageGiven, sentence
from consult.briefing.model import Cell, Figure, FigureRow, Table
from consult.words.numbers import marked
from consult.words.phrases import Translate, language_of


@dataclass(frozen=True, slots=True)
class Item:
    """One variable of one stage, with the words that name it in a figure."""

    stage: StageGiven
    variable: str
    label: str
    block: VariableResult


def span(start: int, end: int) -> str:
    """A run of points: `7–9`."""
    return f"{start}–{end}" if start != end else str(start)


def mean(value: float, translate: Translate) -> str:
    """A mean at one decimal."""
    return marked(f"{value:.1f}", language_of(translate))


def figure(
    form: str,
    title: str,
    description: str,
    message: str,
    series: tuple[str, ...],
    rows: tuple[FigureRow, ...],
    header: tuple[str, ...],
    cells: Sequence[tuple[Cell, ...]],
    *,
    low: float = 0,
    high: float = 1,
    axes: tuple[str, str] = ("", ""),
) -> Figure:
    table = Table(title, header, tuple(cells), is_compact=True)
    whole = f"{sentence(title)} {message}"
    return Figure(form, title, description, whole, series, rows, table, low, high, axes)
