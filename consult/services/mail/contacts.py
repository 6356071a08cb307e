"""Correcting who somebody of the panel is: name, address, language and attributes."""

import csv
import io
from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.characters import hidden
from consult.config import Config
from consult.definition.consultation import Definition
from consult.errors import NotFound, NotPossible, PanelInvalid, Withdrawn
from consult.models import Consultation, Contact, Expert, Invitation
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import AddressOf, ColumnsAmong, SignIsHidden
from consult.refusals.file_facts import Problems
from consult.services import journal
from consult.services.access import lifetimes
from consult.services.mail import correspondence
from consult.services.panel.panel_file import read_panel
from consult.services.panel.panel_row import GROUP, PanelRow, columns, shown_cell


def row_of(session: Session, definition: Definition, expert: Expert) -> dict[str, str]:
    """An expert as a line of the panel file, without the derived group. Raises NotFound."""
    contact = _contact(session, expert)
    known = {"name": contact.name, "email": contact.email, "language": expert.language}
    return known | {
        attribute.key: str(expert.attributes.get(attribute.key, "")) for attribute in definition.panel.attributes
    }


def correct(
    session: Session,
    consultation: Consultation,
    definition: Definition,
    config: Config,
    expert: Expert,
    changes: Mapping[str, str],
    actor: str,
) -> list[str]:
    """Correct columns of an expert's line; returns those that changed.

    The same rules hold as for the panel file. A new address ends all links that went to the old
    one, and gets a new link by mail; a new group counts from the next freeze. The journal keeps
    which columns changed, never what was in them. Raises NotPossible with what is wrong, Withdrawn
    for who has left, NotFound once the link to the person is destroyed.
    """
    if expert.withdrawn_at is not None:
        raise Withdrawn(Refusal(Code.WITHDRAWN))
    journal.lock(session, consultation.id)
    known = row_of(session, definition, expert)
    row = _read(definition, known | dict(changes))
    contact = _contact(session, expert)
    if row.email != contact.email.lower():
        _refuse_taken(session, consultation, expert, row.email)
    now = {"name": row.name, "email": row.email, "language": row.language, **row.attributes}
    changed = sorted(key for key, old in known.items() if now.get(key, "") != old)
    if not changed:
        return []
    contact.name, contact.email, expert.language = row.name, row.email, row.language
    expert.attributes, expert.reporting_group = dict(row.attributes), row.group
    session.flush()
    journal.record(session, consultation.id, actor, "correct expert", expert=expert.code, columns=", ".join(changed))
    if "email" in changed and _is_invited(session, expert):
        lifetimes.revoke_all(session, expert)
        correspondence.send_new_link(session, expert, definition, config, actor)
    return changed


def _contact(session: Session, expert: Expert) -> Contact:
    contact = session.scalar(
        select(Contact).where(Contact.consultation_id == expert.consultation_id, Contact.expert_id == expert.id)
    )
    if contact is None:
        raise NotFound(Refusal(Code.NAME_IS_FORGOTTEN))
    return contact


def _read(definition: Definition, line: Mapping[str, str]) -> PanelRow:
    """The line by the rules of the panel file."""
    known = [column for column in columns(definition) if column != GROUP or column in line]
    strangers = sorted(line.keys() - set(known))
    if strangers:
        raise NotPossible(Refusal(Code.NO_SUCH_COLUMNS, ColumnsAmong(tuple(strangers), tuple(known))))
    for column, cell in line.items():
        if signs := hidden(cell):
            about = SignIsHidden(column, tuple(signs), shown_cell(cell))
            raise NotPossible(Refusal(Code.SIGN_IS_HIDDEN, about))
    text = io.StringIO()
    writer = csv.DictWriter(text, known)
    writer.writeheader()
    writer.writerow({column: line.get(column, "") for column in known})
    try:
        (row,) = read_panel(definition, text.getvalue().encode())
    except PanelInvalid as invalid:
        told = tuple(f"{one.message} ({one.fix})" if one.fix else one.message for one in invalid.problems)
        raise NotPossible(Refusal(Code.LINE_REFUSED, Problems(told))) from invalid
    return row


def _refuse_taken(session: Session, consultation: Consultation, expert: Expert, email: str) -> None:
    other = session.scalar(
        select(Expert.code)
        .join(Contact, Contact.expert_id == Expert.id)
        .where(Contact.consultation_id == consultation.id, func.lower(Contact.email) == email, Expert.id != expert.id)
    )
    if other is not None:
        raise NotPossible(Refusal(Code.ADDRESS_OF_ANOTHER, AddressOf(email, other)))


def _is_invited(session: Session, expert: Expert) -> bool:
    known = select(Invitation.id).where(
        Invitation.consultation_id == expert.consultation_id, Invitation.expert_id == expert.id
    )
    return session.scalar(known.limit(1)) is not None
