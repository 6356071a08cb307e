"""What a release publishes of whom, and what of it must stay back beside what was released before.

``disclosure.release`` withholds by floors, from one stage's numbers alone. The ledger knows the
people behind every table released so far, those who have left since included, and holds the next
release against all of them (``differencing.audit``).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from analysis.disclosure.differencing import People, Published, audit
from analysis.disclosure.floors import DIFFERENCING, PAIR_SHIFTS, STABILITY_SHIFTS
from analysis.model.criterion import CriterionResult
from analysis.model.figures import Block, withheld
from analysis.model.stage import GroupBlock, ReleasedStage
from analysis.protocol.protocol import DisclosureRule

Place = tuple[str, ...]
OF_ABSENT = ("leavers", "worst", "best", "last_value_carried", "cliff_delta")
UNPAIRED = ("n_earlier_only",)
OF_GROUP = ("n", "median", "shares")
OF_WITHDRAWN = ("departed", "unpaired")
"""Places withheld because somebody withdrew, not because of what other tables tell."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Who answered an earlier variable as well, and who only that, of those still here.

    ``has_departed``: somebody counted in the earlier stage has withdrawn since.
    """

    variable: str
    both: People
    only_earlier: People
    has_departed: bool = False


@dataclass(frozen=True)
class Populations:
    """Who stands behind the tables of one stage, by variable (``M01.importance`` for ratings).

    ``groups``: by reporting group. ``compared``: what a variable is paired with.
    """

    whole: Mapping[str, People] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, People]] = field(default_factory=dict)
    compared: Mapping[str, Compared] = field(default_factory=dict)


def variable_name(stage: str, key: str) -> str:
    """A variable told apart over all stages: ``round-1/M01.importance``."""
    return f"{stage}/{key}"


def published(shown: ReleasedStage, people: Populations) -> list[Published]:
    """Every table of a release with its people. A median counts as a table: it may be a value."""
    return [*_wholes(shown, people), *_changes(shown, people), *_by_group(shown, people)]


def _is_told(block: Block, *names: str) -> bool:
    return any(getattr(block, name) is not None for name in names)


def _ratings(shown: ReleasedStage) -> Iterator[tuple[str, Place, CriterionResult]]:
    for key, measure in shown.measures.items():
        for name, block in measure.criteria.items():
            yield f"{key}.{name}", (key, name), block


def _wholes(shown: ReleasedStage, people: Populations) -> Iterator[Published]:
    for key, variable in shown.variables.items():
        if _is_told(variable, "counts", "median"):
            yield Published(variable_name(shown.stage, key), people.whole[key], ("variables", key))
    for key, place, criterion in _ratings(shown):
        if _is_told(criterion, "counts", "median"):
            yield Published(variable_name(shown.stage, key), people.whole[key], ("measures", *place))


def _changes(shown: ReleasedStage, people: Populations) -> Iterator[Published]:
    """Figures of those who answered both of two stages, or only the earlier one."""
    for key, pair in shown.pairs.items():
        if _is_told(pair, *PAIR_SHIFTS):
            yield from _both(shown.stage, key, people.compared[key], ("pairs", key))
    for key, place, block in _ratings(shown):
        there = people.compared.get(key)
        if there is None:
            continue
        numbers = block.stability.numbers
        if numbers is not None and _is_told(numbers, *STABILITY_SHIFTS):
            yield from _both(shown.stage, key, there, ("stability", *place))
        if _is_told(block.sensitivity, "cliff_delta"):
            for group in (there.both, there.only_earlier):
                yield Published(there.variable, group, ("leavers", *place))


def _both(stage: str, key: str, there: Compared, place: Place) -> Iterator[Published]:
    yield Published(there.variable, there.both, place)
    yield Published(variable_name(stage, key), there.both, place)


def _by_group(shown: ReleasedStage, people: Populations) -> Iterator[Published]:
    for group, blocks in shown.groups.items():
        for key, block in blocks.items():
            if _is_told(block, *OF_GROUP):
                yield Published(variable_name(shown.stage, key), people.groups[group][key], ("groups", key))


def withhold(shown: ReleasedStage, place: Place) -> ReleasedStage:
    """A release without one table, which says that it is for what others would tell with it."""
    kind, *rest = place
    if kind == "groups":
        return replace(shown, groups={group: _without(blocks, rest[0]) for group, blocks in shown.groups.items()})
    if kind in _PAIRS:
        pair = withheld(shown.pairs[rest[0]], _PAIRS[kind], DIFFERENCING)
        return replace(shown, pairs={**shown.pairs, rest[0]: pair})
    if kind == "stability":
        return _with_criterion(shown, rest, _without_shifts)
    if kind in _SENSITIVITY:
        return _with_criterion(shown, rest, lambda criterion: _without_leavers(criterion, _SENSITIVITY[kind]))
    raise ValueError(f"the whole panel's table {place} was released before, of other people")


_PAIRS = {"pairs": PAIR_SHIFTS, "unpaired": UNPAIRED}
_SENSITIVITY = {"departed": OF_ABSENT, "leavers": ("cliff_delta",)}
"""Figures that are given up at such a place."""


def _without(blocks: Mapping[str, GroupBlock], key: str) -> Mapping[str, GroupBlock]:
    return {**blocks, key: withheld(blocks[key], OF_GROUP, DIFFERENCING)} if key in blocks else blocks


def _without_shifts(criterion: CriterionResult) -> CriterionResult:
    stability = criterion.stability
    if stability.numbers is None:
        raise ValueError("no change was told that could stay back")
    numbers = withheld(stability.numbers, STABILITY_SHIFTS, DIFFERENCING)
    return replace(criterion, stability=replace(stability, numbers=numbers))


def _without_leavers(criterion: CriterionResult, names: tuple[str, ...]) -> CriterionResult:
    return replace(criterion, sensitivity=withheld(criterion.sensitivity, names, DIFFERENCING))


def _with_criterion(
    shown: ReleasedStage, place: list[str], change: Callable[[CriterionResult], CriterionResult]
) -> ReleasedStage:
    key, name = place
    measure = shown.measures[key]
    changed = replace(measure, criteria={**measure.criteria, name: change(measure.criteria[name])})
    return replace(shown, measures={**shown.measures, key: changed})


@dataclass(frozen=True, slots=True)
class HeldBack:
    """What is left of a release, and the places where figures stayed back, in order."""

    shown: ReleasedStage
    places: tuple[Place, ...]


def hold_back(
    shown: ReleasedStage, people: Populations, earlier: Iterable[Published], rule: DisclosureRule
) -> HeldBack:
    """A release without what would isolate a few beside everything released before.

    The tables of the whole panel stay: what is taken out are figures of groups, of those who
    answered twice, and of those who left. Where somebody counted before has withdrawn since, no
    figure is told of those who answered the earlier stage only: set beside its rows, it would tell
    the withdrawn from the merely silent. Raises ValueError where the whole panel's table itself was
    released before over other people: a round is frozen once, and a correction is over the same
    people.
    """
    before = list(earlier)
    places = list(_of_departed(shown, people))
    for place in places:
        shown = withhold(shown, place)
    while True:
        new = published(shown, people)
        names = {table.variable for table in new}
        found = {
            one.variable
            for one in audit([table for table in (*before, *new) if table.variable in names], rule.subgroup)
        }
        if not found:
            return HeldBack(shown, tuple(places))
        at_fault = [table.place for table in new if table.variable in found]
        place = max(at_fault, key=lambda place: (_GIVEN_UP_FIRST.index(place[0]), place))
        shown = withhold(shown, place)
        places.append(place)


def _of_departed(shown: ReleasedStage, people: Populations) -> Iterator[Place]:
    """Figures of those who answered the earlier stage only, withdrawn people left out of them."""
    gone = {key for key, there in people.compared.items() if there.has_departed}
    for key, place, block in _ratings(shown):
        if key in gone and _is_told(block.sensitivity, *OF_ABSENT):
            yield ("departed", *place)
    yield from (("unpaired", key) for key in shown.pairs if key in gone)


_GIVEN_UP_FIRST = ("measures", "variables", "groups", "pairs", "stability", "leavers")
