"""Collecting: proposals in the answers that count become rows of their own at the close."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.definition.question import Group, Questionnaire
from consult.models import Answer, Consultation, Expert, Proposal, Stage, Submission, VariableRow
from consult.services.definitions import definition_of
from consult.services.submissions import counted


def collect_proposals(session: Session, consultation: Consultation, stage: Stage) -> int:
    """Copy proposals from the answers that count, when their stage closes; returns how many."""
    questionnaire = definition_of(session, consultation.id).questionnaire_of(stage.key)
    count = 0
    for group in _proposal_groups(questionnaire):
        for expert_id, language, title, text in _proposed(session, stage, group):
            session.add(
                Proposal(
                    consultation_id=consultation.id,
                    stage_id=stage.id,
                    expert_id=expert_id,
                    title=title,
                    text=text,
                    language=language,
                    fate="waiting",
                )
            )
            count += 1
    session.flush()
    return count


def _proposal_groups(questionnaire: Questionnaire | None) -> list[Group]:
    """The questions of a questionnaire that ask for proposals."""
    return [
        question
        for question in (questionnaire.questions() if questionnaire else ())
        if isinstance(question, Group) and question.proposal is not None
    ]


def _proposed(session: Session, stage: Stage, group: Group) -> list[tuple[int, str, str, str]]:
    assert group.proposal is not None
    rows = session.execute(
        select(Submission.expert_id, Expert.language, VariableRow.key, Answer.text)
        .join(Answer, Answer.submission_id == Submission.id)
        .join(VariableRow, VariableRow.id == Answer.variable_id)
        .join(Expert, Expert.id == Submission.expert_id)
        .where(Submission.id.in_(counted(stage)), Answer.text.is_not(None))
        .order_by(Submission.expert_id)
    )
    texts: dict[tuple[int, str], dict[str, str]] = {}
    for expert_id, language, key, text in rows:
        texts.setdefault((expert_id, language), {})[key] = text or ""
    found = []
    for (expert_id, language), known in texts.items():
        for number in range(1, group.repeat.max + 1):
            title = known.get(f"{group.key}.{number}.{group.proposal.title}", "")
            words = known.get(f"{group.key}.{number}.{group.proposal.text}", "")
            if title or words:
                found.append((expert_id, language, title, words))
    return found
