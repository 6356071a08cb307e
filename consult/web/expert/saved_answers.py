"""Whether answers that are only saved count at the close: said on every page, and chosen there."""

from flask import request
from flask_babel import gettext as _

from consult.services.answering import saved_answers
from consult.services.answering.responding import Respondent
from consult.services.answering.submitting import has_submitted
from consult.services.rounds.saved import is_declared
from consult.web.access import ExpertContext
from consult.web.expert.answer_views import SavedChoice

COUNT, DO_NOT_COUNT = "count", "do-not-count"
"""What the buttons send as `go`."""


def saved_choice(ctx: ExpertContext, respondent: Respondent) -> SavedChoice | None:
    """What is said of saved answers; nothing where the protocol leaves them out, or something is submitted."""
    if not is_declared(respondent.definition, respondent.stage):
        return None
    if has_submitted(ctx.session, respondent):
        return None
    if not saved_answers.may_count(respondent):
        return SavedChoice(_("Only what you submit will count."), _("Count saved answers too"), COUNT)
    return SavedChoice(
        # Translators: go on: the button “Save and go on”; rating: an answer on a scale.
        _(
            "If you do not submit, pages you went on from count when the round closes, "
            "once half of the ratings are there."
        ),
        _("Do not count these"),
        DO_NOT_COUNT,
    )


def chosen(ctx: ExpertContext, respondent: Respondent) -> bool:
    """Store the choice, if this form holds one. Raises StageNotOpen, Withdrawn."""
    said = request.form.get("go")
    if said not in (COUNT, DO_NOT_COUNT) or not is_declared(respondent.definition, respondent.stage):
        return False
    saved_answers.choose(ctx.session, respondent, counts=said == COUNT)
    return True
