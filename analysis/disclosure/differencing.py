"""The exact differencing audit: what could be worked out from all tables released so far.

A release publishes tables of counts, each of one variable over a set of people. Whoever holds
several of them can add and subtract them; a group is *recoverable* if some such sum is a table of
that group alone. The audit is linear (Hundepool et al. 2012, ch. 4): it finds every group that
sums and differences isolate, and nothing that rests on guesses about single values.
"""

import itertools
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

People = frozenset[int]


@dataclass(frozen=True, slots=True)
class Published:
    """One table: a variable, told apart over all stages, and the people it is over.

    ``place``: where in its release it stands, so that it can be withheld there.
    """

    variable: str
    people: People
    place: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Recovered:
    """A group that the tables isolate. ``insider``: one who knows their own answer, if needed."""

    variable: str
    people: People
    insider: int | None = None


def audit(tables: Iterable[Published], floor: int, known: Mapping[str, People] | None = None) -> list[Recovered]:
    """Every group of fewer than ``floor`` people that the tables of a variable isolate.

    ``known``: by variable, whose answers stand in a row file. They are taken off every table,
    and what remains is looked at: a table over 25 beside the rows of 24 of them gives the one.

    Anyone in the panel may add their own answer to the tables (an insider): then no group of
    fewer than ``floor - 1`` others may come out, since with the insider they would be ``floor``.
    Exact, in fractions. Example: tables over 25 and over 24 of them: the one.
    """
    by_variable: dict[str, set[People]] = {}
    for table in tables:
        if people := table.people - (known or {}).get(table.variable, frozenset()):
            by_variable.setdefault(table.variable, set()).add(people)
    # Most variables of a stage are over the same people: each family of sets is looked at once.
    isolated: dict[frozenset[People], list[tuple[People, int | None]]] = {}
    found = []
    for variable in sorted(by_variable):
        family = frozenset(by_variable[variable])
        if family not in isolated:
            isolated[family] = list(_isolated(list(family), floor))
        found += [Recovered(variable, *group) for group in isolated[family]]
    return found


def fewest_alike(files: Sequence[Mapping[int, Hashable]]) -> int:
    """How many people the row files of several stages leave alike where they are fewest.

    ``files``: for each stage what its rows tell of a person beside the answers; who is in no row
    of it is missing. A pseudonym is the same in all files, so that who answered which stages can
    be read off them, and whoever knows that of people by name can lay the two side by side.
    0 where there is no row at all. Example: 20 rows, and 19 of them again: the one.
    """
    people = {person for file in files for person in file}
    missing = object()
    traces = Counter(tuple(file.get(person, missing) for file in files) for person in people)
    return min(traces.values(), default=0)


def _isolated(sets: Sequence[People], floor: int) -> Iterator[tuple[People, int | None]]:
    """Groups that come out, each with the insider it takes, if any."""
    atoms = _atoms(sets)
    yield from ((group, None) for group in _groups(atoms, floor))
    # An own answer is worth something only to who stands alone in an atom: in a larger one the
    # others are isolated if and only if the whole atom is.
    for signature, people in atoms.items():
        if len(people) == 1:
            (insider,) = people
            rest = {other: group for other, group in atoms.items() if other != signature}
            known = set(_groups(atoms, floor))
            for group in _groups(rest, floor - 1):
                if group not in known:
                    yield group, insider


def _atoms(sets: Sequence[People]) -> dict[tuple[bool, ...], People]:
    """People told apart by no table, by the tables they are in."""
    found: dict[tuple[bool, ...], set[int]] = {}
    for person in frozenset().union(*sets):
        found.setdefault(tuple(person in one for one in sets), set()).add(person)
    return {signature: frozenset(people) for signature, people in sorted(found.items())}


def _groups(atoms: Mapping[tuple[bool, ...], People], floor: int) -> Iterator[People]:
    """Unions of atoms below the floor whose indicator is a combination of the tables."""
    order = list(atoms)
    rows = _reduced(
        [[Fraction(signature[table]) for signature in order] for table in range(len(order[0]) if order else 0)]
    )
    small = [place for place, signature in enumerate(order) if len(atoms[signature]) < floor]
    for number in range(1, len(small) + 1):
        for chosen in itertools.combinations(small, number):
            people = frozenset().union(*(atoms[order[place]] for place in chosen))
            if len(people) < floor and _spans(rows, set(chosen), len(order)):
                yield people
        if number >= floor:
            return


Rows = list[tuple[int, list[Fraction]]]


def _reduced(matrix: list[list[Fraction]]) -> Rows:
    """Reduced rows of a matrix, each with the column of its leading 1."""
    done: Rows = []
    for row in matrix:
        row = _less(row, done)
        lead = next((place for place, value in enumerate(row) if value), None)
        if lead is None:
            continue
        row = [value / row[lead] for value in row]
        done = [(at, _less(other, [(lead, row)])) for at, other in done]
        done.append((lead, row))
    return done


def _less(row: list[Fraction], rows: Rows) -> list[Fraction]:
    for lead, other in rows:
        if times := row[lead]:
            row = [value - times * one for value, one in zip(row, other, strict=True)]
    return row


def _spans(rows: Rows, chosen: set[int], width: int) -> bool:
    """Whether the indicator of the chosen columns lies in the span of the rows."""
    return not any(_less([Fraction(place in chosen) for place in range(width)], rows))
