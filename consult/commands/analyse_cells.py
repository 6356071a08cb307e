"""Cells of the tables that `consult analyse` prints."""

from consult.services.files.csvfile import guard

Cell = str | float | bool | None
NOTHING = "–"


def safe(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula."""
    return guard(cell) if isinstance(cell, str) else cell


def figure(value: float | None, digits: int = 2) -> str:
    """A number with so many digits; a dash where there is none."""
    return NOTHING if value is None else f"{value:.{digits}f}"


def percent(value: float | None) -> str:
    """A share in percent; a dash where there is none."""
    return NOTHING if value is None else f"{100 * value:.0f} %"


def probability(value: float | None) -> str:
    """A drawn probability in percent: never 0 or 100, which no draws can show."""
    if value is None:
        return NOTHING
    if value > 0.99:
        return "> 99 %"
    return "< 1 %" if value < 0.01 else percent(value)


def p_value(p: float | None) -> str:
    """A p-value to three places; a dash where there is none."""
    return "<0.001" if p is not None and p < 0.001 else figure(p, 3)
