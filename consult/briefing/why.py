"""What experts say played a part in changing ratings or keeping them, round by round."""

from collections.abc import Iterator

from consult.briefing.context import BriefingContext, number
from consult.briefing.model import Cell, Paragraph, Run, Table
from consult.words import why as words
from consult.words.by_itself import reasons_sentence


def reasons_lines(ctx: BriefingContext) -> Iterator[Paragraph]:
    """Whether going on by itself cost reasons, where it was compared."""
    for stage in ctx.rounds:
        sentence = reasons_sentence(stage.numbers.reasons_given if stage.numbers is not None else None, ctx.t)
        if sentence:
            yield Paragraph((Run(sentence, ctx.cite(f"reasons {stage.key}", ctx.read(stage.title))),), "note")


def why_tables(ctx: BriefingContext) -> Iterator[Table]:
    """A table for each round in which enough people said anything; no cause is meant."""
    _ = ctx.t.gettext
    for stage in ctx.rounds:
        why = stage.numbers.why if stage.numbers is not None else None
        if why is None or (why.changed.named is None and why.stayed.named is None):
            continue
        rows = tuple((Cell(row.label), number(row.changed), number(row.stayed)) for row in words.rows(why, ctx.t))
        title = _("What experts say played a part in round %(round)d") % {"round": stage.round or 0}
        note = _("Several answers were allowed; people are counted over all measures. No cause is meant.")
        yield Table(title, (_("Named by experts"), *words.heads(why, ctx.t)), rows, note=note, is_detail=True)
