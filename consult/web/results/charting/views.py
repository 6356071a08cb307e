"""The charts there are, each with its title and what it answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from consult.services.files.csvfile import lines
from consult.web.access import RequestContext
from consult.web.results.charting import attrition, first, lists, one_round, people, questions, rounds, two_criteria
from consult.web.results.charting.asking import Chart, ChartChoices


@dataclass(frozen=True, slots=True)
class View:
    """One chart page."""

    title: Any
    question: Any
    draw: Callable[[RequestContext, ChartChoices], Chart]


VIEWS = {
    "shares": View(
        _l("How ratings are spread"),
        _l("Which measures are rated low, in the middle and high, round by round?"),
        one_round.shares,
    ),
    "rounds": View(
        _l("Between two rounds"),
        _l("How did the median and the middle half move from one round to another?"),
        rounds.medians,
    ),
    "map": View(
        _l("Map of two criteria"),
        _l("Which measures are high on both criteria, and how far do opinions spread?"),
        two_criteria.two_criteria,
    ),
    "ranking": View(
        _l("Ranking with intervals"), _l("Which measures come first, and could it be otherwise?"), one_round.ranking
    ),
    "first": View(
        _l("First places, drawn again"),
        _l("Would the same measures come first if the panel were drawn again?"),
        first.first_places,
    ),
    "thresholds": View(
        _l("Other thresholds"),
        _l("Would a milder or a stricter rule have given another verdict?"),
        one_round.thresholds,
    ),
    "stability": View(_l("Stability"), _l("Did the same people rate a measure the same way twice?"), rounds.stability),
    "attrition": View(
        _l("Those who stopped"), _l("Could those who did not come back have changed a verdict?"), attrition.attrition
    ),
    "before-after": View(
        _l("Before, so far, expected"),
        _l("What was, what is and what is expected, and how many people changed their answer?"),
        questions.before_after,
    ),
    "lists": View(
        _l("Drivers, barriers and other lists"),
        _l("What weighs most, and was it the same after the event?"),
        lists.lists,
    ),
    "groups": View(
        _l("Groups and lasting disagreement"),
        _l("Do the reporting groups differ, where is the panel split, and why?"),
        people.groups,
    ),
    "participation": View(
        _l("Participation"), _l("How many were invited, consented, started and submitted?"), people.participation
    ),
}


def as_csv(chart: Chart) -> Iterator[str]:
    """The table of a chart as a file, the same cells as on the page."""
    return lines([column.label for column in chart.columns], chart.rows)
