"""Random release histories of a small panel: who answered what, who left, and what was released."""

import itertools
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.disclosure.differencing import People, Published
from analysis.disclosure.floors import release
from analysis.disclosure.ledger import Compared, Populations, hold_back, published
from analysis.model.stage import ReleasedStage
from analysis.protocol.protocol import Protocol
from analysis.result.stage import MeasureInput, PairInput, StageInput, VariableTable, stage_result
from analysis.tables.histograms import Histogram
from analysis.tables.pairs import PairTable
from tests.analysis.consultation import NINE, PROTOCOL

STAGES = ("pre-event", "post-event", "round-1", "round-2", "round-3")
QUESTION = "view"
MEASURES = ("M01", "M02")
CRITERION = "importance"
RULE = PROTOCOL.disclosure
RELEASED = Callable[[ReleasedStage, Populations, list[Published]], object]
Answers = dict[int, int]
"""A value of 1 to 9 by expert."""


@dataclass
class Panel:
    """Experts in groups, some in none; whoever withdraws is in no later table."""

    chance: random.Random
    members: set[int] = field(default_factory=set)
    groups: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        size = self.chance.randint(10, 60)
        self.members = set(range(size))
        weights = [self.chance.random() + 0.1 for _ in range(self.chance.randint(1, 4))]
        names = [f"group-{number}" for number in range(len(weights))]
        for one in range(size):
            if self.chance.random() < 0.95:
                self.groups[one] = self.chance.choices(names, weights)[0]

    def answers(self) -> Answers:
        """Nearly everyone, most, or some answer."""
        share = self.chance.choice((0.4, 0.8, 0.95, 1.0))
        return {one: self.chance.randint(1, 9) for one in sorted(self.members) if self.chance.random() < share}

    def lose_some(self) -> None:
        """Between two stages nobody or a few withdraw."""
        for _ in range(self.chance.choice((0, 0, 0, 1, 1, 2, 5))):
            if len(self.members) > 5:
                self.members.discard(self.chance.choice(sorted(self.members)))


def history(seed: int, protocol: Protocol = PROTOCOL, releasing: RELEASED | None = None) -> list[Published]:
    """Everything a random consultation released, by people. ``releasing``: how, if not as it is."""
    panel = Panel(random.Random(seed))
    known: dict[str, dict[str, Answers]] = {}
    ledger: list[Published] = []
    stages = [key for key in STAGES if key != "post-event" or panel.chance.random() < 0.5]
    for stage in stages:
        keys = MEASURES if stage.startswith("round") else (QUESTION,)
        rated = f".{CRITERION}" if stage.startswith("round") else ""
        known[stage] = {key + rated: panel.answers() for key in keys}
        here = {
            other: {
                key: {one: value for one, value in given.items() if one in panel.members}
                for key, given in answers.items()
            }
            for other, answers in known.items()
        }
        given, people = _stage(stage, here, panel.groups)
        shown = release(stage_result(protocol, given), protocol.disclosure)
        if releasing is None:
            ledger += published(hold_back(shown, people, ledger, protocol.disclosure).shown, people)
        else:
            releasing(shown, people, ledger)
        panel.lose_some()
    return ledger


