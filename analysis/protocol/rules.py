"""The rules of a protocol as frozen values. Loads neither numpy nor scipy.

A share is a pair of integers ``(numerator, denominator)``: thresholds are compared exactly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from analysis.protocol.scales import require

DENOMINATORS = ("rated", "answered")
EVIDENCE = ("never", "on_request", "after_first_rating")
ADDED_LATER: Mapping[str, bool] = {"added_later": True}
"""Marks a field that older protocols do not have: at its default it stands in no written form, so that
their digests stay."""

Share = tuple[int, int]


def require_share(name: str, share: Share) -> None:
    """Raise ValueError unless ``share`` is a pair of integers between 0 and 1."""
    numerator, denominator = share
    if denominator < 1 or not 0 <= numerator <= denominator:
        raise ValueError(f"{name}: {numerator}/{denominator} is not a share between 0 and 1")


@dataclass(frozen=True, slots=True)
class ShareClause:
    """Share of the votes in ``band`` compared with ``num/den``; ``op`` is ``>=`` or ``<``."""

    kind: ClassVar[str] = "share"
    band: str
    op: str
    num: int
    den: int

    def __post_init__(self) -> None:
        require(self.op in (">=", "<"), f"share of {self.band}: operator {self.op!r}")
        require_share(f"share of {self.band}", (self.num, self.den))


@dataclass(frozen=True, slots=True)
class MedianClause:
    """Median compared with ``twice / 2``; ``op`` is ``>=`` or ``<=``. Medians are half points."""

    kind: ClassVar[str] = "median"
    op: str
    twice: int

    def __post_init__(self) -> None:
        require(self.op in (">=", "<="), f"median: operator {self.op!r}")


@dataclass(frozen=True, slots=True)
class IqrClause:
    """Interquartile range compared with ``num / den`` points; ``op`` is ``<=`` or ``>=``."""

    kind: ClassVar[str] = "iqr"
    op: str
    num: int
    den: int = 1

    def __post_init__(self) -> None:
        require(self.op in (">=", "<="), f"iqr: operator {self.op!r}")
        require(self.den >= 1 and self.num >= 0, f"iqr: {self.num}/{self.den}")


@dataclass(frozen=True, slots=True)
class DisagreementClause:
    """RAND/UCLA disagreement (IPR > IPRAS) is, or is not, present."""

    kind: ClassVar[str] = "disagreement"
    present: bool = False
    method: str = "ipras"

    def __post_init__(self) -> None:
        require(self.method == "ipras", f"disagreement: method {self.method!r}")


Clause = ShareClause | MedianClause | IqrClause | DisagreementClause
CLAUSES: dict[str, type[Clause]] = {
    ShareClause.kind: ShareClause,
    MedianClause.kind: MedianClause,
    IqrClause.kind: IqrClause,
    DisagreementClause.kind: DisagreementClause,
}


@dataclass(frozen=True, slots=True)
class RoundClauses:
    """Clauses that stand in for the rule's own in one round."""

    round: int
    into: tuple[Clause, ...]
    out: tuple[Clause, ...]


def share_rule(num: int, den: int, low: Share | None) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
    """In and out clauses: at least ``num/den`` in one band and below ``low`` in the other."""
    into: list[Clause] = [ShareClause("high", ">=", num, den)]
    out: list[Clause] = [ShareClause("low", ">=", num, den)]
    if low is not None:
        into.append(ShareClause("low", "<", *low))
        out.append(ShareClause("high", "<", *low))
    return tuple(into), tuple(out)


_DEFAULT_IN, _DEFAULT_OUT = share_rule(3, 4, (3, 20))


