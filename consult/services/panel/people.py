"""Who somebody is, told to themselves and to whoever holds a page that was drawn for them."""

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.models import Account, Contact, Expert


def name_of(session: Session, person: Expert | Account) -> str:
    """The name of an expert or of an account; empty once the link to an expert is destroyed."""
    if isinstance(person, Account):
        return person.name
    found = session.scalar(
        select(Contact.name).where(Contact.consultation_id == person.consultation_id, Contact.expert_id == person.id)
    )
    return found or ""


def expert_of_handle(session: Session, consultation_id: int, handle: str) -> Expert | None:
    """The expert of this consultation whose handle this is."""
    return session.scalar(select(Expert).where(Expert.consultation_id == consultation_id, Expert.handle == handle))


def account_like(session: Session, is_meant: Callable[[Account], bool]) -> Account | None:
    """The first account that is meant; accounts are few, and have no handle to look them up by."""
    return next((one for one in session.scalars(select(Account)) if is_meant(one)), None)
