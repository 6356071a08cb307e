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
        drawn = "P-" + "".join(secrets.choice(LETTERS) for _ in range(5))
        if not session.scalar(taken.where(Expert.pseudonym == drawn)):
            return drawn
