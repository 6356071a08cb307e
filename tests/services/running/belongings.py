"""Something of an expert in every table that can hold it."""

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from consult import clock
from consult.models import (
    Answer,
    Base,
    Comment,
    Draft,
    Expert,
    FeedbackShown,
    HeldForm,
    Letter,
    Measure,
    MeasureVersion,
    Objection,
    Proposal,
    Result,
    SecretariatAnswer,
    Submission,
    VariableRow,
)
from consult.services.access import consents, invitations, sessions
from consult.services.mail import outbox
from tests.services.conftest import World


def tables_about_experts() -> list[Table]:
    """Every table that says which expert a row belongs to."""
    return [table for table in Base.metadata.sorted_tables if "expert_id" in table.columns]


def rows_of(session: Session, table: Table, expert: Expert) -> int:
    found = select(func.count()).select_from(table).where(table.c.expert_id == expert.id)
    return session.scalar(found) or 0


def give_everything(world: World, expert: Expert) -> str:
    """One row in every table that can hold something of an expert; returns a live session."""
    session, now = world.session, clock.utc_now()
    inside = {"consultation_id": world.consultation.id}
    own = {**inside, "expert_id": expert.id}
    stage = world.stage("round-1")
    measure = session.scalars(select(Measure).where(Measure.key == "L1")).first()
    assert measure is not None
    version = session.scalars(select(MeasureVersion).where(MeasureVersion.measure_id == measure.id)).one()
    variable = session.scalar(select(VariableRow)) or VariableRow(
        **inside, key="missing", question="missing", level="text", labels=[], text={}, disclosure="never"
    )
    result = session.scalar(select(Result)) or Result(
        **inside,
        stage_id=stage.id,
        number=1,
        digest="d" * 64,
        protocol_digest="p" * 64,
        analysis_version="1",
        content="{}",
        row_seed="s" * 64,
        frozen_at=now,
    )
    submission = Submission(
        **own,
        stage_id=stage.id,
        number=1,
        idempotency_key="once",
        receipt=f"R-{expert.id}",
        channel="web",
        is_late=False,
        submitted_at=now,
    )
    session.add_all([variable, result, submission])
    session.flush()
    session.add_all(
        [
            Draft(**own, stage_id=stage.id, name="L1.wish", values=["draft by hand"], revision=1),
            Answer(**inside, submission_id=submission.id, variable_id=variable.id, text=f"free words of {expert.code}"),
            Comment(
                **inside,
                submission_id=submission.id,
                measure_id=measure.id,
                kind="reason",
                text=f"reason of {expert.code}",
                language="en",
                moderation="waiting",
            ),
            Proposal(
                **own,
                stage_id=stage.id,
                title=f"idea of {expert.code}",
                text="More books",
                language="en",
                fate="waiting",
            ),
            HeldForm(
                **own,
                token_hash=f"{expert.id}".ljust(64, "0"),
                address="/c/x",
                held_at=now,
                content={"yours": {"L1.wish.reason": [f"held of {expert.code}"]}},
                expires_at=now,
            ),
            Letter(**own, kind="message", name="Somebody", email="", text="Not me", written_at=now),
            SecretariatAnswer(**own, question="help", inputs={"help": ["a ramp"]}, given_at=now),
            FeedbackShown(
                **own, stage_id=stage.id, measure_version_id=version.id, result_id=result.id, form="words", shown_at=now
            ),
        ]
    )
    consents.say_consent(session, expert, world.definition, "en", True)
    session.add(Objection(**own, use="reasons", said_at=now))
    outbox.queue(session, expert, "reminder", "round-1", "Subject", "Dear you")
    token = invitations.create_invitation(session, expert)
    opened = sessions.open_session(session, token, 60)
    session.flush()
    return opened
