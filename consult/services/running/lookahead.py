"""What stands open before an act that cannot be taken back, counted and said in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from babel.support import NullTranslations
from sqlalchemy.orm import Session

from consult.models import Consultation, Stage
from consult.services.definitions import definition_of
from consult.services.mail import notices
from consult.services.measures import comments
from consult.services.panel import panel
from consult.services.rounds.saved import is_declared
from consult.services.rounds.stages import StageAct


@dataclass(frozen=True, slots=True)
class Lookahead:
    """What an act on a stage leaves behind, and how many it is told to.

    `is_end`: no round follows. `unmoderated`, `withheld`: reasons of the rounds before;
    `undecided`: proposals; `unfinished`: experts who began and did not submit.
    """

    told: int
    is_end: bool = False
    unmoderated: int = 0
    withheld: int = 0
    undecided: int = 0
    unfinished: int = 0
    counts_saved: bool = False

    def sentences(self, t: NullTranslations) -> Iterator[str]:
        """One sentence for each count that is not 0; how many mails go out is always said."""
        counts = (
            (
                self.unmoderated,
                t.ngettext(
                    "%(num)s reason has not been moderated: it will not be shown.",
                    "%(num)s reasons have not been moderated: they will not be shown.",
                    self.unmoderated,
                ),
            ),
            (self.withheld, t.ngettext("%(num)s reason is withheld.", "%(num)s reasons are withheld.", self.withheld)),
            (self.undecided, self._undecided(t)),
            (self.unfinished, self._unfinished(t)),
        )
        for count, words in counts:
            if count:
                yield words % {"num": count}
        yield t.ngettext(
            "%(num)s expert whom it concerns gets a mail.", "%(num)s experts whom it concerns get a mail.", self.told
        ) % {"num": self.told}

    def _unfinished(self, t: NullTranslations) -> str:
        if self.counts_saved:
            return t.ngettext(
                "%(num)s expert has begun and not submitted: what was sent counts if half of the ratings are there.",
                "%(num)s experts have begun and not submitted: what was sent counts if half of the ratings are there.",
                self.unfinished,
            )
        return t.ngettext(
            "%(num)s expert has begun and not submitted: what they typed will not count.",
            "%(num)s experts have begun and not submitted: what they typed will not count.",
            self.unfinished,
        )

    def _undecided(self, t: NullTranslations) -> str:
        if self.is_end:
            return t.ngettext(
                "%(num)s proposal has not been decided: its author will learn nothing of it.",
                "%(num)s proposals have not been decided: their authors will learn nothing of them.",
                self.undecided,
            )
        return t.ngettext(
            "%(num)s proposal has not been decided: it will not be rated in this round.",
            "%(num)s proposals have not been decided: they will not be rated in this round.",
            self.undecided,
        )


def before(session: Session, consultation: Consultation, stage: Stage, act: StageAct) -> Lookahead:
    """What to know before a stage is opened, moved or closed."""
    told = len(notices.concerned(session, consultation, stage, act))
    if act is StageAct.CLOSE:
        waiting = panel.not_answered(session, consultation, stage)
        counts_saved = is_declared(definition_of(session, consultation.id), stage)
        return Lookahead(told, unfinished=sum(member.has_started for member in waiting), counts_saved=counts_saved)
    if act is StageAct.EXTEND or stage.kind != "round":
        return Lookahead(told)
    return _undone(session, consultation, told)


def before_the_finish(session: Session, consultation: Consultation) -> Lookahead:
    """What to know before a consultation is finished."""
    return _undone(session, consultation, len(notices.of_the_finish(session, consultation)), is_end=True)


def _undone(session: Session, consultation: Consultation, told: int, *, is_end: bool = False) -> Lookahead:
    """Reasons and proposals of the rounds before that somebody might still decide."""
    earlier = [item for item in comments.closed_comments(session, consultation) if not item.is_over]
    return Lookahead(
        told,
        is_end,
        unmoderated=sum(item.is_waiting for item in earlier),
        withheld=sum(item.view.moderation == "withheld" for item in earlier),
        undecided=comments.waiting(session, consultation)["proposals"],
    )
