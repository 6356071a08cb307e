"""One figure of a statistic of the registry, as it stands in files and frames."""

from dataclasses import dataclass, field, fields

from analysis.model.figures import Block, about


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticRow(Block):
    """A number or a word, its interval or its test, and what it is about."""

    statistic: str = field(metadata=about("Its name in the registry."))
    round: str
    earlier: str = field(metadata=about("The round compared with; empty where one round is looked at."))
    criterion: str
    item: str = field(metadata=about("Empty for the whole panel."))
    figure: str
    of: str = field(metadata=about("The band, point, item or groups it is about."))
    value: float | None = field(metadata=about("Of a test its statistic."))
    word: str = field(metadata=about("A class in place of a number."))
    low: float | None = field(metadata=about("Lower end of the 95 % interval."))
    high: float | None = field(metadata=about("Upper end of the 95 % interval."))
    df: float | None
    p: float | None
    p_adjusted: float | None = field(metadata=about("Over all items of the round and criterion."))
    method: str
    reason: str | None = field(metadata=about("Why it is undefined."))


COLUMNS: tuple[str, ...] = tuple(
    part.name for part in fields(StatisticRow) if part.name not in ("suppressed", "reasons", "nulls")
)


def cells(row: StatisticRow) -> dict[str, str | float | None]:
    """A row by its columns, JSON-ready."""
    return {name: getattr(row, name) for name in COLUMNS}
