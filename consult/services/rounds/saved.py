"""Answers that are saved and never submitted: where they count, whose they are, and a round without them."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.protocol.protocol import Scale
from analysis.result.stage_input import SetAside
from consult.definition.consultation import Definition
from consult.models import Channel, Draft, Stage, Submission
from consult.services import submissions
from consult.services.rounds.aside import paired, set_aside

DO_NOT_COUNT = "do_not_count"
"""The name under which a draft keeps somebody's word that saved answers are not to count."""


def is_declared(definition: Definition, stage: Stage) -> bool:
    """Whether saved answers may count at the close of a stage."""
    return stage.kind == "round" and definition.protocol.counts_saved_answers


def who_refused(session: Session, stage: Stage) -> set[int]:
    """The experts whose saved answers are not to count."""
    said = session.scalars(select(Draft).where(Draft.stage_id == stage.id, Draft.name == DO_NOT_COUNT))
    return {draft.expert_id for draft in said if draft.values}


def saved_only(session: Session, stage: Stage, at: datetime | None = None) -> set[int]:
    """The experts whose answers count at a stage though they pressed Submit nowhere."""
    found = session.scalars(
        select(Submission.expert_id).where(
            Submission.id.in_(submissions.counted(stage, at)), Submission.channel == Channel.DRAFT
        )
    )
    return set(found)


def counted_at_close(
    session: Session,
    earlier: Stage | None,
    stage: Stage,
    scales: Iterable[tuple[str, Scale]],
    compared: Collection[str],
    at: datetime | None = None,
) -> dict[str, SetAside]:
    """By variable, what is left of a round without the answers that were only saved; empty where none were.

    `scales`: the variables, `MEASURE.criterion`, and their scale; `compared`: the measures whose
    ratings compare with those of the earlier round.
    """
    saved = saved_only(session, stage, at)
    wanted = dict(scales)
    if not saved or not wanted:
        return {}
    first = submissions.by_expert(session, earlier, set(wanted), at) if earlier else {}
    second = submissions.by_expert(session, stage, set(wanted), at)
    return {
        key: set_aside(paired(first, second, key), saved, scale, is_compared=key.partition(".")[0] in compared)
        for key, scale in wanted.items()
    }
