"""What the synthetic facilitator does between the stages."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from consult.demo.opinions import NAMES_SOMEONE, TRANSLATED
from consult.models import Consultation, Proposal
from consult.services.measures import comments, measures, moderation, proposals, revising
from consult.services.running import finishing

ACTOR = "facilitator@demo.example"

TITLES = {
    "Match-making desk": "Бюро поиска партнёров",
    "Paid preparation time": "Оплата времени на подготовку",
    "Joint procurement workshop": "Общий семинар по закупкам",
    "Open lab days": "Дни открытых лабораторий",
    "Bridge fund for freelancers": "Поддержка фрилансеров между проектами",
}
"""What the panel proposes, as a Russian reader sees it."""


def moderate(session: Session, consultation: Consultation) -> None:
    """Accept comments, translated where needed; withhold the one that names somebody."""
    for comment in comments.comments(session, consultation, "waiting"):
        if comment.text == NAMES_SOMEONE:
            moderation.withhold_comment(
                session,
                consultation,
                comment.handle,
                actor=ACTOR,
                reason="It names a person and a promise made to them.",
            )
        else:
            both = next((pair for pair in TRANSLATED.items() if comment.text in pair), None)
            texts = {"ru": both[0], "en": both[1]} if both else None
            moderation.accept_comment(session, consultation, comment.handle, actor=ACTOR, texts=texts)


def _entitle(session: Session, consultation: Consultation) -> None:
    """Say the title of every new proposal in both languages."""
    for proposal in proposals.proposals(session, consultation):
        if proposal.title in TITLES and proposal.title_in is None:
            titles = {"en": proposal.title, "ru": TITLES[proposal.title]}
            proposals.entitle_proposal(session, consultation, proposal, titles, actor=ACTOR)


def _waiting(session: Session, consultation: Consultation) -> list[Proposal]:
    """Proposals to decide, in the order of their words: that of the list is drawn for each run."""
    found = proposals.proposals(session, consultation)
    waiting = [item for item in found if item.fate == "waiting"]
    return sorted(waiting, key=lambda item: (moderation.scramble(item.text), item.title))


def after_pre_event(session: Session, consultation: Consultation) -> None:
    """Proposals made before the event: contained in a measure of the list, or left out."""
    _entitle(session, consultation)
    for number, proposal in enumerate(_waiting(session, consultation)):
        if number % 2:
            into = measures.find_measure(session, consultation.id, "M07")
            proposals.merge_proposal(
                session,
                consultation,
                proposal,
                into,
                actor=ACTOR,
                reason={
                    "en": "A partnership market does this twice a year.",
                    "ru": "Ярмарка партнёрств делает это дважды в год.",
                },
            )
        else:
            proposals.withhold_proposal(
                session,
                consultation,
                proposal,
                actor=ACTOR,
                reason={
                    "en": "It belongs to one country's law, which this list cannot change.",
                    "ru": "Это дело закона одной страны, и этот список его не изменит.",
                },
            )


def after_round_1(session: Session, consultation: Consultation) -> None:
    """One new measure, one merger, one editorial and one substantive rewording."""
    moderate(session, consultation)
    _entitle(session, consultation)
    waiting = _waiting(session, consultation)
    proposal = waiting[-1] if waiting else None
    revising.add_measure(
        session,
        consultation,
        {
            "title": {"en": "Paid preparation time", "ru": "Оплата времени на подготовку"},
            "text": {
                "en": "Pay small creative organisations for up to ten days in which they prepare "
                "a joint project with a partner from another sector.",
                "ru": "Оплачивать небольшим творческим организациям до десяти дней подготовки "
                "совместного проекта с партнёром из другой отрасли.",
            },
            "actors": ["lev_national"],
            "barriers": ["B06"],
            "instrument": "money",
            "late": False,
        },
        theme="A",
        actor=ACTOR,
        proposal=proposal,
        reason={
            "en": "Proposed by the panel in round 1; no measure of the list contains it.",
            "ru": "Предложено в раунде 1; ни одна мера списка этого не содержит.",
        },
    )
    _merge(session, consultation)
    _reword(session, consultation)


def _merge(session: Session, consultation: Consultation) -> None:
    find = measures.find_measure
    revising.merge_measure(
        session,
        consultation,
        find(session, consultation.id, "M31"),
        find(session, consultation.id, "M22"),
        actor=ACTOR,
        reason={"en": "The panel read the two as one matter.", "ru": "Участники поняли обе меры как одно и то же."},
        content={
            "text": {
                "en": "Open the existing regional mobility schemes to all Northern Dimension "
                "countries and to partners from outside culture.",
                "ru": "Открыть существующие региональные программы мобильности для всех стран "
                "«Северного измерения» и для партнёров вне сферы культуры.",
            }
        },
    )


def _reword(session: Session, consultation: Consultation) -> None:
    students = measures.find_measure(session, consultation.id, "M12")
    text = dict(students.text)
    revising.reword_measure(
        session,
        consultation,
        students,
        {
            "text": {
                "en": text["en"].rstrip(".") + ", in every Northern Dimension country.",
                "ru": text["ru"].rstrip(".") + ", в каждой стране «Северного измерения».",
            }
        },
        is_substantive=False,
        actor=ACTOR,
        reason={
            "en": "Says where, as asked in two comments.",
            "ru": "Сказано, где: об этом просили в двух комментариях.",
        },
    )
    labs = measures.find_measure(session, consultation.id, "M09")
    revising.reword_measure(
        session,
        consultation,
        labs,
        {
            "text": {
                "en": "Support city labs in which employees of a public body and two or more "
                "creatives work for three months on one task.",
                "ru": "Поддерживать городские лаборатории, в которых сотрудники государственного "
                "учреждения и не менее двух творческих специалистов три месяца решают одну задачу.",
            }
        },
        is_substantive=True,
        actor=ACTOR,
        reason={
            "en": "Narrowed to public bodies and lengthened: another measure than before.",
            "ru": "Сужено до государственных учреждений и продлено: это уже другая мера.",
        },
    )


def after_round_2(session: Session, consultation: Consultation) -> None:
    """One measure dropped after two ratings; late proposals stay listed as not rated."""
    moderate(session, consultation)
    _entitle(session, consultation)
    revising.drop_measure(
        session,
        consultation,
        measures.find_measure(session, consultation.id, "M13"),
        actor=ACTOR,
        reason={
            "en": "A matter for the focus group on serious games that follows.",
            "ru": "Предмет следующей фокус-группы, о серьёзных играх.",
        },
    )


def after_round_3(session: Session, consultation: Consultation) -> None:
    """The reasons of the last round, then the end: what every measure came to is final."""
    moderate(session, consultation)
    finishing.finish(session, consultation, actor=ACTOR)


BETWEEN: dict[str, Callable[[Session, Consultation], None]] = {
    "pre-event": after_pre_event,
    "round-1": after_round_1,
    "round-2": after_round_2,
    "round-3": after_round_3,
}
"""What is done after the close of a stage."""
