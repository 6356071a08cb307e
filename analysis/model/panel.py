"""What a frozen result says of the whole panel and of its groups."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.model.figures import Block, Coefficient, Interval, ScaleEnds, SignificanceTest, Tally, about
from analysis.protocol.states import Verdict

Table = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FTest(Block):
    """An F test with its degrees of freedom."""

    statistic: float | None
    df1: float | None
    df2: float | None
    p: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KendallW(Block):
    """Concordance of those who rated every measure."""

    experts: int | None = None
    policy: str | None = None
    value: float | None = None
    friedman: SignificanceTest | None = None
    f: FTest | None = None
    mean_ranks: tuple[float, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intraclass(Block):
    """Intraclass correlations of those who rated every measure (Shrout and Fleiss's forms)."""

    experts: int | None = None
    policy: str | None = None
    icc2: Interval | None = field(default=None, metadata=about(key="ICC2"))
    icc2k: Interval | None = field(default=None, metadata=about(key="ICC2k"))
    icc3k: Interval | None = field(default=None, metadata=about(key="ICC3k"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelAgreement(Block):
    """How alike all measures of a criterion are rated."""

    measures: int
    ratings: int | None = None
    percent_agreement: float | None = None
    alpha_nominal: Coefficient | None = None
    alpha_ordinal: Coefficient | None = None
    alpha_interval: Coefficient | None = None
    ac1: Coefficient | None = None
    ac2: Coefficient | None = None
    fleiss: Coefficient | None = None
    apmo: float | None = None
    apmo_opinions_only: float | None = None
    kendall_w: KendallW | None = None
    intraclass: Intraclass | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTable(Tally):
    """One variable's counts in one group; ``bands``: key, first and last point."""

    labels: tuple[str, ...] | None = None
    scale: ScaleEnds | None = None
    bands: tuple[tuple[str, int, int], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareDifference(Interval):
    """Share of a band in the first group minus that in the second."""

    band: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubgroupResult(Block):
    """Groups of the panel against each other."""

    groups: Mapping[str, int]
    test: SignificanceTest
    cliff_delta: float | None = None
    share_difference: ShareDifference | None = None
    epsilon_squared: float | None = None
    verdicts: Mapping[str, Verdict] | None = None
    all_groups: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttritionResult(Block):
    """Earlier ratings of those who left against those who stayed."""

    leavers: int
    stayers: int
    cliff_delta: float | None
    median_leavers: float | None
    median_stayers: float | None
    test: SignificanceTest
    bounds: Mapping[str, tuple[float, float] | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden(Block):
    """Frozen, never released: tables by group and of changes."""

    pairs: Mapping[str, Table]
    transitions: Mapping[str, Mapping[str, Table]] = field(metadata=about("Earlier by later codes, states last."))
    by_group: Mapping[str, Mapping[str, GroupTable]]
    subgroups: Mapping[str, SubgroupResult]
    attrition: Mapping[str, AttritionResult]
    last_value_carried: Mapping[str, Tally]
