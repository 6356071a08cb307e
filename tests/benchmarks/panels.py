"""Made-up panels: int8 codes of ratings from 1 to 9, measures apart, experts alike to a degree."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from analysis.protocol.protocol import Band, Criterion, Protocol, Scale

Codes = npt.NDArray[np.int8]
K = 9
MISSING = K + 5  # blank
NINE = Scale("nine", 1, 9, (Band("low", 1, 3), Band("middle", 4, 6), Band("high", 7, 9)))
PROTOCOL = Protocol(scales=(NINE,), criteria=(Criterion("importance", NINE.key, decides=True),))


@lru_cache(maxsize=4)
def codes(experts: int, measures: int, missing: float = 0.1, seed: int = 1) -> Codes:
    """Measures x experts; a share of ``missing`` is blank. The same for the same question."""
    generator = np.random.default_rng([seed, experts, measures])
    found = np.empty((measures, experts), np.int8)
    for row, level in zip(found, np.linspace(2.5, 6.5, measures), strict=True):
        row[:] = np.clip(np.rint(generator.normal(level, 1.6, experts)), 0, K - 1)
        if missing:
            row[generator.random(experts) < missing] = MISSING
    return found


def floats(found: Codes) -> npt.NDArray[np.float64]:
    """Measures x experts in points, NaN missing: what the other programs take."""
    return np.where(found < K, found + 1.0, np.nan)
