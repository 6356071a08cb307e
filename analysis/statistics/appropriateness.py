"""The RAND/UCLA appropriateness method and its kin, from one histogram."""

from fractions import Fraction
from typing import NamedTuple

from analysis.statistics.descriptive import CountsLike, quantile, twice_median
from analysis.statistics.value import NO_DATA, Value, undefined

IPRR = Fraction(235, 100)  # inter-percentile range when perfectly symmetric, on 1 to 9
ASYMMETRY = Fraction(3, 2)  # correction factor for asymmetry
IPRAS_MINIMUM = 7  # RAM panels have 7 to 15 members; fewer is reported and flagged


class Ipras(NamedTuple):
    """The IPRAS reckoning in scale points; exact fractions. ``reason`` if there is none."""

    p30: Fraction | None
    p70: Fraction | None
    ipr: Fraction | None
    centre: Fraction | None
    asymmetry: Fraction | None
    ipras: Fraction | None
    disagreement: bool | None
    reason: str | None = None

    @property
    def disagreement_index(self) -> Fraction | None:
        """Disagreement index IPR / IPRAS; above 1 is disagreement."""
        if self.ipr is None or self.ipras is None:
            return None
        return self.ipr / self.ipras if self.ipras else Fraction(0)


def ipras(counts: CountsLike, lo: int = 1, hi: int = 9, kind: int = 2) -> Ipras:
    """Disagreement by IPRAS (Fitch et al. 2001, RAND MR-1269).

    IPR = P70 - P30; AI = distance of their midpoint from the middle of the scale;
    IPRAS = 2.35 + 1.5 AI; disagreement if IPR > IPRAS. On a scale other than 1 to 9 the constant
    2.35 is stretched to (hi - lo)/8 of itself, a convention no primary source has tested.
    The percentile type decides verdicts on small panels: 1,2,3,6,6,6,7,8,8 disagrees by types 2
    and 6 and does not by type 7. Undefined without answers.
    """
    p30, p70 = (quantile(counts, Fraction(p, 10), kind, lo) for p in (3, 7))
    if p30 is None or p70 is None:
        return Ipras(None, None, None, None, None, None, None, NO_DATA)
    spread, centre = p70 - p30, (p30 + p70) / 2
    asymmetry = abs(Fraction(lo + hi, 2) - centre)
    limit = IPRR * Fraction(hi - lo, 8) + ASYMMETRY * asymmetry
    return Ipras(p30, p70, spread, centre, asymmetry, limit, spread > limit)


def classify(counts: CountsLike, disagreement: bool, half_median: str = "strict") -> str | None:
    """``appropriate``, ``uncertain`` or ``inappropriate`` on 1 to 9; None without answers.

    ``half_median``: ``strict`` leaves 3.5 and 6.5 uncertain (EPAGE); ``up`` counts them to the
    higher class.
    """
    twice = twice_median(counts, 1)
    if twice is None:
        return None
    if half_median == "up":
        twice += twice % 2
    if disagreement or 6 < twice < 14:
        return "uncertain"
    return "appropriate" if twice >= 14 else "inappropriate"


def share_rule(
    top: int, bottom: int, n: int, most: tuple[int, int] = (7, 10), least: tuple[int, int] = (3, 20)
) -> str | None:
    """``in``, ``out`` or ``none`` by shares of two bands, in integers (Harman et al. 2013).

    In: top at least ``most`` and bottom below ``least``; out mirrored. The defaults are COMET's
    70 % and 15 %: 70 of 100 is in, 69 is not. None without answers.
    """
    if n == 0:
        return None
    if top * most[1] >= most[0] * n and bottom * least[1] < least[0] * n:
        return "in"
    if bottom * most[1] >= most[0] * n and top * least[1] < least[0] * n:
        return "out"
    return "none"


def average_majority(items: list[tuple[int, int, int]], opinions_only: bool) -> Value:
    """Average percent of majority opinions, APMO (Kapoor 1987), over all measures.

    ``items``: agree, disagree, neutral. Majority agreements plus majority disagreements over
    opinions; ``opinions_only`` leaves neutral answers out of the denominator, and the two
    readings differ (45.6 and 60.0 on one table). A majority is more than half of the answers
    counted. Undefined without opinions.
    """
    majority = opinions = 0
    for agree, disagree, neutral in items:
        voices = agree + disagree + (0 if opinions_only else neutral)
        opinions += voices
        majority += sum(side for side in (agree, disagree) if 2 * side > voices)
    return Value(100 * majority / opinions) if opinions else undefined(NO_DATA)
