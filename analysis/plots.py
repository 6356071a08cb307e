"""Figures as plotly's own objects, for whoever draws them outside a page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.figures import drawing
from analysis.figures.labels import file_labels
from analysis.figures.measures import dot_ranking, importance_feasibility, threshold_sensitivity
from analysis.figures.rounds import dumbbells, participation_flow
from analysis.figures.rows import Row
from analysis.frames import Source, read_ratings, stages_of
from analysis.model.stage import StageResult
from analysis.protocol.protocol import Protocol

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a figure is of: rounds up to the one shown, a criterion and the deciding one."""

    stages: Sequence[StageResult]
    criterion: str
    deciding: str
    labels: Mapping[str, str]

    @property
    def before(self) -> StageResult:
        """The round before. Raises ValueError where there is none."""
        if len(self.stages) < 2:
            raise ValueError("there is no round before this one")
        return self.stages[-2]


FIGURES: Mapping[str, Callable[[Wanted], drawing.Figure[Row]]] = {
    "diverging_bars": lambda of: drawing.diverging_bars(of.stages[-1], of.criterion, of.labels),
    "dot_ranking": lambda of: dot_ranking(of.stages[-1], of.criterion, of.labels),
    "threshold_sensitivity": lambda of: threshold_sensitivity(of.stages[-1], of.criterion, of.labels),
    "importance_feasibility": lambda of: importance_feasibility(of.stages[-1], (of.deciding, of.criterion), of.labels),
    "dumbbells": lambda of: dumbbells(of.before, of.stages[-1], of.criterion, of.labels),
    "participation_flow": lambda of: participation_flow(of.stages, (), of.labels),
}
"""By the name that may be asked for."""


def figure(
    kind: str,
    source: Source,
    protocol: Protocol | Mapping[str, Any] | None = None,
    *,
    round: str | None = None,
    criterion: str | None = None,
) -> "Figure":
    """A chart of a round, the last one unless named, by the deciding criterion unless named.

    >>> import pandas
    >>> rows = [("1", f"e{n}", "bus", point) for n, point in enumerate((7, 8, 9, 5))]
    >>> frame = pandas.DataFrame(rows, columns=["round", "expert", "item", "rating"])
    >>> figure("diverging_bars", frame).data[0].type
    'bar'

    ``kind``: one of ``FIGURES``. Raises KeyError on another kind or a round that is not there,
    ValueError where there is no round before.
    """
    ratings = read_ratings(source, protocol)
    stages = stages_of(ratings)
    place = len(stages) - 1 if round is None else {stage.stage: at for at, stage in enumerate(stages)}[round]
    deciding = ratings.protocol.deciding.key
    from plotly.graph_objects import Figure

    wanted = Wanted(stages[: place + 1], criterion or deciding, deciding, file_labels(stages))
    return Figure(FIGURES[kind](wanted).data)
