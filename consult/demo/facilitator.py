"""What the synthetic facilitator does between the stages."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from consult.demo.opinions import NAMES_SOMEONE, TRANSLATED
from consult.models import Consultation
from consult.services import measures, moderation

ACTOR = "facilitator@demo.example"


def moderate(session: Session, consultation: Consultation) -> None:
    """Accept comments, translated where needed; withhold the one that names somebody."""
    for comment in moderation.comments(session, consultation, "waiting"):
        if comment.text == NAMES_SOMEONE:
            moderation.withhold_comment(
                session, consultation, comment.id, actor=ACTOR,
                reason="It names a person and a promise made to them.",
            )  # fmt: skip
        else:
            both = next((pair for pair in TRANSLATED.items() if comment.text in pair), None)
            texts = {"ru": both[0], "en": both[1]} if both else None
            moderation.accept_comment(session, consultation, comment.id, actor=ACTOR, texts=texts)


def after_pre_event(session: Session, consultation: Consultation) -> None:
    """Proposals made before the event: contained in a measure of the list, or left out."""
    for number, proposal in enumerate(moderation.proposals(session, consultation)):
        if proposal.fate != "waiting":
            continue
        if number % 2:
            into = measures.find_measure(session, consultation.id, "M07")
            moderation.merge_proposal(
                session, consultation, proposal, into, actor=ACTOR,
                reason="A partnership market does this twice a year.",
            )  # fmt: skip
        else:
            moderation.withhold_proposal(
                session,
                consultation,
                proposal,
                actor=ACTOR,
                reason="It belongs to one country's law, which this list cannot change.",
            )


def after_round_1(session: Session, consultation: Consultation) -> None:
    """One new measure, one merger, one editorial and one substantive rewording."""
    moderate(session, consultation)
    waiting = [item for item in moderation.proposals(session, consultation)
               if item.fate == "waiting"]  # fmt: skip
    proposal = waiting[-1] if waiting else None
    measures.add_measure(
        session, consultation,
        {
            "title": {"en": "Paid preparation time",
                      "ru": "Оплата времени на подготовку"},
            "text": {
                "en": "Pay small creative organisations for up to ten days in which they prepare "
                "a joint project with a partner from another sector.",
                "ru": "Оплачивать небольшим творческим организациям до десяти дней подготовки "
                "совместного проекта с партнёром из другой отрасли.",
            },
            "actors": ["lev_national"], "barriers": ["B06"], "instrument": "money", "late": False,
        },
        theme="A", reason="Proposed by the panel in round 1; no measure of the list contains it.",
        actor=ACTOR, proposal=proposal,
    )  # fmt: skip
    find = measures.find_measure
    measures.merge_measure(
        session, consultation, find(session, consultation.id, "M31"),
        find(session, consultation.id, "M22"), actor=ACTOR,
        reason="The panel read the two as one matter.",
        content={
            "text": {
                "en": "Open the existing regional mobility schemes to all Northern Dimension "
                "countries and to partners from outside culture.",
                "ru": "Открыть существующие региональные программы мобильности для всех стран "
                "«Северного измерения» и для партнёров вне сферы культуры.",
            }
        },
    )  # fmt: skip
    _reword(session, consultation)


def _reword(session: Session, consultation: Consultation) -> None:
    students = measures.find_measure(session, consultation.id, "M12")
    text = dict(students.text)
    measures.reword_measure(
        session, consultation, students,
        {"text": {**text, "en": text["en"].rstrip(".") + ", in every Northern Dimension country."}},
        is_substantive=False, reason="Says where, as asked in two comments.", actor=ACTOR,
    )  # fmt: skip
    labs = measures.find_measure(session, consultation.id, "M09")
    measures.reword_measure(
        session, consultation, labs,
        {
            "text": {
                "en": "Support city labs in which employees of a public body and two or more "
                "creatives work for three months on one task.",
                "ru": "Поддерживать городские лаборатории, в которых сотрудники государственного "
                "учреждения и не менее двух творческих специалистов три месяца решают одну задачу.",
            }
        },
        is_substantive=True, actor=ACTOR,
        reason="Narrowed to public bodies and lengthened: another measure than before.",
    )  # fmt: skip


def after_round_2(session: Session, consultation: Consultation) -> None:
    """One measure dropped after two ratings; late proposals stay listed as not rated."""
    moderate(session, consultation)
    measures.drop_measure(
        session, consultation, measures.find_measure(session, consultation.id, "M13"),
        reason="A matter for the focus group on serious games that follows.", actor=ACTOR,
    )  # fmt: skip


BETWEEN: dict[str, Callable[[Session, Consultation], None]] = {
    "pre-event": after_pre_event,
    "round-1": after_round_1,
    "round-2": after_round_2,
    "round-3": moderate,
}
"""What is done after the close of a stage."""