@dataclass(frozen=True, slots=True)
class ConsensusRule:
    """When a panel counts as agreed. All clauses of ``into`` (or of ``out``) must hold.

    ``minimum_share`` is of the round's respondents, who must have rated the measure.
    ``denominator`` is ``rated`` or ``answered`` (no-opinions counted in).
    """

    into: tuple[Clause, ...] = _DEFAULT_IN
    out: tuple[Clause, ...] = _DEFAULT_OUT
    denominator: str = "rated"
    minimum_n: int = 10
    minimum_share: Share = (2, 3)
    rounds: tuple[RoundClauses, ...] = ()

    def __post_init__(self) -> None:
        require(bool(self.into) and bool(self.out), "a consensus rule needs in and out clauses")
        require(self.denominator in DENOMINATORS, f"denominator {self.denominator!r}")
        require(self.minimum_n >= 1, f"minimum_n {self.minimum_n}")
        require_share("minimum_share", self.minimum_share)
        numbers = [clauses.round for clauses in self.rounds]
        require(len(set(numbers)) == len(numbers), "a round has two sets of clauses")

    def clauses(self, round_number: int | None) -> tuple[tuple[Clause, ...], tuple[Clause, ...]]:
        """The ``(in, out)`` clauses that hold in that round."""
        for own in self.rounds:
            if own.round == round_number:
                return own.into, own.out
        return self.into, self.out


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Hyndman and Fan (1996) types: of quartiles, and of the 30th and 70th percentile."""

    quartile_type: int = 7
    ipras_type: int = 2

    def __post_init__(self) -> None:
        types = (self.quartile_type, self.ipras_type)
        require(all(1 <= number <= 9 for number in types), f"quantile types {types}")


@dataclass(frozen=True, slots=True)
class StabilityRule:
    """Stable: enough pairs, enough within ``within`` points, and both shifts small.

    ``median_shift`` is in points, as a fraction, and may be reached; ``net_band_change`` is a
    share of the pairs and may not.
    """

    minimum_pairs: int = 10
    within: int = 1
    share_within: Share = (3, 4)
    median_shift: tuple[int, int] = (1, 1)
    net_band_change: Share = (3, 20)

    def __post_init__(self) -> None:
        require(self.minimum_pairs >= 1 and self.within >= 0, "stability: negative limit")
        require(self.median_shift[0] >= 0 and self.median_shift[1] >= 1, "stability: median shift")
        require_share("share_within", self.share_within)
        require_share("net_band_change", self.net_band_change)


@dataclass(frozen=True, slots=True)
class DissentRule:
    """Dissent: each of ``bands`` holds at least that share, or IPRAS disagreement.

    ``ipras``: whether IPRAS counts; None (the default) only on scales from 1 to 9, on which alone
    its constant was validated (Fitch et al. 2001).
    """

    each_band: Share = (1, 3)
    ipras: bool | None = None
    bands: tuple[str, ...] = ("low", "high")

    def __post_init__(self) -> None:
        require_share("each_band", self.each_band)

    def counts_ipras(self, lo: int, hi: int) -> bool:
        """Whether IPRAS disagreement is dissent on a scale from ``lo`` to ``hi``."""
        return (lo, hi) == (1, 9) if self.ipras is None else self.ipras


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """Rounds fixed in advance; never stopped on consensus, only on stability."""

    rounds: int = 3
    skip_last_if_all_stable: bool = True
    settle_from: int = 2


@dataclass(frozen=True, slots=True)
class FeedbackRule:
    """What an expert sees of the previous round.

    ``rounds`` gives a round a form of its own; with ``randomise`` each expert is given one of
    these forms by lot; ``groups`` adds the medians of the reporting groups where disclosure allows.
    ``evidence``: when the evidence on a measure is shown beside it, one of ``EVIDENCE``; evidence
    seen before one's own rating may anchor it (Tversky and Kahneman 1974).
    """

    from_round: int = 2
    form: str = "bars_on_scale"
    reasons_each_side: int = 5
    order: str = "random"
    rounds: tuple[tuple[int, str], ...] = ()
    randomise: tuple[str, ...] = ()
    groups: bool = False
    evidence: str = field(default=EVIDENCE[0], metadata=ADDED_LATER)

    def __post_init__(self) -> None:
        require(self.evidence in EVIDENCE, f"evidence is shown {self.evidence!r}; it must be one of {EVIDENCE}")

    def form_in(self, round_number: int) -> str:
        """The form of a round when nothing is drawn by lot."""
        return dict(self.rounds).get(round_number, self.form)


@dataclass(frozen=True, slots=True)
class PrioritiesRule:
    """How many measures each expert picks, and in which round."""

    pick: int = 5
    round: int = 3


@dataclass(frozen=True, slots=True)
class DisclosureRule:
    """Floors below which a figure is withheld, in answers (``rows_k``: experts alike)."""

    distribution: int = 8
    median: int = 5
    reasons: int = 8
    subgroup: int = 5
    rows_k: int = 3
    paired: int = 8
