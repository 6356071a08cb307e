"""What a closed stage hands to the analysis: tables and nothing that names a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.model.stage import ReasonsGiven, WhyResult
from analysis.protocol.protocol import Scale
from analysis.protocol.states import Verdict
from analysis.result.first_places import FirstInput
from analysis.tables.histograms import Histogram
from analysis.tables.pairs import PairTable
from analysis.tables.panels import CrossProducts
from analysis.tables.ranks import RankSums


@dataclass(frozen=True)
class VariableTable:
    """One variable's histogram. ``labels`` are the option keys of a nominal variable, in order."""

    key: str
    scale: Scale | None
    labels: tuple[str, ...]
    histogram: Histogram

    def __post_init__(self) -> None:
        k = self.scale.k if self.scale else len(self.labels)
        if self.histogram.k != k:
            raise ValueError(f"{self.key}: a histogram of {self.histogram.k} points, not {k}")


@dataclass(frozen=True)
class SetAside:
    """One measure under one criterion without some of those who rated it.

    ``ratings`` counts what is set aside, ``people`` who submitted and is; ``others`` are the ratings
    of everyone else, ``pairs`` theirs in both rounds, None where no earlier round compares.
    """

    ratings: int
    people: int
    others: Histogram
    pairs: PairTable | None


@dataclass(frozen=True)
class MeasureInput:
    """One measure in a round, by criterion.

    ``previous``: the round before by this one, None if not pairable or rated first.
    ``previous_verdicts``: per criterion, the verdict given then. ``rounds_rated`` counts this one.
    ``kept_in_list``: per criterion, where anyone kept a rating from a list. ``counted_at_close``: where
    any rating was only saved.
    """

    key: str
    criteria: Mapping[str, Histogram]
    previous: Mapping[str, PairTable] | None = None
    previous_verdicts: Mapping[str, Verdict] | None = None
    rounds_rated: int = 1
    kept_in_list: Mapping[str, SetAside] | None = None
    counted_at_close: Mapping[str, SetAside] | None = None

    def kept(self, criterion: str) -> int:
        """How many kept their rating from a list."""
        listed = (self.kept_in_list or {}).get(criterion)
        return listed.ratings if listed is not None else 0


@dataclass(frozen=True)
class PairInput:
    """A question asked again: the earlier variable by the later one, of the same experts."""

    key: str
    earlier_key: str
    scale: Scale
    table: PairTable
    label: str = ""


@dataclass(frozen=True)
class PanelSums:
    """Additive sums over the experts who rated every measure of a criterion."""

    ranks: RankSums
    products: CrossProducts

    def __add__(self, other: "PanelSums") -> "PanelSums":
        return PanelSums(self.ranks + other.ranks, self.products + other.products)


@dataclass(frozen=True)
class StageInput:
    """All tables of one closed stage.

    ``participation``: invited, consented, started, submitted. ``by_group``: frozen whole, shown
    only through ``disclosure``. ``picks``: how many chose each measure as a priority.
    ``standing``: the deciding criterion's histogram, from the last round they were rated in, of
    picked measures that were not rated in this one. ``last_value_carried``: per (measure,
    criterion), this round's ratings with the earlier ones of those who left filled in.
    ``sums``: per criterion, what only rows give (ranks, cross-products); left out by sources that
    have tables only. ``why``: what people say played a part in changing ratings or keeping them;
    ``reasons_given``: numbers of reasons where some let pages go on by themselves.
    """

    stage: str
    kind: str
    round_number: int | None
    participation: Mapping[str, int]
    variables: tuple[VariableTable, ...] = ()
    measures: tuple[MeasureInput, ...] = ()
    pairs: tuple[PairInput, ...] = ()
    by_group: Mapping[str, tuple[VariableTable, ...]] = field(default_factory=dict)
    picks: tuple[tuple[str, int], ...] | None = None
    last_value_carried: Mapping[tuple[str, str], Histogram] | None = None
    standing: Mapping[str, Histogram] = field(default_factory=dict)
    sums: Mapping[str, PanelSums] = field(default_factory=dict)
    first: FirstInput | None = None
    why: WhyResult | None = None
    reasons_given: ReasonsGiven | None = None
