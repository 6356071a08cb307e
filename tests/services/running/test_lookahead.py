"""What stands open before an act that cannot be taken back."""

from datetime import timedelta

from sqlalchemy import select

from consult import clock
from consult.config import Config
from consult.models import Comment, Proposal
from consult.services.rounds.stages import StageAct
from consult.services.running import lookahead
from consult.words import catalogues
from tests.services.conftest import World
from tests.services.mail.telling import begin, submit, tick


def test_before_a_round_opens_what_stands_open_is_counted(invited: World, config: Config) -> None:
    one, two = invited.stage("round-1"), invited.stage("round-2")
    with clock.set_to(one.opens_at):
        tick(invited, config)
        for expert in invited.experts[2:]:
            submit(invited, expert, one)
    with clock.set_to(two.opens_at - timedelta(minutes=1)):
        tick(invited, config)
        comments = list(invited.session.scalars(select(Comment)))
        comments[0].moderation, comments[0].reason = "withheld", "Names a person."
        invited.session.add(
            Proposal(
                consultation_id=invited.consultation.id,
                stage_id=one.id,
                title="More",
                text="More of it.",
                language="en",
                fate="waiting",
            )
        )
        invited.session.flush()
        seen = lookahead.before(invited.session, invited.consultation, two, StageAct.OPEN)
    assert seen.unmoderated == len(comments) - 1 > 0
    assert (seen.withheld, seen.undecided, seen.told) == (1, 1, 3)
    sentences = list(seen.sentences(catalogues.catalogue("en")))
    assert sentences[0].startswith(f"{len(comments) - 1} reasons have not been moderated")
    assert sentences[1:] == [
        "1 reason is withheld.",
        "1 proposal has not been decided: it will not be rated in this round.",
        "3 experts whom it concerns get a mail.",
    ]


def test_before_a_close_those_who_began_are_counted(invited: World, config: Config) -> None:
    stage = invited.stage("first-look")
    one, two, three = invited.experts[2:]
    with clock.set_to(stage.opens_at):
        tick(invited, config)
        for expert in (one, two):
            begin(invited, expert, stage)
        submit(invited, three, stage)
        seen = lookahead.before(invited.session, invited.consultation, stage, StageAct.CLOSE)
        moved = lookahead.before(invited.session, invited.consultation, stage, StageAct.EXTEND)
    assert (seen.unfinished, seen.unmoderated, seen.undecided) == (2, 0, 0)
    assert next(seen.sentences(catalogues.catalogue("en"))).startswith("2 experts have begun and not submitted")
    assert (moved.unfinished, moved.unmoderated, moved.withheld, moved.undecided) == (0, 0, 0, 0)


def test_what_is_nothing_is_not_said() -> None:
    """How many mails go out always is."""
    sentences = lookahead.Lookahead(0).sentences(catalogues.catalogue("en"))
    assert list(sentences) == ["0 experts whom it concerns get a mail."]
