"""In which order rounds were held, where a file only names them."""

import itertools
import re
from collections.abc import Sequence
from enum import StrEnum

from analysis.ratings_file.names import folded

NUMBERS = {
    word: value
    for value, words in enumerate(
        (
            "zero",
            "one first",
            "two second",
            "three third",
            "four fourth",
            "five fifth",
            "six sixth",
            "seven seventh",
            "eight eighth",
            "nine ninth",
            "ten tenth",
        )
    )
    for word in words.split()
}
TIMES = {
    word: value
    for value, words in enumerate(
        ("baseline before pre prior initial", "during mid interim", "after post final last", "follow followup")
    )
    for word in words.split()
}
"""Words that say when something was; of the same value: not known which was earlier."""
ROMAN = re.compile(r"(?=[ivx])x{0,3}(?:ix|iv|v?i{0,3})")
_PARTS = re.compile(r"\d+|[^\W\d_]+")


class OrderBy(StrEnum):
    """What the order of rounds was taken from."""

    DECLARED = "declared"
    NUMBERS = "numbers"
    APPEARANCE = "appearance"


class RoundsUnclear(ValueError):
    """The order of ``found`` (as first met) cannot be told: ``code`` and ``rounds`` at fault.

    Codes: ``names_say_otherwise`` (met in an order that their names contradict), ``undeclared``
    (in the file, not in the order declared), ``not_there`` (declared, not in the file).
    """

    def __init__(self, code: str, rounds: Sequence[str]) -> None:
        super().__init__(f"{code}: {', '.join(rounds)}")
        self.code, self.rounds = code, list(rounds)


def in_order(found: Sequence[str], declared: Sequence[str] = ()) -> tuple[list[str], OrderBy]:
    """Rounds in the order in which they were held, and what that was taken from.

    ``found``: as first met in the file. An order declared must name them all and no others.
    Numbers in figures, words and Roman numerals count where names differ in nothing else;
    otherwise rounds are in the order of first appearance. Raises RoundsUnclear where the names
    tell another order (``after`` met before ``before``).
    """
    if declared:
        strangers = [name for name in found if name not in declared]
        absent = [name for name in declared if name not in found]
        if strangers or absent:
            raise RoundsUnclear("undeclared" if strangers else "not_there", strangers or absent)
        return list(declared), OrderBy.DECLARED
    numbers = _numbers(found)
    if numbers is not None:
        return sorted(found, key=numbers.__getitem__), OrderBy.NUMBERS
    _refuse_contradiction(found)
    return list(found), OrderBy.APPEARANCE


def _numbers(found: Sequence[str]) -> dict[str, int] | None:
    """The number of each round where the names differ in that alone."""
    for value_of in (_figure, _word, _roman):
        parts = {name: _PARTS.findall(folded(name)) for name in found}
        values = {name: [value for part in own if (value := value_of(part)) is not None] for name, own in parts.items()}
        rests = {tuple(part for part in own if value_of(part) is None) for own in parts.values()}
        if len(rests) == 1 and all(len(own) == 1 for own in values.values()):
            single = {name: own[0] for name, own in values.items()}
            if len(set(single.values())) == len(found):
                return single
    return None


def _figure(part: str) -> int | None:
    return int(part) if part.isdecimal() else None


def _word(part: str) -> int | None:
    return NUMBERS.get(part)


def _roman(part: str) -> int | None:
    if not ROMAN.fullmatch(part):
        return None
    values = [{"i": 1, "v": 5, "x": 10}[sign] for sign in part]
    following = [*values[1:], 0]
    return sum(-one if one < two else one for one, two in zip(values, following, strict=True))


def _refuse_contradiction(found: Sequence[str]) -> None:
    """Raises RoundsUnclear where a name that says it is later was met first."""
    told = [(name, _time(name)) for name in found]
    known = [(name, time) for name, time in told if time is not None]
    for (first, one), (second, two) in itertools.pairwise(known):
        if one > two:
            raise RoundsUnclear("names_say_otherwise", [first, second])


def _time(name: str) -> int | None:
    times = {TIMES[part] for part in _PARTS.findall(folded(name)) if part in TIMES}
    return times.pop() if len(times) == 1 else None
