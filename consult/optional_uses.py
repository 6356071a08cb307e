"""Uses of answers that an expert may object to and take part all the same, as codes."""

from enum import StrEnum


class OptionalUse(StrEnum):
    """What is left out where somebody objects.

    `REASONS`: reasons they wrote are released to nobody. `ROWS`: no files of rows, under pseudonyms,
    are given of a stage in which they count.
    """

    REASONS = "reasons"
    ROWS = "rows"
