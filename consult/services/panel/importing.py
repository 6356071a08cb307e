"""Taking the panel in from a file: new experts, with codes and pseudonyms."""

import csv
import io
import secrets
from collections.abc import Sequence

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from consult.definition.consultation import Definition
from consult.errors import FileProblem, NotPossible, PanelInvalid
from consult.models import Consultation, Contact, Expert, Registration
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Named
from consult.services import journal
from consult.services.panel.panel_file import read_panel
from consult.services.panel.panel_row import FILE, GROUP, PanelRow, columns, derived_group, folded
from consult.services.panel.pseudonyms import new_pseudonyms

AT_ONCE = 1_000
"""Rows that are written in one go."""


def template(definition: Definition) -> str:
    """A panel file with one example line, for the secretariat to fill in."""
    example = {"name": "Anna Example", "email": "anna@example.org"}
    example["language"] = definition.languages[0]
    for attribute in definition.panel.attributes:
        example[attribute.key] = definition.lists[attribute.list_][0].key
    if definition.panel.reporting_groups is not None:
        chosen = example[definition.panel.reporting_groups.attribute]
        example.setdefault(GROUP, derived_group(definition, chosen) or "")
    text = io.StringIO()
    writer = csv.DictWriter(text, columns(definition), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerow(example)
    return text.getvalue()


def import_panel(
    session: Session,
    consultation: Consultation,
    definition: Definition,
    data: bytes,
    actor: str,
    *,
    are_new: bool = False,
) -> int:
    """Take in the experts of a panel file, all or none; returns how many.

    Who has the name of somebody known, or the same address at another provider, is asked about
    instead of being taken in twice, unless `are_new` says that they are other people.

    Codes and pseudonyms are drawn at random, so that neither follows the order of the file.

    Raises PanelInvalid with all problems, or NotPossible once the first round has opened.
    """
    journal.lock(session, consultation.id)
    registered = session.scalar(select(Registration.id).where(Registration.consultation_id == consultation.id))
    if registered is not None:
        raise NotPossible(Refusal(Code.PANEL_IS_FIXED, Named(consultation.slug)))
    rows = read_panel(definition, data)
    _refuse_known(session, consultation, rows, are_new)
    secrets.SystemRandom().shuffle(rows)
    codes = list(session.scalars(select(Expert.code).where(Expert.consultation_id == consultation.id)))
    first = max((int(code[1:]) for code in codes), default=0) + 1
    names = new_pseudonyms(session, consultation.id, len(rows))
    for start in range(0, len(rows), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        _take_in(session, consultation, rows[part], names[part], first + start)
    journal.record(session, consultation.id, actor, "import panel", experts=len(rows))
    return len(rows)


def _take_in(
    session: Session, consultation: Consultation, rows: Sequence[PanelRow], names: Sequence[str], first: int
) -> None:
    """As few statements for all as for one: experts, and apart from them who they are."""
    experts = [
        {
            "consultation_id": consultation.id,
            "code": f"E{number:02d}",
            "pseudonym": name,
            "language": row.language,
            "attributes": dict(row.attributes),
            "reporting_group": row.group,
        }
        for number, (row, name) in enumerate(zip(rows, names, strict=True), start=first)
    ]
    session.execute(insert(Expert), experts)
    known = select(Expert.pseudonym, Expert.id).where(
        Expert.consultation_id == consultation.id, Expert.pseudonym.in_(names)
    )
    ids = {row.pseudonym: row.id for row in session.execute(known)}
    contacts = [
        {"consultation_id": consultation.id, "expert_id": ids[name], "name": row.name, "email": row.email}
        for name, row in zip(names, rows, strict=True)
    ]
    session.execute(insert(Contact), contacts)


def _refuse_known(session: Session, consultation: Consultation, rows: list[PanelRow], are_new: bool) -> None:
    known = session.execute(
        select(Contact.name, Contact.email, Expert.code)
        .join(Expert, Expert.id == Contact.expert_id)
        .where(Contact.consultation_id == consultation.id)
    ).all()
    by_email = {email.lower(): code for _, email, code in known}
    by_name = {folded(name): (email, code) for name, email, code in known}
    by_account = {_account(email): (email, code) for _, email, code in known}
    problems = []
    for row in rows:
        if row.email in by_email:
            words = f"'{row.email}' is in the panel already, as {by_email[row.email]}"
            problems.append(FileProblem(FILE, row.line, words, "leave the line out"))
            continue
        alike = by_name.get(folded(row.name)) or by_account.get(_account(row.email))
        if alike is not None and not are_new:
            email, code = alike
            words = f"is '{row.name}' <{row.email}> the same person as {code} <{email}>?"
            fix = (
                f"if so: consult panel correct {consultation.slug} {code} --email {row.email}; "
                "if not, import with --new-people"
            )
            problems.append(FileProblem(FILE, row.line, words, fix))
    if problems:
        raise PanelInvalid(problems)


def _account(email: str) -> str:
    """What stands before the at sign, without dots: people keep it when they change employers."""
    return email.lower().partition("@")[0].replace(".", "")
