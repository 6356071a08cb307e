"""A consultation to be answered by many: a page of thirty items, or a second round of thirty measures."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.definition.consultation import Definition
from consult.models import Comment, Consultation, Expert, Invitation, LoginSession, Stage
from consult.services.access import purposes
from consult.services.access.tokens import new_token, token_hash
from consult.services.measures import moderation
from consult.services.panel import importing
from consult.services.running import publishing, stage_acts
from consult.web.application import make_app
from tests.benchmarks.web.items import ITEMS, asks
from tests.services import playing
from tests.services.conftest import panel_file, reworked, town_library

SLUG = "thirty"
RATED = 24
"""Experts who answered the stages before."""
NINE = {
    "min": 1,
    "max": 9,
    "labels": {1: "Not at all", 5: "Somewhat", 9: "Very much"},
    "bands": [
        {"key": "low", "from": 1, "to": 3, "label": "not wanted"},
        {"key": "middle", "from": 4, "to": 6, "label": "in between"},
        {"key": "high", "from": 7, "to": 9, "label": "wanted"},
    ],
    "no_answer": ["dont_know"],
}
KEYS = ("thirty", "round-1", "round-2")
DAYS = 10
"""From the opening of a stage to that of the next; each is open for nine."""


@dataclass(frozen=True)
class Way:
    """One expert's way in: a link that nobody used, and the cookie of a session in which consent was given."""

    link: str
    cookie: str


def definition(at: str, now: datetime) -> Definition:
    """Thirty items on one page, thirty measures in two rounds; the stage ``at`` opened yesterday."""
    start = now - timedelta(days=1 + DAYS * KEYS.index(at))
    content = town_library().model_dump(mode="json", by_alias=True, exclude_none=True)
    items = [
        {"key": f"i{number:02}", "type": "scale", "text": asks(number), "scale": "NINE"}
        for number in range(1, ITEMS + 1)
    ]
    measures = [
        {
            "key": f"L{number:02}",
            "theme": "house" if number % 2 else "service",
            "title": f"Measure number {number}",
            "text": f"What measure {number} would do, for whom, and what it would need in people and money.",
        }
        for number in range(1, ITEMS + 1)
    ]
    criteria = [
        {"key": key, "label": label, "question": f"How {key} is it?", "scale": "NINE", "decides": key == "important"}
        for key, label in (("important", "Importance"), ("feasible", "Feasibility"))
    ]
    stages = [
        {"key": "thirty", "kind": "survey", "title": "Thirty items", "questionnaire": "thirty", "minutes": 5},
        {"key": "round-1", "kind": "round", "title": "Round 1", "round": 1, "minutes": 10},
        {"key": "round-2", "kind": "round", "title": "Round 2", "round": 2, "minutes": 10},
    ]
    windows = {
        key: {"opens": _local(start + timedelta(days=DAYS * place)), "closes": _local(start, days=DAYS * place + 9)}
        for place, key in enumerate(KEYS)
    }
    return reworked(
        town_library(),
        slug=SLUG,
        zone="UTC",
        stages=stages,
        schedules={"now": {"title": "Now", "default": True, "stages": windows}},
        questionnaires={"thirty": _questionnaire(items)},
        scales=content["scales"] | {"NINE": NINE},
        measures=content["measures"] | {"criteria": criteria, "measures": measures},
    )


def _questionnaire(items: list[dict[str, str]]) -> dict[str, Any]:
    return {"key": "thirty", "title": "Thirty", "sections": [{"key": "all", "title": "All", "questions": items}]}


def _local(moment: datetime, days: int = 0) -> str:
    return f"{moment + timedelta(days=days):%Y-%m-%d %H:%M}"


def fill(config: Config, at: str, experts: int, *, agreed: bool) -> list[Way]:
    """Publish into an empty database with today's tables, open the stage; the ways of ``experts`` people.

    ``agreed``: they said yes to the consent before.
    """
    now = clock.utc_now()
    database = Database(config.database_url)
    with database.writing() as session, clock.set_to(now - timedelta(days=60)):
        consultation = _opened(session, definition(at, now), at, experts + RATED, RATED + experts * agreed)
    with database.writing() as session:
        ways = list(_ways(session, config, consultation))
    database.dispose()
    return ways[RATED:]


def _opened(session: Session, content: Definition, at: str, size: int, agreed: int) -> Consultation:
    consultation = publishing.publish(session, content, actor="bench")
    importing.import_panel(session, consultation, content, panel_file(size), "bench")
    panel = list(session.scalars(select(Expert).order_by(Expert.id)))
    for expert in panel[:agreed]:
        playing.agree(session, content, expert)
    for stage in session.scalars(select(Stage).order_by(Stage.opens_at)).all():
        if stage.key == at:
            with clock.set_to(stage.opens_at):
                stage_acts.open_stage(session, consultation, stage, actor="bench")
            break
        playing.play(session, content, consultation, panel[:RATED], stage, rate=_rate)
        for comment in session.scalars(select(Comment).where(Comment.moderation == "waiting")).all():
            moderation.accept_comment(session, consultation, comment.handle, actor="bench")
    return consultation


def _rate(_name: str, chance: Any) -> str:
    return str(chance.choice((3, 5, 6, 7, 7, 8, 8, 9)))


def _ways(session: Session, config: Config, consultation: Consultation) -> Iterator[Way]:
    """A session and a link for everybody, written at once: how people come in is no part of a bare journey."""
    app = make_app(config)
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    now = clock.utc_now()
    opened, invited = [], []
    for expert in session.scalars(select(Expert).order_by(Expert.id)).all():
        token, link = new_token(), new_token()
        both = {"consultation_id": consultation.id, "expert_id": expert.id, "created_at": now}
        opened.append(both | {"token_hash": token_hash(token), "expires_at": now + timedelta(days=9)})
        invited.append(
            both
            | {"token_hash": token_hash(link), "purpose": purposes.INVITATION, "expires_at": now + timedelta(days=9)}
        )
        cookie = signer.dumps({"experts": {consultation.slug: token}, "csrf_token": secrets.token_hex(20)})
        yield Way(link=f"/i/{link}", cookie=f"consult={cookie}")
    session.execute(insert(LoginSession), opened)
    session.execute(insert(Invitation), invited)
