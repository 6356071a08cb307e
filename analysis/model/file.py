"""What is told of a file of ratings: every round's result, and what only rows can tell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from analysis.model.criterion import Chances
from analysis.model.figures import Block, about
from analysis.model.stage import ReleasedStage, StageResult
from analysis.model.statistic import StatisticRow
from analysis.protocol.states import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(Block):
    """Experts in both of two rounds, or in one."""

    earlier: str = field(metadata=about(key="from"))
    later: str = field(metadata=about(key="to"))
    both: int
    left: int
    joined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RedundantClause(Block):
    """A clause that never failed beside the others.

    ``at`` is None of a side that no panel can meet. ``side``: ``in`` or ``out``; ``round``: of a
    round's own clauses, else None; ``panels``: how many, whole or in part, were looked at for it.
    """

    side: str
    round: int | None
    at: int | None
    kind: str | None
    panels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumedDoubt(Block):
    """Where the ratings speak against what nobody declared."""

    code: str
    criterion: str
    highest: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior(Block):
    """How sure a verdict is among all such experts, and in another panel of them."""

    prior: float
    draws: int
    population: Mapping[Verdict, float]
    another_panel: Mapping[Verdict, float]
    flips: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt(Block):
    """What needs random draws: seeded, so the same file gives the same."""

    chance: Chances | None
    posterior: Posterior


@dataclass(frozen=True, slots=True, kw_only=True)
class Kemeny(Block):
    """Orders with the least pairwise disagreement; ``bound``: none can have less."""

    orders: tuple[tuple[str, ...], ...]
    all_optima: bool | None
    distance: float | None
    bound: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedMeasure(Block):
    """One measure's scores in the ranking, and how sure its place is."""

    borda: float | None
    copeland: float | None
    mean_rank_of_rating: float | None
    p_first: float | None
    place_low: float | None
    place_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Block):
    """One order of the measures, from pairwise majorities."""

    round: str
    criterion: str
    picks: int
    p_first_method: str | None
    experts: int
    kemeny: Kemeny
    measures: Mapping[str, RankedMeasure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling(Block):
    """A measure that a group is for or against, so many times more than everybody else."""

    key: str
    side: str
    times: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionGroups(Block):
    """Groups of experts who rate alike."""

    round: str
    criterion: str
    number: int
    reason: str | None = None
    sizes: tuple[int, ...] | None = None
    silhouette: Mapping[str, float | None] | None = None
    representative: tuple[tuple[Telling, ...], ...] | None = None
    shared: Mapping[str, float | None] | None = None
    stability: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileDocument(Block):
    """What ``consult analyse FILE --json`` prints, without its stages."""

    format: Literal[1]
    analysis_version: str
    protocol: Mapping[str, object] = field(metadata=about("All rules, thresholds as [numerator, denominator]."))
    protocol_digest: str = field(metadata=about("SHA-256 of the protocol's canonical JSON."))
    experts: int
    rounds: tuple[str, ...]
    round_order: str = field(metadata=about("What the order of rounds was taken from."))
    assumed: tuple[str, ...] = field(metadata=about("Nobody declared it."))
    assumed_doubts: tuple[AssumedDoubt, ...]
    groups: tuple[str, ...]
    flow: tuple[Flow, ...] | None = None
    hollow: tuple[RedundantClause, ...]
    doubt: Mapping[str, Mapping[str, Doubt | None]] | None = field(
        default=None, metadata=about("By round and measure.criterion; drawn, seeded.")
    )
    ranking: Ranking | None = None
    opinion_groups: OpinionGroups | None = None
    statistics: tuple[StatisticRow, ...] | None = field(
        default=None, metadata=about("What was asked for by name; missing where nothing was.")
    )
    digest: str = field(metadata=about("SHA-256 of the canonical JSON of everything else."))


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult(FileDocument):
    """The whole document of a file of ratings."""

    stages: tuple[StageResult, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedFile(FileDocument):
    """What the disclosure rules let everybody see of it."""

    stages: tuple[ReleasedStage, ...]


Document = FileResult | ReleasedFile
