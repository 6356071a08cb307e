"""Pseudonyms: random names that say nothing, and are given once."""

import secrets

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.models import Expert

LETTERS = "23456789BCDFGHJKMNPQRSTVWXZ"
"""Of pseudonyms: none that is mistaken for another, and no vowels, so that no word appears."""


def new_pseudonym(session: Session, consultation_id: int) -> str:
    """A random name for row files that nobody in this consultation has yet."""
    taken = select(func.count()).where(Expert.consultation_id == consultation_id)
    while True:
        drawn = _drawn()
        if not session.scalar(taken.where(Expert.pseudonym == drawn)):
            return drawn


def new_pseudonyms(session: Session, consultation_id: int, number: int) -> list[str]:
    """So many of them, read against those given before in one statement."""
    taken = set(session.scalars(select(Expert.pseudonym).where(Expert.consultation_id == consultation_id)))
    found: list[str] = []
    while len(found) < number:
        drawn = _drawn()
        if drawn not in taken:
            taken.add(drawn)
            found.append(drawn)
    return found


def _drawn() -> str:
    return "P-" + "".join(secrets.choice(LETTERS) for _ in range(5))
