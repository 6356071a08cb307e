"""Staff: accounts, their roles, and their ways in."""

from typing import NoReturn

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from consult.characters import hidden, one_line, plain_name
from consult.clock import utc_now
from consult.definition.address import is_address
from consult.errors import NotFound, NotPossible
from consult.models import Account, Consultation, Membership
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Addressed, ForeignAddress, NamedAmong, NameHides, RolesApart
from consult.roles import ROLES, Role
from consult.services import journal
from consult.services.panel.addresses import in_ascii
from consult.services.staff.passwords import Hashed

APART = frozenset({Role.FACILITATOR, Role.ANALYST})
"""Roles no account has both of in one consultation: one knows names, the other has rows."""


def add(session: Session, email: str, name: str, password: Hashed | None) -> Account:
    """A new account; without a password only a one-time link opens it.

    Raises NotPossible when the address is none or has an account.
    """
    address = plain(email)
    if not is_address(address):
        _refuse_address(one_line(email), in_ascii(address))
    if hides := hidden(name.strip()):
        raise NotPossible(Refusal(Code.NAME_HIDES, NameHides(one_line(name), tuple(hides))))
    account = Account(
        email=address, name=plain_name(name), password_hash=password, is_active=True, created_at=utc_now()
    )
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        raise NotPossible(Refusal(Code.ACCOUNT_EXISTS, Addressed(address))) from None
    return account


def _refuse_address(email: str, offered: str | None) -> NoReturn:
    if offered is None:
        raise NotPossible(Refusal(Code.NO_ADDRESS, Addressed(email)))
    raise NotPossible(Refusal(Code.ADDRESS_IS_FOREIGN, ForeignAddress(email, offered)))


def plain(email: str) -> str:
    """An address as it is compared."""
    return email.strip().lower()


def find(session: Session, email: str) -> Account:
    """The account of an address. Raises NotFound."""
    account = _account(session, email)
    if account is None:
        raise NotFound(Refusal(Code.NO_ACCOUNT, Addressed(email)))
    return account


def _account(session: Session, email: str) -> Account | None:
    return session.scalar(select(Account).where(Account.email == plain(email)))


def grant(
    session: Session, account: Account, consultation: Consultation, role: str, actor: str = "command line"
) -> None:
    """Give an account a role in a consultation; giving it again changes nothing.

    Raises NotPossible for an unknown role, and for one that would put names and rows in one hand.
    """
    if role not in ROLES:
        raise NotPossible(Refusal(Code.NO_SUCH_ROLE, NamedAmong(role, ROLES)))
    journal.lock(session, consultation.id)
    if role in APART and (other := (APART - {role}) & _held(session, account, consultation)):
        raise NotPossible(Refusal(Code.ROLES_APART, RolesApart(account.email, tuple(other), role)))
    try:
        with session.begin_nested():
            session.add(Membership(account_id=account.id, consultation_id=consultation.id, role=role))
    except IntegrityError:
        return
    journal.record(session, consultation.id, actor, "grant role", role=role, account=account.email)


def _held(session: Session, account: Account, consultation: Consultation) -> set[str]:
    """The roles of an account, switched off or not."""
    found = select(Membership.role).where(
        Membership.account_id == account.id, Membership.consultation_id == consultation.id
    )
    return set(session.scalars(found))


def roles(session: Session, account_id: int, consultation_id: int) -> set[str]:
    """The roles of an account in one consultation; none for an account that is switched off.

    Who was given both of two that are kept apart, by an older version, has no rows.
    """
    found = set(
        session.scalars(
            select(Membership.role)
            .join(Account, Account.id == Membership.account_id)
            .where(
                Membership.account_id == account_id, Membership.consultation_id == consultation_id, Account.is_active
            )
        )
    )
    return found - {Role.ANALYST} if found >= APART else found


def consultations_of(session: Session, account: Account) -> list[Consultation]:
    """The consultations in which an account has a role, by name."""
    return list(
        session.scalars(
            select(Consultation)
            .where(Consultation.id.in_(select(Membership.consultation_id).where(Membership.account_id == account.id)))
            .order_by(Consultation.slug)
        )
    )
