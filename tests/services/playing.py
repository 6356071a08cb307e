"""A panel that answers: whole stages played through the real services, repeatable from a seed."""

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock
from consult.definition.asked import AskedQuestion
from consult.definition.consultation import Definition
from consult.definition.question import Group, Multi, Number, Points
from consult.models import Consent, Consultation, Draft, Expert, Stage
from consult.services.answering.responding import Respondent, find_respondent
from consult.services.answering.submitting import submit
from consult.services.measures import comments, measures, moderation
from consult.services.panel import importing
from consult.services.running import publishing, stage_acts
from tests.services.conftest import BEFORE, World, fresh_database, panel_file

Rate = Callable[[str, random.Random], str]
"""A rating for a variable such as `L1.wish`: a point as typed, or `no:dont_know`."""
TEXT = "A text of some length that says why this matters here"


EARLY = "Said too early to be read"
"""What is written in the round that is still open."""


@contextmanager
def half_way(definition: Definition, folder: Path, text: str = TEXT, kind: str = "sqlite") -> Iterator[World]:
    """The town library after its survey and first round, the second round open and half full."""
    with kept(definition, folder, text, kind) as world, clock.set_to(BEFORE):
        yield world


@contextmanager
def kept(definition: Definition, folder: Path, text: str = TEXT, kind: str = "sqlite") -> Iterator[World]:
    """The same as `half_way`, with the clock left alone once it is played: for more than one module."""
    with fresh_database(kind, folder) as database, database.open_session(writes=True) as session:
        with clock.set_to(BEFORE):
            world = _played(session, definition, text)
        yield world


def _played(session: Session, definition: Definition, text: str) -> World:
    consultation = publishing.publish(session, definition, actor="test")
    importing.import_panel(session, consultation, definition, panel_file(12), "test")
    experts = list(session.scalars(select(Expert).order_by(Expert.id)))
    world = World(session, definition, consultation, experts)
    for expert in experts:
        agree(session, definition, expert)
    for key in ("first-look", "round-1"):
        play(session, definition, consultation, experts[:11], world.stage(key), text=text)
    for comment in comments.comments(session, consultation, "waiting"):
        moderation.accept_comment(session, consultation, comment.handle, actor="test")
    second = world.stage("round-2")
    with clock.set_to(second.opens_at):
        stage_acts.open_stage(session, consultation, second, actor="test")
        for expert in experts[:9]:
            answer(
                session,
                definition,
                consultation,
                expert,
                second,
                rate=any_point,
                text=EARLY,
                chance=random.Random(expert.id),
            )
    return world


def any_point(key: str, chance: random.Random) -> str:
    """Ratings around the middle of a scale from 1 to 5."""
    return str(chance.choice((2, 3, 4, 4, 5)))


def play(
    session: Session,
    definition: Definition,
    consultation: Consultation,
    experts: Sequence[Expert],
    stage: Stage,
    *,
    rate: Rate = any_point,
    text: str = TEXT,
    seed: int = 1,
) -> None:
    """Open a stage at its time, let these experts answer and submit, close and freeze it."""
    with clock.set_to(stage.opens_at):
        stage_acts.open_stage(session, consultation, stage, actor="test")
    for place, expert in enumerate(experts if stage.kind != "event" else ()):
        moment = stage.opens_at + timedelta(minutes=5 + place)
        with clock.set_to(moment):
            answer(
                session,
                definition,
                consultation,
                expert,
                stage,
                rate=rate,
                text=text,
                chance=random.Random(f"{seed}:{place}:{stage.key}"),
            )
    with clock.set_to(stage.closes_at + timedelta(hours=1)):
        stage_acts.close_stage(session, consultation, stage, actor="test")


def agree(session: Session, definition: Definition, expert: Expert) -> None:
    """Consent to the definition's text."""
    session.add(
        Consent(
            consultation_id=expert.consultation_id,
            expert_id=expert.id,
            version=definition.consent.version,
            text_hash="0" * 64,
            is_given=True,
            said_at=clock.utc_now(),
        )
    )


def answer(
    session: Session,
    definition: Definition,
    consultation: Consultation,
    expert: Expert,
    stage: Stage,
    *,
    rate: Rate,
    text: str,
    chance: random.Random,
) -> None:
    """Fill in every page of a stage and submit."""
    given = find_respondent(session, consultation, definition, expert, stage)
    done: set[str] = set()
    while todo := [step for step in given.steps() if step.key not in done]:
        for asked in todo[0].asked:
            for name, values in typed(asked, rate, text, chance):
                _draft(session, given, name, values)
        given.forget_steps()
        done.add(todo[0].key)
    session.flush()
    submit(session, given, idempotency_key=f"{expert.id}:{stage.key}")


def _draft(session: Session, given: Respondent, name: str, values: list[str]) -> None:
    draft = Draft(
        consultation_id=given.consultation.id,
        stage_id=given.stage.id,
        expert_id=given.expert.id,
        name=name,
        values=values,
        revision=1,
    )
    session.add(draft)
    given.drafts[name] = draft


def typed(asked: AskedQuestion, rate: Rate, text: str, chance: random.Random) -> Iterator[tuple[str, list[str]]]:
    """One answer to one question, as a form would send it."""
    question, keys = asked.question, [item.key for item in asked.options]
    if isinstance(question, Group):
        for part in asked.instances[0] if chance.random() < 0.6 else ():
            yield from typed(part, rate, text, chance)
    elif asked.type == "matrix":
        for row in asked.rows:
            points = [str(point) for point in asked.scale.points] if asked.scale else keys
            yield f"{asked.key}.{row.key}", [chance.choice(points)]
    elif asked.type == "scale" and asked.scale is not None:
        if asked.key.partition(".")[2] and asked.key[0] in "LM":
            yield asked.key, [rate(asked.key, chance)]
        else:
            yield asked.key, [chance.choice([str(point) for point in asked.scale.points])]
    elif asked.type == "single":
        chosen = chance.choice([key for key in keys if key not in asked.refused])
        yield asked.key, [chosen]
        yield from _other(asked, [chosen], text)
    elif isinstance(question, Multi):
        free = [item.key for item in asked.options if not item.exclusive]
        free = [key for key in free if key not in asked.refused]
        count = min(len(free), question.max or 3, max(question.min, 3))
        chosen_many = chance.sample(free, count)
        yield asked.key, chosen_many
        yield from _other(asked, chosen_many, text)
    elif isinstance(question, Number):
        yield asked.key, [str(chance.randint(question.min, min(question.max, 9)))]
    elif asked.type == "rank":
        places = getattr(question, "top", None) or len(keys)
        for place, key in enumerate(chance.sample(keys, places), start=1):
            yield f"{asked.key}.{place}", [key]
    elif isinstance(question, Points):
        shares = [chance.choice(keys) for _ in range(question.total)]
        for key in keys:
            yield f"{asked.key}.{key}", [str(shares.count(key))]
    elif asked.type == "text":
        words = text[: getattr(question, "max_length", 80)]
        yield asked.key, [words]
    elif asked.type == "consent":
        yield asked.key, ["yes"]


def _other(asked: AskedQuestion, chosen: list[str], text: str) -> Iterator[tuple[str, list[str]]]:
    for option in asked.options:
        if option.other and option.key in chosen:
            yield f"{asked.key}.other", [text[:60]]


def versions(session: Session, stage: Stage) -> dict[str, int]:
    """By measure: the wording that a round asks about."""
    return {item.key: item.version.id for item in measures.wordings_in_stage(session, stage)}
