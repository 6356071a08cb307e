"""What a release publishes of whom, and what of it must stay back beside what was released before.

``disclosure.release`` withholds by floors, from one stage's numbers alone. The ledger knows the
people behind every table released so far, those who have left since included, and holds the next
release against all of them (``differencing.audit``).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.disclosure.differencing import People, Published, audit
from analysis.disclosure.floors import DIFFERENCING, PAIR_SHIFTS, STABILITY_SHIFTS, withhold_figures
from analysis.protocol.protocol import DisclosureRule

Block = dict[str, Any]
Place = tuple[str, ...]
OF_ABSENT = ("leavers", "worst", "best", "last_value_carried", "cliff_delta")
UNPAIRED = ("n_earlier_only",)
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


def published(shown: Mapping[str, Any], people: Populations) -> list[Published]:
    """Every table of a release with its people. A median counts as a table: it may be a value."""
    return [*_wholes(shown, people), *_changes(shown, people), *_by_group(shown, people)]


def _is_told(block: Mapping[str, Any], *names: str) -> bool:
    return any(block.get(name) is not None for name in names)


def _ratings(shown: Mapping[str, Any]) -> Iterator[tuple[str, Place, Block]]:
    for key, measure in shown["measures"].items():
        for name, block in measure["criteria"].items():
            yield f"{key}.{name}", (key, name), block


def _wholes(shown: Mapping[str, Any], people: Populations) -> Iterator[Published]:
    blocks: list[tuple[str, Place, Block]] = [
        (key, ("variables", key), block) for key, block in shown["variables"].items()
    ]
    blocks += [(key, ("measures", *place), block) for key, place, block in _ratings(shown)]
    for key, place, block in blocks:
        if _is_told(block, "counts", "median"):
            yield Published(variable_name(shown["stage"], key), people.whole[key], place)


def _changes(shown: Mapping[str, Any], people: Populations) -> Iterator[Published]:
    """Figures of those who answered both of two stages, or only the earlier one."""
    for key, pair in shown["pairs"].items():
        if _is_told(pair, *PAIR_SHIFTS):
            yield from _both(shown["stage"], key, people.compared[key], ("pairs", key))
    for key, place, block in _ratings(shown):
        there = people.compared.get(key)
        if there is None:
            continue
        if _is_told(block["stability"]["numbers"] or {}, *STABILITY_SHIFTS):
            yield from _both(shown["stage"], key, there, ("stability", *place))
        if _is_told(block["sensitivity"], "cliff_delta"):
            for group in (there.both, there.only_earlier):
                yield Published(there.variable, group, ("leavers", *place))


def _both(stage: str, key: str, there: Compared, place: Place) -> Iterator[Published]:
    yield Published(there.variable, there.both, place)
    yield Published(variable_name(stage, key), there.both, place)


def _by_group(shown: Mapping[str, Any], people: Populations) -> Iterator[Published]:
    for group, blocks in shown["groups"].items():
        for key, block in blocks.items():
            if _is_told(block, "n", "median", "shares"):
                name = variable_name(shown["stage"], key)
                yield Published(name, people.groups[group][key], ("groups", key))


def withhold(shown: Block, place: Place) -> None:
    """Take one table out of a release, and say that it is for what others would tell with it."""
    kind, *rest = place
    if kind == "groups":
        for blocks in shown["groups"].values():
            if rest[0] in blocks:
                withhold_figures(blocks[rest[0]], ("n", "median", "shares"), DIFFERENCING)
    elif kind == "pairs":
        withhold_figures(shown["pairs"][rest[0]], PAIR_SHIFTS, DIFFERENCING)
    elif kind == "stability":
        numbers = _criterion(shown, rest)["stability"]["numbers"]
        withhold_figures(numbers, STABILITY_SHIFTS, DIFFERENCING)
    elif kind == "unpaired":
        withhold_figures(shown["pairs"][rest[0]], UNPAIRED, DIFFERENCING)
    elif kind == "departed":
        withhold_figures(_criterion(shown, rest)["sensitivity"], OF_ABSENT, DIFFERENCING)
    elif kind == "leavers":
        withhold_figures(_criterion(shown, rest)["sensitivity"], ("cliff_delta",), DIFFERENCING)
    else:
        raise ValueError(f"the whole panel's table {place} was released before, of other people")


def _criterion(shown: Block, place: list[str]) -> Block:
    block: Block = shown["measures"][place[0]]["criteria"][place[1]]
    return block


def hold_back(shown: Block, people: Populations, earlier: Iterable[Published], rule: DisclosureRule) -> list[Place]:
    """Withhold from a release what would isolate a few beside everything released before.

    ``shown`` is changed; the places are returned, in order. The tables of the whole panel stay:
    what is taken out are figures of groups, of those who answered twice, and of those who left.
    Where somebody counted before has withdrawn since, no figure is told of those who answered the
    earlier stage only: set beside its rows, it would tell the withdrawn from the merely silent.
    Raises ValueError where the whole panel's table itself was released before over other people:
    a round is frozen once, and a correction is over the same people.
    """
    before = list(earlier)
    places = list(_of_departed(shown, people))
    for place in places:
        withhold(shown, place)
    while True:
        new = published(shown, people)
        names = {table.variable for table in new}
        found = {
            one.variable
            for one in audit([table for table in (*before, *new) if table.variable in names], rule.subgroup)
        }
        if not found:
            return places
        at_fault = [table.place for table in new if table.variable in found]
        place = max(at_fault, key=lambda place: (_GIVEN_UP_FIRST.index(place[0]), place))
        withhold(shown, place)
        places.append(place)


def _of_departed(shown: Mapping[str, Any], people: Populations) -> Iterator[Place]:
    """Figures of those who answered the earlier stage only, withdrawn people left out of them."""
    gone = {key for key, there in people.compared.items() if there.has_departed}
    for key, place, block in _ratings(shown):
        if key in gone and _is_told(block["sensitivity"], *OF_ABSENT):
            yield ("departed", *place)
    yield from (("unpaired", key) for key in shown["pairs"] if key in gone)


_GIVEN_UP_FIRST = ("measures", "variables", "groups", "pairs", "stability", "leavers")
