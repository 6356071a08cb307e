"""Naming writers: every way to read who wrote what from an order, and how often it is right."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product
from statistics import mean, stdev

from tests.web.watching import Watched

MARGIN = 0.02
"""So much above chance may be named."""
SHUFFLES = 30
Guess = dict[str, str]
Rule = Callable[[Watched, list[str], list[str]], Guess]
"""From texts in some order, and people in some order, to who wrote what."""


def spread(watched: Watched, texts: list[str], people: list[str]) -> Guess:
    """The first texts are those of the first people, in proportion."""
    return {text: people[place * len(people) // len(texts)] for place, text in enumerate(texts)}


def by_measure(watched: Watched, texts: list[str], people: list[str]) -> Guess:
    """The same within the texts on each measure."""
    found: Guess = {}
    for measure in {watched.measure_of[text] for text in texts}:
        found |= spread(watched, [one for one in texts if watched.measure_of[one] == measure], people)
    return found


def runs(watched: Watched, texts: list[str]) -> list[list[str]]:
    """Texts of one person, if they lie together: measures rise in a submission, then start anew."""
    found: list[list[str]] = []
    for text in texts:
        if not found or watched.measure_of[text] <= watched.measure_of[found[-1][-1]]:
            found.append([])
        found[-1].append(text)
    return found


def by_run(watched: Watched, texts: list[str], people: list[str]) -> Guess:
    """Runs are people, in order."""
    groups = runs(watched, texts)
    return {text: people[place * len(people) // len(groups)] for place, group in enumerate(groups) for text in group}


RULES: dict[str, Rule] = {"spread": spread, "by measure": by_measure, "by run": by_run}
PEOPLE: dict[str, Callable[[Watched], list[str]]] = {
    "as they submitted": lambda watched: watched.submitted,
    "as in the panel": lambda watched: [code for code in watched.panel if code in watched.submitted],
}


def strategies(where: str) -> Iterator[tuple[str, Callable[[Watched, list[str]], Guess]]]:
    """Every way to read an order, as words and as a function of texts."""
    for (rule, guess), (order, people), turned in product(RULES.items(), PEOPLE.items(), (1, -1)):

        def attack(
            watched: Watched,
            texts: list[str],
            guess: Rule = guess,
            people: Callable[[Watched], list[str]] = people,
            turned: int = turned,
        ) -> Guess:
            return guess(watched, texts, people(watched)[::turned]) if texts else {}

        yield f"{where}, {rule}, {order}{', backwards' if turned < 0 else ''}", attack


def right(watched: Watched, guess: Guess) -> int:
    return sum(watched.truth[text] == code for text, code in guess.items())


@dataclass(frozen=True)
class Found:
    """A share of what an attack got right, and what it gets right in shuffled orders."""

    share: float
    chance: float
    error: float

    @property
    def is_above(self) -> bool:
        """Over the margin; in a small sample also over what chance itself may do: of some
        hundred strategies the best is looked at, hence four standard errors."""
        return self.share > self.chance + max(MARGIN, 4 * self.error)


def attacked(found: Sequence[Watched], where: str, score: Callable[[Watched, list[str]], tuple[int, int]]) -> Found:
    """An attack on one order of all consultations: of how many guesses how many are right."""
    drawn = random.Random(7)

    def share(orders: list[list[str]]) -> float:
        hits = [score(one, texts) for one, texts in zip(found, orders, strict=True)]
        return sum(hit for hit, _ in hits) / max(1, sum(of for _, of in hits))

    orders = [one.orders[where] for one in found]
    by_chance = [share([drawn.sample(texts, len(texts)) for texts in orders]) for _ in range(SHUFFLES)]
    return Found(share(orders), mean(by_chance), stdev(by_chance))


def named(found: Sequence[Watched]) -> dict[str, Found]:
    """By strategy: the share of texts whose writer is named."""
    told: dict[str, Found] = {}
    for where in found[0].orders:
        for words, attack in strategies(where):
            told[words] = attacked(
                found, where, lambda one, texts, attack=attack: (right(one, attack(one, texts)), len(texts))
            )
    return told


def neighbours(watched: Watched, texts: list[str]) -> tuple[int, int]:
    """How many texts that stand together are of one person, of how many."""
    pairs = list(pairwise(texts))
    return sum(watched.truth[one] == watched.truth[two] for one, two in pairs), len(pairs)


def in_turn(watched: Watched, texts: list[str]) -> tuple[int, int]:
    """How many pairs on one measure stand in the order in which their writers submitted first."""
    place = {code: number for number, code in enumerate(watched.submitted)}
    pairs = [
        place[watched.truth[one]] < place[watched.truth[two]]
        for one, two in combinations(texts, 2)
        if watched.measure_of[one] == watched.measure_of[two] and watched.truth[one] != watched.truth[two]
    ]
    return sum(pairs), len(pairs)


def against_turn(watched: Watched, texts: list[str]) -> tuple[int, int]:
    hits, of = in_turn(watched, texts)
    return of - hits, of


READINGS = (neighbours, in_turn, against_turn)
