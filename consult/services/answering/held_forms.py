"""Forms that could not be taken yet, kept so that the page can show them again after a redirect.

Nobody but who sent a form gets it back, at its own address, with the token in the page's address.
A held form counts for nothing: it is no draft and no answer.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from consult.clock import utc_now
from consult.models import Account, Expert, HeldForm
from consult.services.access.tokens import token_hash

KEPT = timedelta(days=7)


class HeldContent(TypedDict, total=False):
    """What was sent: the fields as typed, and whatever its page needs to show them again.

    `errors`: field and message; `problems`: question, code and numbers; `yours`: an expert's own
    versions, by the name of the input.
    """

    fields: dict[str, list[str]]
    errors: list[tuple[str, str]]
    beside: Mapping[str, str]
    problems: list[tuple[str, str, dict[str, object]]]
    yours: dict[str, list[str]]


AT_MOST = 10
"""Held forms of one sender; a further one takes the place of the oldest."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a form: an expert, or a member of staff; `about` is the expert it concerns."""

    expert: Expert | None = None
    account: Account | None = None
    about: Expert | None = None

    def owns(self) -> tuple[ColumnElement[bool], ...]:
        """The condition for the forms of this sender."""
        if self.account is not None:
            return (HeldForm.account_id == self.account.id,)
        assert self.expert is not None
        return (
            HeldForm.account_id.is_(None),
            HeldForm.consultation_id == self.expert.consultation_id,
            HeldForm.expert_id == self.expert.id,
        )


def hold(session: Session, sender: Sender, address: str, content: HeldContent) -> str:
    """Keep a form for its address; returns the token that gives it back."""
    forget_expired(session)
    _make_room(session, sender)
    token, now = secrets.token_urlsafe(16), utc_now()
    about = sender.about or sender.expert
    session.add(
        HeldForm(
            token_hash=token_hash(token),
            consultation_id=about.consultation_id if about else None,
            expert_id=about.id if about else None,
            account_id=sender.account.id if sender.account else None,
            address=address,
            content=dict(content),
            held_at=now,
            expires_at=now + KEPT,
        )
    )
    session.flush()
    return token


def held(session: Session, sender: Sender, address: str, token: str) -> HeldContent | None:
    """The form of that token, if this sender sent it to that address and it is not too old."""
    return session.scalar(
        select(HeldForm.content).where(
            *sender.owns(),
            HeldForm.token_hash == token_hash(token),
            HeldForm.address == address,
            HeldForm.expires_at > utc_now(),
        )
    )


def drop(session: Session, sender: Sender, token: str) -> None:
    """Forget a form: it was sent again, and taken."""
    session.execute(delete(HeldForm).where(*sender.owns(), HeldForm.token_hash == token_hash(token)))


def has_expired(session: Session) -> bool:
    """Whether any held form is too old: a look that finds none keeps nobody from writing."""
    stale = select(HeldForm.id).where(HeldForm.expires_at <= utc_now())
    return session.scalar(stale.limit(1)) is not None


def forget_expired(session: Session) -> None:
    """Forget what is too old, of anybody."""
    session.execute(delete(HeldForm).where(HeldForm.expires_at <= utc_now()))


def _make_room(session: Session, sender: Sender) -> None:
    """Leave place for one more of this sender."""
    newest = select(HeldForm.id).where(*sender.owns()).order_by(HeldForm.id.desc()).limit(AT_MOST - 1)
    surplus = select(HeldForm.id).where(*sender.owns(), HeldForm.id.not_in(newest))
    session.execute(delete(HeldForm).where(HeldForm.id.in_(surplus)))
