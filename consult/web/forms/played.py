"""What played a part in changing a rating, as the page of a measure asks it."""

import random

from consult.definition.asked import AskedQuestion, given
from consult.services.answering.feedback_types import Feedback
from consult.web.forms.option_views import OptionView
from consult.web.forms.rating_views import PlayedPart
from consult.web.forms.rendering import RenderContext


def played_part(
    asked: AskedQuestion | None, feedback: Feedback | None, rendering: RenderContext, seed: str, *, asks_who_stays: bool
) -> PlayedPart | None:
    """The answers in an order of the reader's own (`seed`); None where no former rating compares."""
    if asked is None or feedback is None or not feedback.is_pairable:
        return None
    if any(one.kept is None for one in feedback.criteria.values()):
        return None
    chosen = given(rendering.inputs, asked.key)
    order = random.Random(f"{seed}:{asked.key}").sample(asked.options, len(asked.options))
    return PlayedPart(
        name=f"item-{asked.key}",
        label=rendering.text(asked.question.text),
        options=[OptionView(one.key, rendering.text(one.label), one.key in chosen) for one in order],
        asks_who_stays=asks_who_stays,
    )
