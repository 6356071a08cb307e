"""A round without the ratings of some: what the analysis compares, never shown as tables."""

from collections import Counter
from collections.abc import Collection, Mapping

from analysis.protocol.protocol import Scale
from analysis.result.stage_input import SetAside
from consult.services import submissions
from consult.services.submissions import Given

Pairs = Mapping[int, tuple[Given | None, Given | None]]
"""By expert, the answer of the round before and the one of this round."""


def paired(first: Mapping[int, Mapping[str, Given]], second: Mapping[int, Mapping[str, Given]], key: str) -> Pairs:
    """What each expert answered to one variable in two rounds."""
    return {
        expert: (first.get(expert, {}).get(key), second.get(expert, {}).get(key))
        for expert in sorted(set(first) | set(second))
    }


def set_aside(pairs: Pairs, aside: Collection[int], scale: Scale, *, is_compared: bool = True) -> SetAside:
    """One variable without these experts; pairs of rounds only where the two compare."""
    others = [pair for expert, pair in pairs.items() if expert not in aside]
    cells = Counter(now for _then, now in others if now is not None)
    return SetAside(
        ratings=sum(is_rated(pairs[expert][1]) for expert in aside if expert in pairs),
        people=len(aside),
        others=submissions.histogram(cells, scale.lo, scale.k),
        pairs=submissions.pair_table(others, scale) if is_compared else None,
    )


def is_rated(given: Given | None) -> bool:
    """Whether an answer is a rating; a no-answer is none."""
    return given is not None and given[0] is not None
