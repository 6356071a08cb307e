"""An expert's way in and out: link, consent, tasks, own data, leaving."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.database import get_session
from consult.definition.consultation import Definition
from consult.definition.text import Shown
from consult.models import Stage
from consult.services.access import consents, invitations, sessions
from consult.services.access.tokens import bare
from consult.services.rounds.stages import stages_of
from consult.web.access import ExpertContext, RequestContext, config, for_expert, place_of, public, visit_here
from consult.web.expert import links, pace
from consult.web.expert.parties import parties
from consult.web.expert.views import AskedStage, ConsentPage, LanguageChoice, LiveLink, PointToKnow, PrivacyPage
from consult.web.forms.moments import when
from consult.web.languages import DRAFTS, INTERFACE, language_name
from consult.web.pages import (
    end_on_device,
    frame,
    minutes_to_read,
    rendering_of,
    signed_out,
    text_blocks,
    whole_in_one_language,
)
from consult.web.views import Action, Message

blueprint = Blueprint("enter", __name__)


@blueprint.get("/")
@public
def start() -> str:
    """The first page of the server says only what this is."""
    message = Message(
        "Consult",
        # Translators: expert: a member of the panel; not a user, participant or respondent.
        [_("Experts: please open the personal link in your invitation.")],
        [Action(url_for("links.ask"), _("Send me a new link")), Action(url_for("accounts.home"), _("Staff"))],
    )
    return render_template("expert/message.html", message=message)


@blueprint.route("/i/", defaults={"token": ""}, methods=["GET", "POST"])
@blueprint.route("/i/<spoilt:token>", methods=["GET", "POST"])
@public
def landing(token: str) -> str | tuple[str, int] | Answer:
    """Where an invitation leads. GET changes nothing; the button opens a session."""
    session = get_session()
    found = invitations.find(session, token)
    if found is None or not found.is_live:
        return links.over(found, token)
    place = links.place_of_link(found)
    if request.method == "POST":
        opened = sessions.open_session(session, token, config().session_days)
        session.commit()
        pace.forget()
        cookie.permanent = True
        cookie["experts"] = {**cookie.get("experts", {}), place.slug: opened}
        return redirect(url_for("tasks.index", slug=place.slug), 303)
    return render_template("expert/landing.html", landing=_invitation(place, found, token))


def _invitation(ctx: RequestContext, found: invitations.Found, token: str) -> LiveLink:
    rendering = rendering_of(ctx)
    definition = ctx.definition
    planned = to_answer(ctx)
    return LiveLink(
        organiser=rendering.text(definition.organiser),
        title=rendering.text(definition.title),
        purpose=rendering.text(definition.purpose),
        stages=[
            AskedStage(
                title=rendering.text(definition.stage(stage.key).title),
                minutes=definition.stage(stage.key).minutes,
                closes=when(stage.closes_at, ctx),
            )
            for stage in planned
        ],
        privacy_points=[
            # Translators: panel: all experts invited to one consultation.
            _("Other experts see results of the whole panel only, and reasons without names."),
            _("The facilitator and the secretariat see who has answered, never how anybody rated."),
            *([_("A few questions go to the secretariat with your name; each says so.")] if _asks_by_name(ctx) else []),
            # Translators: pseudonym: a name drawn at random; the word of data protection law.
            _("The analyst sees answers under a random pseudonym."),
        ],
        until=when(found.invitation.expires_at, ctx),
        action=url_for("enter.landing", token=bare(token)),
        not_me=url_for("links.not_me", token=bare(token)),
    )


def _asks_by_name(ctx: RequestContext) -> bool:
    """Whether any question goes to the secretariat, with the name of who answers."""
    sheets = (ctx.definition.questionnaire_of(stage.key) for stage in to_answer(ctx))
    return any(question.recipient == "secretariat" for sheet in sheets if sheet for question in sheet.questions())


@blueprint.route("/c/<slug>/consent", methods=["GET", "POST"])
@for_expert(needs_consent=False)
def consent(ctx: ExpertContext) -> str | tuple[str, int] | Answer:
    """The gate at first entry: language, privacy, yes or no."""
    if request.method == "POST":
        said = request.form.get("consent")
        if said not in ("yes", "no"):
            abort(400)
        language = request.form.get("language", ctx.expert.language)
        if language in ctx.definition.languages:
            ctx.expert.language = language
            cookie["lang"] = language
        consents.say_consent(ctx.session, ctx.expert, ctx.definition, language, said == "yes")
        ctx.session.commit()
        target = "tasks.index" if said == "yes" else "enter.declined"
        return redirect(url_for(target, slug=ctx.slug), 303)
    whole_in_one_language(ctx, written_in(ctx.definition))
    frame(ctx)
    return render_template("expert/consent.html", consent=_consent_view(ctx))


def to_answer(ctx: RequestContext) -> list[Stage]:
    """The stages that are still to be answered; the event is none."""
    found = stages_of(ctx.session, ctx.consultation.id)
    return [stage for stage in found if stage.kind != "event" and stage.closed_at is None]


def written_in(definition: Definition) -> list[str]:
    """The languages in which both the consultation and the interface speak."""
    return [code for code in definition.languages if code in (*INTERFACE, *DRAFTS)] or [INTERFACE[0]]


def _consent_view(ctx: ExpertContext) -> ConsentPage:
    rendering = rendering_of(ctx)
    definition = ctx.definition
    known = definition.languages if len(definition.languages) > 1 else ()
    text = text_blocks(rendering, definition.privacy.text)
    return ConsentPage(
        organiser=rendering.text(definition.organiser),
        version=definition.consent.version,
        points=[
            *(PointToKnow(rendering.text(one.title), rendering.text(one.text)) for one in definition.privacy.points),
            *_saved_answers_point(ctx),
        ],
        minutes=sum(definition.stage(stage.key).minutes or 0 for stage in to_answer(ctx)),
        calendar=url_for("correspondence.calendar_of_all", slug=ctx.slug),
        privacy=text,
        reading_minutes=minutes_to_read(text),
        uses=[(rendering.text(use.text), use.optional is not None) for use in definition.consent.uses],
        statement=rendering.text(definition.consent.statement),
        languages=[LanguageChoice(code, language_name(code), code == ctx.language) for code in known],
    )


def _saved_answers_point(ctx: ExpertContext) -> list[PointToKnow]:
    """That answers which are only saved count, where the protocol lets them."""
    if not ctx.definition.protocol.counts_saved_answers:
        return []
    # Translators: the heading of a point to know first; below it, one sentence.
    title = _("Saved answers may count")
    words = _(
        "If you do not submit a rating round, pages you went on from count when it closes, once half of "
        "the ratings are there. You can say on every page that they are not to count."
    )
    return [PointToKnow(Shown(title, ctx.language), Shown(words, ctx.language))]


@blueprint.get("/c/<slug>/declined")
@for_expert(needs_consent=False)
def declined(ctx: ExpertContext) -> str:
    """A polite end that can be taken back."""
    frame(ctx)
    message = Message(
        _("Thank you for telling us"),
        [
            _("You do not take part. Nothing you might have typed is used."),
            _("If you change your mind, open your link again before the last deadline."),
        ],
        [Action(url_for("enter.consent", slug=ctx.slug), _("I changed my mind"))],
    )
    return render_template("expert/message.html", message=message)


@blueprint.get("/c/<slug>/privacy")
@public
def privacy(slug: str) -> str:
    """The privacy text; public."""
    ctx = place_of(slug)
    whole_in_one_language(ctx, written_in(ctx.definition))
    frame(ctx, signed_in=visit_here(slug) is not None)
    rendering = rendering_of(ctx)
    view = PrivacyPage(text_blocks(rendering, ctx.definition.privacy.text), parties(ctx.definition))
    return render_template("expert/privacy.html", privacy=view)


@blueprint.post("/c/<slug>/sign-out")
@for_expert(needs_consent=False, is_use=False)
def sign_out(ctx: ExpertContext) -> Answer:
    """End the session."""
    known = dict(cookie.get("experts", {}))
    sessions.close_session(ctx.session, known.pop(ctx.slug, ""))
    ctx.session.commit()
    cookie["experts"] = known
    end_on_device(ctx.expert)
    return redirect(url_for("enter.goodbye"), 303)


@blueprint.get("/signed-out")
@public
def goodbye() -> Answer:
    """The last page of a session, without a word of where it was; Back shows nothing afterwards."""
    return signed_out(_("You are signed out"), [_("Saved drafts are kept. Your personal link opens them again.")])


@blueprint.get("/left")
@public
def left() -> Answer:
    """The last page of somebody who has withdrawn, without a word of what."""
    return signed_out(
        _("You have withdrawn from this consultation"),
        [
            _("Your answers count no more from the next result on. Published results stay."),
            _("If you want everything about you erased, write to the e-mail address named in our messages."),
        ],
    )
