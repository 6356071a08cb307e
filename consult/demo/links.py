"""New links into the demonstration, and the digest of its results."""

import hashlib

from sqlalchemy import select

from consult.config import Config
from consult.database import Database, Session
from consult.demo.people import panel
from consult.demo.rehearsal import FINISHED, TODAY
from consult.models import Account, Consultation, Contact, Expert, Result, Stage
from consult.roles import Role
from consult.services.access import invitations
from consult.services.staff import accounts, sign_in

STAFF = (Role.FACILITATOR, Role.ANALYST, Role.SECRETARIAT)


def new_links(database: Database, settings: Config) -> list[str]:
    """New links for one expert of each language and for each role of staff."""
    lines = ["", "Links (each opens the demonstration in one role):"]
    with database.writing() as session:
        today = session.scalars(select(Consultation).where(Consultation.slug == TODAY)).one()
        for number, language in ((1, "English"), (22, "Russian")):
            person = panel()[number - 1]
            expert = session.scalars(
                select(Expert)
                .join(Contact, Contact.expert_id == Expert.id)
                .where(Expert.consultation_id == today.id, Contact.email == person.email)
            ).one()
            token = invitations.create_invitation(session, expert)
            lines.append(f"  expert, {language + ':':9} {invitations.link(settings, token)}")
        held = session.scalars(select(Consultation)).all()
        for role in STAFF:
            account = _account(session, role)
            for consultation in held:
                if role not in accounts.roles(session, account.id, consultation.id):
                    accounts.grant(session, account, consultation, role)
            link = sign_in.make_link(session, account, settings, hours=24 * 30)
            lines.append(f"  {role + ':':17} {link}")
    return [*lines, ""]


def _account(session: Session, role: str) -> Account:
    email = f"{role}@demo.example"
    known = session.scalar(select(Account).where(Account.email == email))
    return known or accounts.add(session, email, f"Demo {role}", None)


def results_digest(database: Database) -> str:
    """SHA-256 over the digests of all frozen results of the finished consultation, in order."""
    with database.reading() as session:
        digests = session.scalars(
            select(Result.digest)
            .join(Stage, Stage.id == Result.stage_id)
            .join(Consultation, Consultation.id == Stage.consultation_id)
            .where(Consultation.slug == FINISHED)
            .order_by(Stage.position, Result.number)
        ).all()
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()
