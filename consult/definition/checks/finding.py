"""What a check found, before it is brought back to file and line."""

from dataclasses import dataclass

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One mistake in the content: where in the definition, what it is, how to fix it."""

    place: Place
    message: str
    fix: str = ""
