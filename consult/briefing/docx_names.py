"""Names inside a Word file: of bookmarks and captions, and texts among its properties."""

from consult.characters import one_line

LONGEST = 255
"""Letters of a property of the file."""


def property_text(text: str) -> str:
    """A text as Word keeps it among the properties of a file."""
    flat = one_line(text)
    return flat if len(flat) <= LONGEST else f"{flat[: LONGEST - 1]}…"


def section_anchor(key: str) -> str:
    """A bookmark's name: letters, digits and underscores, 40 at the most."""
    return "section_" + key.replace("-", "_")[:32]


def sequence_name(key: str) -> str:
    """What a caption counts: `table-3` Table, `table-a3` Table_a, `figure-3` Figure."""
    kind, _dash, rest = key.partition("-")
    return kind.capitalize() + ("_a" if rest.startswith("a") else "")
