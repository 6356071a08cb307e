"""What a chart is asked for in its address, and what it answers with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask_babel import gettext as _

from analysis.figures.drawing import Shown
from analysis.model.criterion import CriterionResult
from analysis.model.stage import ReleasedStage
from consult.services.frozen.codebook import Cell
from consult.services.rounds import stages
from consult.web.access import RequestContext
from consult.web.results.charting.plots import Drawn
from consult.web.results.frozen import FrozenStage, frozen_stages, stage_title
from consult.web.results.rated import LatestRating, board_row, criteria, in_order, read_as, sorter, standings
from consult.web.results.tables import MeasureReasons
from consult.web.staff.pages import pick, plain, said
from consult.words.readings import READINGS

LAST = "last"
"""Instead of a round: every measure in the last round in which it was rated."""


class NothingToShow(Exception):
    """A chart has no released figures; the message says why, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen of a chart, each option with its words."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class ChartColumn:
    """A column of a table; numbers stand to the right."""

    label: str
    is_number: bool = True


@dataclass(slots=True)
class Chart:
    """Figures with their words and the one table they are drawn from.

    `rows` hold numbers, never formatted ones: page and file show the same. `keys` begin the rows
    that have a page of their own, with the stage it is in. `texts`: released reasons by measure.
    """

    figures: list[Drawn]
    columns: list[ChartColumn]
    rows: list[list[Cell]]
    note: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    texts: list[MeasureReasons] = field(default_factory=list)


class ChartChoices:
    """The choices of an address; what is not known falls back to the first option."""

    def __init__(self, given: Mapping[str, str]) -> None:
        self.given = given
        self.choices: list[Choice] = []

    def choose(self, name: str, label: str, options: Sequence[tuple[str, str]], default: str = "") -> str:
        """The option asked for, else the default, else the first. Needs at least one option."""
        known = [key for key, _words in options]
        asked = self.given.get(name, default)
        chosen = pick(asked if asked in known else default, known)
        self.choices.append(Choice(name, label, tuple(options), chosen))
        return chosen

    @property
    def query(self) -> dict[str, str]:
        """Everything chosen: with it the address restores exactly this view."""
        return {choice.name: choice.chosen for choice in self.choices}


@dataclass(frozen=True, slots=True)
class Selection:
    """Measures as a chart shows them: under one criterion, filtered and in order."""

    criterion: str
    found: list[LatestRating]
    numbers: Mapping[str, ReleasedStage]

    @property
    def keys(self) -> list[str]:
        return [item.key for item in self.found]

    @property
    def pages(self) -> dict[str, str]:
        """The stage in which each measure has its page."""
        return {item.key: item.stage.key for item in self.found}

    def block(self, item: LatestRating) -> CriterionResult:
        """A measure's figures under the chosen criterion."""
        return item.released.criteria[self.criterion]

    @property
    def released(self) -> Shown:
        """What the figures of the analysis are drawn from, bands in order."""
        measures = {item.key: item.released for item in self.found}
        return Shown(measures, deciding=self.criterion)


def frozen_rounds(ctx: RequestContext, asked: ChartChoices, least: int = 1) -> list[FrozenStage]:
    """Frozen rounds with bands in order. Raises NothingToShow, also for a round still running."""
    _refuse_running(ctx, asked)
    found = [
        FrozenStage(
            item.stage,
            replace(item.numbers, measures={key: in_order(ctx, one) for key, one in item.numbers.measures.items()}),
        )
        for item in frozen_stages(ctx)
        if item.stage.kind == "round" and item.numbers.measures
    ]
    if not found:
        raise NothingToShow(
            _(
                "No round is closed and frozen yet. Until then there is participation only: numbers "
                "of a running round would let answers be worked out."
            )
        )
    if len(found) < least:
        raise NothingToShow(_("This compares rounds: a second one must be closed and frozen."))
    return found


def _refuse_running(ctx: RequestContext, asked: ChartChoices) -> None:
    """An address that names a stage not frozen must not show another one in its stead."""
    known = {item.stage.key for item in frozen_stages(ctx)}
    named = {asked.given.get(name) for name in ("round", "earlier", "stage")}
    everything = stages.stages_of(ctx.session, ctx.consultation.id)
    if any(stage.key in named - known for stage in everything):
        raise NothingToShow(
            _(
                "This stage is not closed and frozen yet. Until then there is participation only: "
                "numbers of a running stage would let answers be worked out."
            )
        )


def choose_criterion(ctx: RequestContext, asked: ChartChoices) -> str:
    """The criterion asked for, the deciding one unless named."""
    options = [(item.key, plain(ctx, item.label)) for item in criteria(ctx)]
    return asked.choose("criterion", _("Criterion"), options)


def round_options(ctx: RequestContext, rounds: Sequence[FrozenStage]) -> list[tuple[str, str]]:
    """Rounds as options."""
    return [(item.stage.key, stage_title(ctx, item.stage)) for item in rounds]


def select(ctx: RequestContext, asked: ChartChoices, rounds: Sequence[FrozenStage], sorts: Sequence[str]) -> Selection:
    """Measures by round, criterion, outcome and order, as the address asks for them."""
    options = [(LAST, _("last rating of each measure")), *round_options(ctx, rounds)]
    chosen = asked.choose("round", _("Round"), options)
    shown = [item for item in rounds if chosen in (LAST, item.stage.key)]
    criterion = choose_criterion(ctx, asked)
    found = [one for one in standings(ctx, shown, rounds) if criterion in one.released.criteria]
    outcomes = [read_as(ctx, one.released.criteria[criterion]) for one in found]
    present = [(code, said(ctx, READINGS, code)) for code in READINGS if code in outcomes]
    show = asked.choose("show", _("Outcome"), [("all", _("all")), *present])
    kept = [one for one, code in zip(found, outcomes, strict=True) if show in ("all", code)]
    sort = asked.choose("sort", _("Order"), [(key, sort_words(key)) for key in sorts])
    by = sorter(sort)
    kept.sort(key=lambda one: by(board_row(ctx, one, criterion)))
    return Selection(criterion, kept, {item.stage.key: item.numbers for item in rounds})


def sort_words(sort: str) -> str:
    """An order in words."""
    return {
        "share": _("share of high ratings"),
        "median": _("median"),
        "list": _("as in the list"),
        "margin": _("how few ratings would change it"),
        "status": _("status"),
        "change": _("change"),
    }[sort]
