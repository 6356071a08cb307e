"""Saving while one types: the same rules as a page sent by hand, answered in JSON."""

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response as Answer

from consult.services.answering import saving
from consult.web.access import ExpertContext, for_expert
from consult.web.forms.posted import marks_after, read_posted, read_seen
from consult.web.pages import respondent_of

blueprint = Blueprint("autosave", __name__)


@blueprint.post("/c/<slug>/stage/<stage>/<page>/autosave")
@for_expert()
def autosave(ctx: ExpertContext, stage: str, page: str) -> Answer:
    """Store a page as it stands; says what was stored, and what another device changed."""
    respondent = respondent_of(ctx, stage)
    step = respondent.step(page)
    posted = read_posted(ctx, respondent, step)
    saved = saving.save(ctx.session, respondent, step.asked, posted, read_seen(posted))
    ctx.session.commit()
    conflicts = [item.name for item in saved.conflicts]
    marks = marks_after(respondent, step, saved)
    return jsonify({"saved": not conflicts, "conflicts": conflicts, "marks": marks})
