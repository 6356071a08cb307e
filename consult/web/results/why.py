"""What experts say played a part in changing ratings or keeping them, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.model.stage import WhyResult
from consult.web.access import RequestContext
from consult.web.staff.pages import translate
from consult.words import why as words


@dataclass(frozen=True, slots=True)
class WhyTable:
    """The heads of the two columns, and the rows; `is_withheld` where one of them is."""

    heads: tuple[str, str]
    rows: Sequence[words.WhyRow]
    is_withheld: bool


def why_table(ctx: RequestContext, why: WhyResult | None) -> WhyTable | None:
    """The table of a round; None where it was not asked, or nobody said anything."""
    if why is None:
        return None
    spoken = translate(ctx)
    is_withheld = why.changed.named is None or why.stayed.named is None
    return WhyTable(words.heads(why, spoken), words.rows(why, spoken), is_withheld)
