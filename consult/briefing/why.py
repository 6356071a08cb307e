"""What experts say played a part in changing ratings or keeping them, round by round."""

from collections.abc import Iterator

from analysis.model.stage import WhyCounts
from analysis.protocol.states import WhyChanged
from consult.briefing.context import BriefingContext, number
from consult.briefing.model import Cell, Table
from consult.words.why import WHY_CHANGED


def why_tables(ctx: BriefingContext) -> Iterator[Table]:
    """A table for each round in which anybody said anything and enough did; no cause is meant."""
    _ = ctx.t.gettext
    for stage in ctx.rounds:
        why = stage.numbers.why if stage.numbers is not None else None
        if why is None or (why.changed.named is None and why.stayed.named is None):
            continue
        header = (
            _("Named by experts"),
            _("of %(number)d who changed a rating") % {"number": why.changed.people},
            _("of %(number)d who kept one") % {"number": why.stayed.people},
        )
        rows = tuple(
            (Cell(_(words)), number(_count(why.changed, code)), number(_count(why.stayed, code)))
            for code, words in WHY_CHANGED.items()
        )
        title = _("What experts say played a part in round %(round)d") % {"round": stage.round or 0}
        note = _("Several answers were allowed; people are counted over all measures. No cause is meant.")
        yield Table(title, header, rows, note=note, is_detail=True)


def _count(one: WhyCounts, code: WhyChanged) -> str:
    return "–" if one.named is None else str(one.named.get(code, 0))
