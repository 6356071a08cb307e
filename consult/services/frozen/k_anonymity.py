"""What a row file tells of a person beside the answers: reporting group and grouped answers."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

SUPPRESSED = "suppressed"
Said = tuple[int | None, str | None]
"""An answer: its value, or why there is none."""
Answers = Mapping[str, Mapping[int, Said]]
"""What each person answered to each grouped variable."""
Cell = tuple[str | Said | None, ...]
"""What is told of a person: the group, and the grouped answers that are shown."""


@dataclass(frozen=True, slots=True)
class KAnonymity:
    """Which reporting groups are hidden and which grouped variables are shown in one stage.

    By k-anonymity (Sweeney 2002) what would single out fewer than `k` people is left out for
    everybody: a group too small is hidden together with the next smallest until those hidden are
    enough, and a grouped variable is shown only if every combination with the group and the other
    shown ones is shared by enough.
    """

    hidden: frozenset[str | None]
    shown: tuple[str, ...]

    def group(self, group: str | None) -> str | None:
        """The reporting group as a file may say it."""
        return SUPPRESSED if group in self.hidden else group


def k_anonymous(groups: Mapping[int, str | None], answers: Answers, k: int) -> KAnonymity:
    """What of a stage may be told: of each person the group, of each grouped variable the answers."""
    made = KAnonymity(_hidden(groups, k), ())
    for key in answers:
        wider = KAnonymity(made.hidden, (*made.shown, key))
        if all(count >= k for count in Counter(cells(groups, answers, wider).values()).values()):
            made = wider
    return made


def cells(
    groups: Mapping[int, str | None], answers: Answers, by: KAnonymity, tabled: Sequence[str] = ()
) -> dict[int, Cell]:
    """What is told of each person. `tabled`: groups whose figures are released.

    The tables of a group, held against the rows, tell whose rows they are made of: hiding such a
    group in the rows hides nothing.
    """
    return {
        person: (group if group in tabled else by.group(group), *(answers[key].get(person) for key in by.shown))
        for person, group in groups.items()
    }


def _hidden(groups: Mapping[int, str | None], k: int) -> frozenset[str | None]:
    counts = Counter(groups.values())
    if set(counts) <= {None}:
        return frozenset()
    hidden: set[str | None] = {None}
    hidden |= {group for group, count in counts.items() if count < k}
    for group in _smallest_first(counts):
        if not 0 < sum(counts[one] for one in hidden) < k:
            break
        hidden.add(group)
    return frozenset(hidden)


def _smallest_first(counts: Mapping[str | None, int]) -> Iterator[str]:
    groups = [group for group in counts if group is not None]
    yield from sorted(groups, key=lambda group: (counts[group], group))
