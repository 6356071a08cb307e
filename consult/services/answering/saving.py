"""Saving drafts: with a mark of what was seen, so that no device overwrites another."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.definition.answers import answer_type, problems
from consult.definition.asked import AskedQuestion, Problem
from consult.definition.text import is_blank
from consult.errors import StageNotOpen, Withdrawn
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import OfStage
from consult.services.answering.drafts import DraftValue, read_drafts, snapshot, write_drafts
from consult.services.answering.responding import Respondent
from consult.services.rounds.stages import takes_answers


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that two devices changed: both versions."""

    name: str
    yours: list[str]
    theirs: list[str]


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a page that was sent: stored, and what is to be mended or chosen."""

    problems: tuple[Problem, ...]
    conflicts: tuple[Conflict, ...]


def hold(session: Session, respondent: Respondent) -> None:
    """Let this expert's other devices wait for this transaction, and read what they stored.

    The stage is held too, shared among experts: it cannot be closed between check and storing.
    What was read in a transaction that holds both stands as it is until something is written.
    """
    if respondent.held == snapshot(session):
        return
    session.flush()
    session.refresh(respondent.stage, with_for_update={"read": True})
    session.refresh(respondent.expert, with_for_update={"key_share": True})
    respondent.drafts = read_drafts(session, respondent.expert, respondent.stage)
    respondent.held = snapshot(session)
    respondent.forget_steps()


def require_open(respondent: Respondent) -> None:
    """Raise StageNotOpen or Withdrawn unless answers are accepted now."""
    if respondent.expert.withdrawn_at is not None:
        raise Withdrawn(Refusal(Code.WITHDRAWN))
    if not takes_answers(respondent.stage, respondent.definition.grace):
        raise StageNotOpen(Refusal(Code.TAKES_NO_ANSWERS, OfStage(respondent.stage.key)))


def mark(draft: DraftValue | None) -> str:
    """What a page says it has seen of a value: revision and a short digest of it."""
    return f"{draft.revision if draft else 0}:{_short(draft.values if draft else [])}"


def marks(respondent: Respondent, names: Iterable[str]) -> dict[str, str]:
    """The marks of several values.

    An input that was left alone while another device changed it keeps the mark it had: the page
    still shows the older value, which must not pass for a change of the newer one.
    """
    return {name: respondent.behind.get(name) or mark(respondent.drafts.get(name)) for name in names}


def _short(values: Sequence[str]) -> str:
    joined = "\x1f".join(value.replace("\r\n", "\n") for value in values)
    return hashlib.sha256(joined.encode()).hexdigest()[:8]


def save(
    session: Session,
    respondent: Respondent,
    asked: Iterable[AskedQuestion],
    posted: Mapping[str, Sequence[str]],
    seen: Mapping[str, str],
    *,
    is_sent: bool = False,
) -> Saved:
    """Store what was typed on one page, valid or not, and say what is wrong with it.

    `is_sent`: the page was pressed on from, not saved by itself.

    `seen` holds for each input what the page had seen (`mark`). A value changed elsewhere since,
    and changed here too, is a conflict: the stored one stays until the expert chooses.
    """
    hold(session, respondent)
    require_open(respondent)
    questions = list(asked)
    conflicts = []
    changed: dict[str, DraftValue] = {}
    for name in (name for item in questions for name in answer_type(item).names(item)):
        values = [value for value in posted.get(name, ()) if not is_blank(value)]
        draft = respondent.drafts.get(name)
        stored = list(draft.values) if draft else []
        if values == stored and draft is not None:
            if is_sent and not draft.is_sent:
                changed[name] = draft._replace(is_sent=True)
            continue
        revision, _, digest = seen.get(name, "0:").partition(":")
        # Saved elsewhere since; what counts is whether the value is another one now.
        is_newer = draft is not None and revision != str(draft.revision)
        if is_newer and digest != _short(stored):
            if digest == _short(values):
                respondent.behind[name] = seen[name]
                continue  # untouched on this device: what the other one stored stands
            conflicts.append(Conflict(name, values, stored))
            continue
        changed[name] = _next(draft, values, is_sent=is_sent)
    _store(session, respondent, changed)
    return Saved(page_problems(respondent, questions), tuple(conflicts))


def put(session: Session, respondent: Respondent, name: str, values: list[str], *, is_sent: bool = False) -> None:
    """Write one value of a draft that is held, as its next revision."""
    _store(session, respondent, {name: _next(respondent.drafts.get(name), values, is_sent=is_sent)})


def _next(draft: DraftValue | None, values: list[str], *, is_sent: bool) -> DraftValue:
    return DraftValue(values, draft.revision + 1 if draft is not None else 1, is_sent)


def _store(session: Session, respondent: Respondent, changed: Mapping[str, DraftValue]) -> None:
    write_drafts(session, respondent.expert, respondent.stage, changed)
    respondent.drafts.update(changed)
    respondent.held = snapshot(session)
    respondent.forget_steps()


def page_problems(respondent: Respondent, asked: Iterable[AskedQuestion]) -> tuple[Problem, ...]:
    """What is wrong with the draft of one page, right after it was sent or any time later."""
    typed = {**respondent.earlier, **respondent.typed}
    return tuple(problem for item in asked for problem in problems(item, typed))
