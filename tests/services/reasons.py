"""A round whose ratings are known by place, with a reason for each, decided in words that say the rating."""

from collections.abc import Iterator
from itertools import cycle
from typing import Any

from sqlalchemy import select

from consult.models import Answer, Comment, Measure, VariableRow
from consult.services.measures import moderation
from tests.services.conftest import World
from tests.services.playing import Rate

POINTS = {
    "L1.wish": "55555511111",  # six high, five low: both bands have a name
    "L2.wish": "55555555111",  # three low: too few for a name
    "L3.wish": "1155555----",  # seven ratings: below the floor
    "L4.wish": "55555555555",  # nobody low
    "L5.wish": "55555555551",  # one low, which is withheld
    "L6.wish": "55533333333",  # the middle is pooled with what has no name
    "L7.wish": "55555551111",  # four low
}


WITHHELD = {"L5": 1}
"""Ratings whose reasons are withheld."""


def by_place() -> Rate:
    """Ratings in the order of the experts."""
    points: dict[str, Iterator[str]] = {key: cycle(row) for key, row in POINTS.items()}

    def rate(key: str, chance: Any) -> str:
        point = next(points[key])
        return "no:dont_know" if point == "-" else point

    return rate


def decide(world: World) -> None:
    """Accept each reason in words that say the rating, but those on one measure."""
    rows = world.session.execute(
        select(Comment.handle, Measure.key, Answer.value)
        .join(Measure, Measure.id == Comment.measure_id)
        .join(Answer, Answer.submission_id == Comment.submission_id)
        .join(VariableRow, VariableRow.id == Answer.variable_id)
        .where(VariableRow.key == Measure.key + ".wish")
    ).all()
    for number, (handle, key, value) in enumerate(rows):
        if WITHHELD.get(key) == value:
            moderation.withhold_comment(world.session, world.consultation, handle, reason="Names a person", actor="t")
        else:
            words = {"en": f"{key} is a {value}, says {number}"}
            moderation.accept_comment(world.session, world.consultation, handle, actor="t", texts=words)
