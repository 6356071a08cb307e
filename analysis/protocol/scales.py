"""Scales, their bands and the states of not answering. Loads neither numpy nor scipy."""

from dataclasses import dataclass

from analysis.protocol.states import NoAnswer

NO_ANSWER = tuple(state.value for state in NoAnswer)
NO_OPINIONS = NO_ANSWER[:4]
"""What an expert may choose instead of a value, where a scale or a question offers it."""
UNANSWERED = NO_ANSWER[4:]
"""What is noted where nothing was chosen."""


def require(condition: bool, message: str) -> None:
    """Raise ValueError with ``message`` unless the condition holds."""
    if not condition:
        raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Band:
    """A named run of scale points, ``lo`` to ``hi`` inclusive, in points of the scale."""

    key: str
    lo: int
    hi: int

    def holds(self, point: int) -> bool:
        """Whether the scale point lies in this band."""
        return self.lo <= point <= self.hi


@dataclass(frozen=True, slots=True)
class Scale:
    """Ordered points ``lo`` to ``hi``; codes are ``point - lo``, no-answer states follow."""

    key: str
    lo: int
    hi: int
    bands: tuple[Band, ...] = ()
    no_answer: tuple[str, ...] = ()
    level: str = "ordinal"

    def __post_init__(self) -> None:
        require(self.lo <= self.hi, f"scale {self.key}: from {self.lo} to {self.hi} is empty")
        require(self.level in ("ordinal", "interval"), f"scale {self.key}: level {self.level!r}")
        unknown = [state for state in self.no_answer if state not in NO_ANSWER]
        require(not unknown, f"scale {self.key}: unknown no-answer states {unknown}")
        below = self.lo
        for band in self.bands:
            inside = below <= band.lo <= band.hi <= self.hi
            require(inside, f"scale {self.key}: band {band.key} overlaps or leaves the scale")
            below = band.hi + 1

    @property
    def k(self) -> int:
        """Number of declared points."""
        return self.hi - self.lo + 1

    def band(self, code: int) -> str | None:
        """Key of the band of a code (``point - lo``); None outside every band."""
        point = code + self.lo
        return next((band.key for band in self.bands if band.holds(point)), None)

    def named_band(self, key: str) -> Band:
        """The band of that key. Raises KeyError when the scale has none."""
        for band in self.bands:
            if band.key == key:
                return band
        raise KeyError(key)
