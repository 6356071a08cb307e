"""What mails bring along: calendar files, and the one click that ends reminders."""

from collections.abc import Sequence

from flask import Blueprint, Response, g, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.clock import utc_now
from consult.models import Stage
from consult.services.access.tokens import bare
from consult.services.mail import reminders
from consult.services.mail.calendar import calendar_file, lies_ahead
from consult.services.rounds.stages import find_stage, stages_of
from consult.web.access import ExpertContext, config, for_expert, place_of, public
from consult.web.pages import frame
from consult.web.views import Action, Message

blueprint = Blueprint("correspondence", __name__)


@blueprint.get("/c/<slug>/stage/<stage>/calendar.ics")
@for_expert()
def calendar(ctx: ExpertContext, stage: str) -> Answer:
    """The deadline of a stage, or the time of an event, for the reader's own calendar."""
    found = find_stage(ctx.session, ctx.consultation.id, stage)
    return _sent(ctx, [found], f"{ctx.slug}-{found.key}.ics")


@blueprint.get("/c/<slug>/calendar.ics")
@for_expert(needs_consent=False, is_use=False)
def calendar_of_all(ctx: ExpertContext) -> Answer:
    """All deadlines and events that lie ahead, in one file."""
    ahead = [stage for stage in stages_of(ctx.session, ctx.consultation.id) if lies_ahead(stage, utc_now())]
    return _sent(ctx, ahead, f"{ctx.slug}.ics")


def _sent(ctx: ExpertContext, stages: Sequence[Stage], name: str) -> Answer:
    return Response(
        calendar_file(ctx.session, config(), ctx.consultation, ctx.definition, stages, ctx.language, utc_now()),
        content_type="text/calendar; charset=utf-8; method=PUBLISH",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@blueprint.route("/c/<slug>/no-reminders/<token>", methods=["GET", "POST"])
@public
def no_reminders(slug: str, token: str) -> str | Answer:
    """No more reminders. GET asks; POST, by a person or by a mail program, does it, every time.

    A mail program sends no cookie, so this one view asks for no token of a form: whoever has the
    address can do no more with it than this. It follows no redirect either (RFC 8058).
    """
    ctx = place_of(slug)
    frame(ctx, signed_in=False)
    expert = reminders.expert_of_token(ctx.session, ctx.consultation, config(), bare(token))
    g.expert_language = expert.language
    if request.method == "POST":
        reminders.stop(ctx.session, expert)
        ctx.session.commit()
        if "List-Unsubscribe" in request.form:
            return Response(_("You get no more reminders"), mimetype="text/plain")
        return redirect(request.path, 303)
    frame(ctx, signed_in=False)
    if reminders.has_stopped(ctx.session, expert):
        heading, actions = _("You get no more reminders"), list[Action]()
    else:
        heading = _("No more reminders?")
        actions = [Action(request.path, _("No more reminders"), is_post=True)]
    stays = [
        _("You stay in the panel, your personal links keep working, and answers stay welcome."),
        _("Other mails still come: receipts, links you ask for, and the news that a stage has opened."),
    ]
    message = Message(heading, stays if expert.withdrawn_at is None else [], actions)
    return render_template("expert/message.html", message=message)
