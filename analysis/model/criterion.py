"""What a frozen result says of one measure under one criterion, judged by the registered rule."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.model.figures import Block, ScaleEnds, Shares, Tally, Wilcoxon, about
from analysis.protocol.states import Outcome, StabilityState, Towards, Verdict, VerdictChange, Without


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseFacts(Block):
    """One clause of the rule: what it asks and whether it holds."""

    kind: str
    holds: bool
    band: str | None = None
    op: str | None = None
    limit: tuple[int, int] | None = field(default=None, metadata=about("Two integers."))
    count: int | None = None
    of: int | None = None
    present: bool | None = None
    method: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseSides(Block):
    """The clauses of ``in`` and of ``out``, in the order of the rule."""

    into: tuple[ClauseFacts, ...] = field(metadata=about(key="in"))
    out: tuple[ClauseFacts, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictNumbers(Block):
    """What the verdict rests on; a withheld distribution leaves the first three."""

    n: int
    respondents: int
    needed: int = field(metadata=about("Ratings below which there is no verdict."))
    denominator: str
    withheld: int | None = field(default=None, metadata=about("How many withheld an opinion."))
    clauses: ClauseSides | None = None
    towards: Towards | None = None
    to_in: int | None = None
    to_out: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedIn(Block):
    """The verdict with withheld opinions counted into the denominator."""

    verdict: Verdict
    flips: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictResult(Block):
    """The verdict, how near it is to another, and by which clauses."""

    verdict: Verdict
    margin: int | None = field(metadata=about("Ratings to change for another verdict."))
    code: str
    numbers: VerdictNumbers
    with_no_opinions: CountedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilityNumbers(Block):
    """What stability rests on: those who rated twice."""

    pairs: int
    unchanged: int | None = None
    within_one: int | None = None
    median_shift: float | None = None
    net_change: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StabilityResult(Block):
    """Whether ratings still move, by the registered rule."""

    state: StabilityState
    code: str
    codes: tuple[str, ...]
    numbers: StabilityNumbers | None
    wilcoxon: Wilcoxon | None
    kappa_quadratic: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptInList(Block):
    """Ratings kept from a list of one line each; in words alone, what is found without them."""

    kept: int = field(metadata=about("How many of those who rated twice kept it so."))
    verdict: Without
    stability: Without


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedAtClose(Block):
    """Ratings that were saved and counted at the close; in words alone, what is found without them."""

    counted: int = field(metadata=about("How many of the ratings were counted so."))
    verdict: Without
    stability: Without | None = field(metadata=about("Null where no earlier round compares."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Block):
    """The verdict, were those absent put somewhere."""

    n: int
    verdict: Verdict
    flips: bool
    shares: Shares | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitivity(Block):
    """Whether leaving matters."""

    leavers: int | None
    stayers: int | None = None
    newcomers: int | None = None
    cliff_delta: float | None = None
    worst: Case | None = field(metadata=about("Those who left put on the lowest point."))
    best: Case | None = field(metadata=about("Those who left put on the highest point."))
    last_value_carried: Case | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveOneOut(Block):
    """Experts by the verdict without them."""

    verdicts: Mapping[Verdict, int]
    flips: int


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileTypes(Block):
    """Verdicts under Hyndman and Fan's types 1 to 9."""

    verdicts: tuple[Verdict, ...]
    flips: bool
    matters: bool
    iqr: tuple[float | None, ...]
    disagreement: tuple[bool | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdRun(Block):
    """Thresholds in percent, both ends included, that give the same verdict."""

    start: int = field(metadata=about(key="from"))
    end: int = field(metadata=about(key="to"))
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Chances(Block):
    """How often ratings at random would give each verdict."""

    into: float | None = field(metadata=about(key="in"))
    out: float | None
    none: float | None
    n: int
    draws: int | None = field(metadata=about("Null: exact."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Robustness(Block):
    """Would the verdict stand, were something else chosen?"""

    leave_one_out: LeaveOneOut
    quantile_types: QuantileTypes
    thresholds: tuple[ThresholdRun, ...] | None
    chance: Chances | None = field(metadata=about("Exact; null where it would have to be drawn."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ipras(Block):
    """Interpercentile range adjusted for symmetry (RAND/UCLA), and its disagreement."""

    p30: float | None
    p70: float | None
    ipr: float | None
    ipras: float | None
    index: float | None
    disagreement: bool | None
    quantile_type: int
    below_minimum: bool | None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionResult(Tally):
    """One measure under one criterion."""

    respondents: int = field(metadata=about("How many took part in the round."))
    scale: ScaleEnds
    quartile_type: int = field(metadata=about("Hyndman and Fan's type."))
    median: float | None
    q1: float | None
    q3: float | None
    iqr: float | None
    shares: Shares | None
    share_interval: str
    a: float | None = field(metadata=about("van der Eijk's agreement, -1 to 1."))
    cns: float | None = field(metadata=about("Tastle and Wierman's consensus, 0 to 1."))
    ipras: Ipras | None
    verdict: VerdictResult
    robustness: Robustness | None
    stability: StabilityResult
    dissent: bool | None
    outcome: Outcome
    outcome_reason: str
    verdict_change: VerdictChange | None
    sensitivity: Sensitivity
    kept_in_list: KeptInList | None = None
    counted_at_close: CountedAtClose | None = None
