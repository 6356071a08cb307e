"""A second consultation beside the town library, of a definition of its own, with an expert signed in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock
from consult.definition.consultation import Definition
from consult.models import Consultation, Expert, Stage
from consult.services.access import invitations
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from tests.services.conftest import BEFORE, panel_file
from tests.web.visiting import Browser, Library, enter

OTHER = "other"


def published(session: Session, definition: Definition, experts: int) -> tuple[Consultation, list[Expert]]:
    """The consultation and its panel, before any stage is open."""
    with clock.set_to(BEFORE):
        made = publishing.publish(session, definition, actor="test", slug=OTHER)
        importing.import_panel(session, made, definition, panel_file(experts), "test")
    return made, list(session.scalars(select(Expert).filter_by(consultation_id=made.id).order_by(Expert.id)))


def opened(session: Session, made: Consultation, key: str) -> Stage:
    stage = stages.find_stage(session, made.id, key)
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(session, made, stage, actor="test")
    return stage


@contextmanager
def signed_in(library: Library, token: str, moment: datetime) -> Iterator[Browser]:
    """The browser of whoever holds this link, at that moment."""
    with clock.set_to(moment):
        found = library.browser()
        enter(found, f"/i/{token}")
        yield found


@contextmanager
def first_round(library: Library, definition: Definition) -> Iterator[Browser]:
    """The first of three experts in its first round, signed in."""
    with library.database.writing() as session:
        made, experts = published(session, definition, 3)
        stage = opened(session, made, "round-1")
        with clock.set_to(stage.opens_at):
            token = invitations.create_invitation(session, experts[0])
        opens = stage.opens_at
    with signed_in(library, token, opens) as browser:
        yield browser
