"""What somebody says played a part in changing a rating, or in keeping it, in words."""

from collections.abc import Mapping
from typing import NamedTuple

from analysis.model.stage import WhyCounts, WhyResult
from analysis.protocol.states import WhyChanged
from consult.words.phrases import N_, Translate

# Translators: above answers to choose from, several allowed; of a rating that was changed or kept since the last round.
WHY_ASKED = N_("What played a part?")
WHY_CHANGED: Mapping[WhyChanged, str] = {
    WhyChanged.REASON_READ: N_("A reason I read here"),
    WhyChanged.PANEL_RATINGS: N_("The panel\u2019s ratings"),
    WhyChanged.EVENT_OR_COLLEAGUE: N_("The event, or a colleague"),
    WhyChanged.NEW_INFORMATION: N_("New information"),
    WhyChanged.UNDERSTOOD_DIFFERENTLY: N_("I understood the wording differently"),
    WhyChanged.SLIP: N_("One of the two ratings was a slip"),
    WhyChanged.RATHER_NOT_SAY: N_("I would rather not say"),
}


class WhyRow(NamedTuple):
    """How many named one thing, of changed and of kept ratings; a dash where too few said anything."""

    label: str
    changed: str
    stayed: str


def heads(why: WhyResult, translate: Translate) -> tuple[str, str]:
    """Of how many people the two columns are: of those who said anything."""
    changed = translate.gettext("changed rating: of %(number)d who answered") % {"number": why.changed.people}
    return changed, translate.gettext("kept rating: of %(number)d who answered") % {"number": why.stayed.people}


def rows(why: WhyResult, translate: Translate) -> list[WhyRow]:
    """All that could be named, in a fixed order."""
    return [
        WhyRow(translate.gettext(words), _count(why.changed, code), _count(why.stayed, code))
        for code, words in WHY_CHANGED.items()
    ]


def _count(one: WhyCounts, code: WhyChanged) -> str:
    return "–" if one.named is None else str(one.named.get(code, 0))
