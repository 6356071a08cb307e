"""The page that every program of the comparison asks."""

ITEMS = 30
POINTS = range(1, 10)


def asks(number: int) -> str:
    """What item ``number`` asks, from 1."""
    return f"How much does item {number} matter here?"
