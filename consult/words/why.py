"""What somebody says played a part in changing a rating, or in keeping it, in words."""

from collections.abc import Mapping

from analysis.protocol.states import WhyChanged
from consult.words.phrases import N_

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