def _stage(stage: str, known: dict[str, dict[str, Answers]], groups: dict[int, str]) -> tuple[StageInput, Populations]:
    answers = known[stage]
    earlier = _earlier(stage, known)
    pairs = {key: _pair(earlier[1][key], answers[key]) for key in answers} if earlier else {}
    names = sorted(set(groups.values()))
    sets = {key: frozenset(given) for key, given in answers.items()}
    people = Populations(
        sets,
        {
            name: {key: frozenset(one for one in set_ if groups.get(one) == name) for key, set_ in sets.items()}
            for name in names
        },
        {
            key: Compared(
                f"{earlier[0]}/{key}", frozenset(earlier[1][key]) & sets[key], frozenset(earlier[1][key]) - sets[key]
            )
            for key in answers
        }
        if earlier
        else {},
    )
    by_group = {
        name: tuple(VariableTable(key, NINE, (), _histogram(answers[key], people.groups[name][key])) for key in answers)
        for name in names
    }
    submitted = len(frozenset().union(*sets.values()))
    number = int(stage[-1]) if stage.startswith("round") else None
    given = StageInput(
        stage,
        "round" if number else "survey",
        number,
        {"invited": 60, "consented": 60, "started": submitted, "submitted": submitted},
        by_group=by_group,
    )
    if number is None:
        table = VariableTable(QUESTION, NINE, (), _histogram(answers[QUESTION]))
        paired = [PairInput(QUESTION, QUESTION, NINE, pair) for pair in pairs.values()]
        return _with(given, variables=(table,), pairs=tuple(paired)), people
    measures = tuple(
        MeasureInput(
            key,
            {CRITERION: _histogram(answers[f"{key}.{CRITERION}"])},
            {CRITERION: pairs[f"{key}.{CRITERION}"]} if pairs else None,
            rounds_rated=number,
        )
        for key in MEASURES
    )
    return _with(given, measures=measures), people


def _with(given: StageInput, **more: Any) -> StageInput:
    return StageInput(**(vars(given) | more))


def _earlier(stage: str, known: dict[str, dict[str, Answers]]) -> tuple[str, dict[str, Answers]] | None:
    if stage == "post-event":
        return "pre-event", known["pre-event"]
    before = f"round-{int(stage[-1]) - 1}" if stage.startswith("round") else ""
    return (before, known[before]) if before in known else None


def _histogram(given: Answers, among: People | None = None) -> Histogram:
    points = [value - 1 for one, value in given.items() if among is None or one in among]
    return Histogram.of(np.bincount(points, minlength=9))


def _pair(earlier: Answers, later: Answers) -> PairTable:
    absent = 9 + 6
    return PairTable.from_rows(
        ((earlier.get(one, absent + 1) - 1, later.get(one, absent + 1) - 1, 1) for one in sorted({*earlier, *later})), 9
    )


def isolated(sets: Iterable[People], floor: int = 5, insider: int | None = None) -> list[frozenset[int]]:
    """Groups under the floor that sums and differences of tables over these sets give away.

    By the null space of the tables, person by person and in floats: told apart from the product's
    own audit, which reduces fractions over atoms.
    """
    known = sorted(set(sets), key=sorted)
    everyone = sorted(frozenset().union(*known)) if known else []
    if not everyone:
        return []
    matrix = np.asarray([[float(one in own) for one in everyone] for own in known])
    others = list(range(len(everyone)))
    if insider is not None and insider in everyone:
        place = everyone.index(insider)
        matrix = np.vstack([matrix, np.eye(len(everyone))[place]])
        others.remove(place)
    _, values, vectors = np.linalg.svd(matrix)
    null = vectors[int((values > 1e-9).sum()) :].T
    # Two people in the same tables lie apart in the null space: only whole crowds can come out.
    crowd: dict[bytes, int] = {}
    for place in others:
        crowd[matrix[:, place].tobytes()] = crowd.get(matrix[:, place].tobytes(), 0) + 1
    few = [place for place in others if crowd[matrix[:, place].tobytes()] < floor]
    return [
        frozenset(everyone[place] for place in chosen)
        for size in range(1, floor)
        for chosen in itertools.combinations(few, size)
        if np.abs(null[list(chosen)].sum(axis=0)).max(initial=0.0) < 1e-9
    ]


def leaks(tables: Iterable[Published]) -> dict[str, list[frozenset[int]]]:
    """What outsiders learn of fewer than five, and insiders of fewer than four others."""
    by_variable: dict[str, set[People]] = {}
    for table in tables:
        if table.people:
            by_variable.setdefault(table.variable, set()).add(table.people)
    found = {}
    for variable, sets in by_variable.items():
        groups = isolated(sets)
        for insider in sorted(frozenset().union(*sets)):
            groups += isolated(sets, 4, insider)
        if groups:
            found[variable] = groups
    return found
