"""The frozen result of a stage, and what may be shown of it: format 1, as types.

What is stored stays as it is; ``analysis.model.reader`` reads it into these.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from analysis.model.criterion import CriterionResult
from analysis.model.figures import Block, PlainShare, ScaleEnds, Shares, Tally, Wilcoxon, about
from analysis.model.panel import Hidden, PanelAgreement
from analysis.protocol.states import MeasureClass, StageKind, WhyChanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Participation(Block):
    """How many people came how far."""

    experts: int | None = field(default=None, metadata=about("In a file of ratings: who rated at all."))
    invited: int | None = None
    consented: int | None = None
    started: int | None = None
    submitted: int | None = None
    counted_at_close: int | None = field(
        default=None, metadata=about("How many of those who submitted did not press Submit: their saved answers count.")
    )

    def steps(self) -> dict[str, int]:
        """What is known of it, from the most people to the fewest."""
        named = ("experts", "invited", "consented", "started", "submitted")
        found = {name: getattr(self, name) for name in named}
        return {name: people for name, people in found.items() if people is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class VariableResult(Tally):
    """One variable of a questionnaire: with ``labels`` if nominal, else with ``scale``."""

    share_interval: str
    shares: Shares | None
    labels: tuple[str, ...] | None = None
    scale: ScaleEnds | None = None
    quartile_type: int | None = None
    median: float | None = None
    q1: float | None = None
    q3: float | None = None
    iqr: float | None = None
    mean: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureResult(Block):
    """One measure of a round under every criterion."""

    rounds_rated: int
    criteria: Mapping[str, CriterionResult]
    heading: MeasureClass | None = field(metadata=about(key="class"))
    settled: bool


class Moved(NamedTuple):
    """People who answered twice: lower, the same and higher the second time."""

    down: int
    same: int
    up: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PairResult(Block):
    """A question asked twice: a change, never an effect."""

    earlier: str = field(metadata=about("The earlier variable."))
    label: str | None
    scale: ScaleEnds
    n: int
    up: int | None
    same: int | None
    down: int | None
    n_earlier_only: int | None
    n_later_only: int | None
    wilcoxon: Wilcoxon | None
    median_earlier: float | None
    median_later: float | None
    median_shift: float | None
    mean_shift: float | None

    def moved(self) -> Moved | None:
        """How many went which way; None where it is withheld."""
        if self.down is None or self.same is None or self.up is None:
            return None
        return Moved(self.down, self.same, self.up)


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority(Block):
    """One measure's place in the order of picks."""

    key: str
    picks: int
    n: int
    share_high: float | None
    median: float | None
    rank: int
    tied: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPlaces(Block):
    """How sure the first places are, were the panel drawn again."""

    pick: int
    draws: int
    by_share: Mapping[str, float] | None = field(metadata=about("By share in the highest band."))
    by_picks: Mapping[str, float] | None = field(metadata=about("By number of picks."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping(Block):
    """Whether the last round falls away."""

    all_stable: bool
    rounds: int
    skip_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyCounts(Block):
    """What people named, pooled over all measures of a round; several were allowed."""

    people: int = field(metadata=about("Who named anything at all."))
    named: Mapping[WhyChanged, int] | None = field(metadata=about("How many people named each at least once."))


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyResult(Block):
    """What played a part for those who changed a rating, and for those who kept it."""

    changed: WhyCounts
    stayed: WhyCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsOf(Block):
    """How many reasons so many people wrote in a round, over all its measures."""

    people: int
    written: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonsGiven(Block):
    """Reasons of those whose pages went on by themselves after the last rating, and of all others."""

    by_itself: ReasonsOf
    others: ReasonsOf


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupBlock(Block):
    """What is shown of one variable in one reporting group."""

    n: int | None
    median: float | None
    shares: Mapping[str, PlainShare] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Block):
    """What a frozen and a released result have in common."""

    format: Literal[1] = 1
    stage: str
    kind: StageKind
    round: int | None
    analysis_version: str
    protocol_digest: str
    participation: Participation
    deciding: str | None
    variables: Mapping[str, VariableResult]
    measures: Mapping[str, MeasureResult]
    panel: Mapping[str, PanelAgreement]
    pairs: Mapping[str, PairResult] = field(metadata=about("Questions asked twice: a change, no effect."))
    priorities: tuple[Priority, ...] | None
    first: FirstPlaces | None
    stopping: Stopping | None
    why: WhyResult | None = None
    reasons_given: ReasonsGiven | None = None

    def criterion(self, measure: str, name: str) -> CriterionResult | None:
        """A measure's figures under one criterion; None where it was not rated."""
        found = self.measures.get(measure)
        return None if found is None else found.criteria.get(name)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageResult(Stage):
    """The frozen result, whole: for those who may see it only."""

    hidden: Hidden


def hidden_of(stage: Stage) -> Hidden | None:
    """What is never released; None where the stage is a released one."""
    return stage.hidden if isinstance(stage, StageResult) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasedStage(Stage):
    """What of a frozen result may be shown."""

    groups: Mapping[str, Mapping[str, GroupBlock]] = field(metadata=about("By reporting group and variable."))
    withheld: tuple[tuple[str, ...], ...] | None = field(
        default=None, metadata=about("What stayed back: earlier releases would have told it.")
    )
