"""Who wrote a comment or a proposal: not even a minute-by-minute log of the board tells.

The attack knows who submitted when, as the board says it by name, and everything the pages show
of comments and proposals. It was written where addresses held the numbers of rows; there it named
more than four in ten.
"""

import random
from base64 import b32decode
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from statistics import mean

import pytest
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from consult.models import Consultation, Expert, Stage, Submission
from consult.services import ordering
from consult.services.measures import comments
from tests.sizes import size
from tests.web.naming import READINGS, attacked, in_turn, named, neighbours
from tests.web.staffing import House, open_house
from tests.web.watching import Watched, Watcher

CONSULTATIONS = size("AUTHORS")


def watch(house: House, count: int) -> list[Watched]:
    return [Watcher(house, number).play() for number in range(1, count + 1)]


@pytest.fixture(scope="module")
def seeded() -> Iterator[None]:
    """Handles and seeds of one drawing, so that the same sample is seen every time."""
    drawn = random.Random(20)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("secrets.token_bytes", lambda size=32: drawn.randbytes(size))
        patch.setattr("secrets.token_hex", lambda size=32: drawn.randbytes(size).hex())
        yield


@pytest.fixture(scope="module")
def watched(seeded: None, tmp_path_factory: pytest.TempPathFactory) -> list[Watched]:
    with open_house(tmp_path_factory.mktemp("watched")) as house:
        return watch(house, CONSULTATIONS)


def test_the_sample_is_worth_attacking(watched: list[Watched]) -> None:
    assert watched
    for one in watched:
        assert len(one.submitted) == 14 and set(one.truth.values()) <= set(one.submitted)
        sizes = {where: len(texts) for where, texts in one.orders.items()}
        assert all(sizes[where] > 25 for where in sizes if "comments" in where), sizes
        assert all(sizes[where] > 2 for where in sizes), sizes


def test_nothing_names_who_wrote_it(watched: list[Watched]) -> None:
    told = named(watched)
    for kind in ("comments", "proposals"):
        size = sum(len(one.orders[f"{kind} page"]) for one in watched)
        best = max(
            (words for words in told if words.startswith(kind)),
            key=lambda words: told[words].share - told[words].chance,
        )
        print(
            f"{len(watched)} consultations, {size} {kind}, {len(told)} strategies; best: {best}: "
            f"{told[best].share:.1%} named, chance {told[best].chance:.1%}"
        )
    assert {words: found for words, found in told.items() if found.is_above} == {}


@pytest.mark.parametrize("reading", READINGS)
def test_no_order_tells_who_or_when(
    watched: list[Watched], reading: Callable[[Watched, list[str]], tuple[int, int]]
) -> None:
    told = {where: attacked(watched, where, reading) for where in watched[0].orders}
    assert {where: found for where, found in told.items() if found.is_above} == {}


def test_nothing_appears_when_somebody_submits(watched: list[Watched]) -> None:
    assert {code for one in watched for code in one.appeared.values()} == {""}


def test_nothing_vanishes_when_somebody_leaves(watched: list[Watched]) -> None:
    assert [one.vanished for one in watched] == [set()] * len(watched)


def test_every_visit_finds_the_same_order(watched: list[Watched]) -> None:
    """Were it drawn anew, the place of what changed would tell it apart."""
    assert watched
    for one in watched:
        assert one.visits[0] == one.visits[1] == one.visits[2] != []


# The attack itself: it must find what is planted


def counted_up() -> Callable[[int], bytes]:
    """Handles that rise with every row, as its number does: of letters only, which sort as they
    count."""
    numbers = count()

    def draw(size: int = 10) -> bytes:
        number, letters = next(numbers), ""
        for _ in range(16):
            number, digit = divmod(number, 26)
            letters = chr(ord("A") + digit) + letters
        return b32decode(letters)[:size]

    return draw


def test_the_attack_reads_an_order_of_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.token_bytes", counted_up())
    monkeypatch.setattr(ordering, "place", lambda seed, handle: handle)
    with open_house(tmp_path) as house:
        found = watch(house, 2)
    told = named(found)
    best = max(told, key=lambda words: told[words].share)
    assert "addresses" in best and told[best].share > 0.4 and told[best].is_above
    assert attacked(found, "comments' addresses", neighbours).is_above
    for where in ("comments page", "comments command", "comments' addresses"):
        assert attacked(found, where, in_turn).is_above, where


def test_the_attack_sees_what_appears_and_what_vanishes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Comments shown while a stage is open, and gone when their writer is."""

    def all_stages(session: Session, consultation: Consultation) -> dict[int, str]:
        found = session.scalars(select(Stage.id).where(Stage.consultation_id == consultation.id))
        return dict.fromkeys(found, "00")

    def still_here() -> Select[int]:
        return (
            select(func.max(Submission.id))
            .join(Expert, Expert.id == Submission.expert_id)
            .where(Expert.withdrawn_at.is_(None))
            .group_by(Submission.stage_id, Submission.expert_id)
        )

    monkeypatch.setattr(ordering, "seeds", all_stages)
    monkeypatch.setattr(comments, "counted_when_closed", still_here)
    with open_house(tmp_path) as house:
        (one,) = watch(house, 1)
    shown = [text for text in one.truth if text in one.orders["comments page"]]
    assert mean(one.appeared[text] == one.truth[text] for text in shown) > 0.9
    assert len(one.vanished) > 0 and len({one.truth[text] for text in one.vanished}) == 1
