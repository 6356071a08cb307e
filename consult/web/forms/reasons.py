"""Reasons the panel gave for its ratings: one for each side of the scale, the rest beside."""

from collections.abc import Sequence

from flask_babel import gettext as _

from consult.definition.scale import Scale
from consult.definition.text import Shown
from consult.released_texts import Words
from consult.services.answering.feedback_types import CriterionFeedback
from consult.web.forms.rating_views import ReasonsView, SideView
from consult.web.forms.rendering import RenderContext


def reasons_view(one: CriterionFeedback, scale: Scale, rendering: RenderContext) -> ReasonsView | None:
    """Reasons for a criterion; None for a scale without bands, whose ratings are on no side.

    Where a side has none, that is said; that nobody rated so only where the distribution shows it.
    """
    said = one.reasons
    if not scale.bands:
        return None
    if not said.count:
        # Translators: reason: what an expert wrote on why they rated so.
        return ReasonsView(
            sides=[],
            whole=[],
            nothing=_("No reasons are shown: nobody gave one that can be shown, or too few rated it."),
        )
    # Translators: two badges before a reason, 4.6 rem wide: at most about 10 letters.
    high, low = _("Rated high"), _("Rated low")
    return ReasonsView(
        sides=[
            SideView(high, "high", *_first(said.high, rendering, _nothing_high(one, scale))),
            SideView(low, "low", *_first(said.low, rendering, _nothing_low(one, scale))),
        ],
        nothing="",
        whole=[
            *((high, rendering.text(words)) for words in said.high),
            *((low, rendering.text(words)) for words in said.low),
            *(("", rendering.text(words)) for words in said.other),
        ],
    )


def _first(reasons: Sequence[Words], rendering: RenderContext, nothing: str) -> tuple[Shown | None, str]:
    return (rendering.text(reasons[0]) if reasons else None), nothing


def _nothing_high(one: CriterionFeedback, scale: Scale) -> str:
    band = scale.bands[-1]
    is_empty = one.counts is not None and not any(one.counts[band.start - scale.min :])
    return _("Nobody rated high.") if is_empty else _("No reason for a high rating is shown.")


def _nothing_low(one: CriterionFeedback, scale: Scale) -> str:
    band = scale.bands[0]
    is_empty = one.counts is not None and not any(one.counts[: band.end - scale.min + 1])
    return _("Nobody rated low.") if is_empty else _("No reason for a low rating is shown.")
