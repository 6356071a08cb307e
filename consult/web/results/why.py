"""What experts say played a part in changing ratings or keeping them, as a table."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from analysis.model.stage import WhyCounts, WhyResult
from analysis.protocol.states import WhyChanged
from consult.words.why import WHY_CHANGED


@dataclass(frozen=True, slots=True)
class WhyRow:
    """How many named one thing; a dash where too few said anything."""

    label: str
    changed: str
    stayed: str


@dataclass(frozen=True, slots=True)
class WhyTable:
    """All that could be named, in a fixed order; the heads say of how many people."""

    changed_head: str
    stayed_head: str
    rows: Sequence[WhyRow]
    is_withheld: bool


def why_table(why: WhyResult | None) -> WhyTable | None:
    """The table of a round; None where it was not asked, or nobody said anything."""
    if why is None:
        return None
    return WhyTable(
        changed_head=_("of %(number)d who changed a rating", number=why.changed.people),
        stayed_head=_("of %(number)d who kept one", number=why.stayed.people),
        rows=[
            WhyRow(_(words), _count(why.changed, code), _count(why.stayed, code)) for code, words in WHY_CHANGED.items()
        ],
        is_withheld=why.changed.named is None or why.stayed.named is None,
    )


def _count(one: WhyCounts, code: WhyChanged) -> str:
    return "–" if one.named is None else str(one.named.get(code, 0))
