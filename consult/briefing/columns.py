"""How wide the columns of a printed table are: by what stands in them."""

from consult.briefing.model import Table

LONGEST = 90
"""Beyond so many letters a column breaks its lines rather than grow."""
WORD = 16
"""Longer words are broken."""
CYRILLIC = "\u0400"
"""From here on letters are wider."""
REFERENCE = 5
"""Letters that the mark of a source takes."""
LETTERS, COMPACT_LETTERS = 126, 148
"""How many letters stand side by side on a page, in usual and in compact tables."""
NARROW = 80
"""A compact table of fewer letters stands twice on a page."""


def shares(table: Table, fitting: float = 1.0) -> tuple[float, ...]:
    """The share of the width for each column; together 1. The longest words fit first.

    `fitting`: how many times as many letters a narrower font puts on a line.
    """
    columns = range(len(table.header))
    least = [_least(table, place) for place in columns]
    more = [max(0.0, _wished(table, place) - least[place]) for place in columns]
    room = fitting * (COMPACT_LETTERS if table.is_compact else LETTERS)
    spare = (room / 2 if is_narrow(table) else room) - sum(least)
    part = max(0.0, spare) / (sum(more) or 1.0)
    wide = [one + extra * part for one, extra in zip(least, more, strict=True)]
    total = sum(wide)
    return tuple(round(one / total, 4) for one in wide)


def is_narrow(table: Table) -> bool:
    """Whether a long table takes so little width that it is set in two columns."""
    wished = (max(_least(table, place), _wished(table, place)) for place in range(len(table.header)))
    return table.is_compact and len(table.rows) > 24 and sum(wished) < NARROW


def _texts(table: Table, place: int) -> list[str]:
    return [row[place].text for row in table.rows]


def _least(table: Table, place: int) -> float:
    """The longest word fits, with the mark of a source behind it."""
    texts = _texts(table, place)
    words = [word for text in texts for word in text.split(" ")]
    longest = max(map(_unbroken, words), default=1.0)
    cited = any(row[place].source for row in table.rows)
    mark = REFERENCE if cited else 0
    # Headings are bold.
    title = max((1.12 * _unbroken(word) for word in table.header[place].split()), default=1.0)
    return max(longest + mark, title, 3.0) + 2.0


def _unbroken(word: str) -> float:
    """Words are hyphenated; keys such as `PRE-15.ps_energy` and rows of counts are not."""
    if "\u00a0" in word:
        return 0.7 * len(word)
    if "_" in word or "." in word[:-1]:
        return len(word)
    return min(WORD, len(word)) * (1.15 if word >= CYRILLIC else 1.0)


def _wished(table: Table, place: int) -> float:
    """Room that grows slower than the text does: long texts break, short ones need not."""
    texts = [text for text in _texts(table, place) if text]
    if not texts:
        return REFERENCE
    sizes = [len(text) for text in texts]
    # Weighed by length: a few long texts among dashes need room as much as many of the same size.
    typical = sum(size * size for size in sizes) / sum(sizes)
    return min(float(max(sizes)), LONGEST, 8 + typical / 2)
