"""Links that lead no further: what is over, a new one by mail, and links that reached another."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.routing import PathConverter
from werkzeug.wrappers import Response as Answer

from consult.database import get_session
from consult.errors import LinkNotValid, NotPossible
from consult.models import Consultation
from consult.refusals.codes import Code, Refusal
from consult.services.access import invitations
from consult.services.access.invitations import Found
from consult.services.access.tokens import bare
from consult.services.definitions import definition_of, only_consultation
from consult.services.mail import correspondence, letters
from consult.web import limits
from consult.web.access import RequestContext, config, place_of, public
from consult.web.expert.views import LinkOver
from consult.web.forms.letters import FORMS
from consult.web.pages import frame, rendering_of
from consult.web.views import Action, Message

blueprint = Blueprint("links", __name__)


class Spoilt(PathConverter):
    """Whatever stands behind a link in a mail, line breaks too."""

    part_isolating = False  # slashes too
    regex = r"[\s\S]+?"


def place_of_link(found: Found) -> RequestContext:
    """The consultation of a link, its frame around the page, in the language of the expert."""
    session = get_session()
    consultation = session.get_one(Consultation, found.expert.consultation_id)
    place = RequestContext(session, consultation, definition_of(session, consultation.id))
    g.expert_language = found.expert.language
    frame(place, signed_in=False)
    return place


def over(found: Found | None, token: str) -> tuple[str, int]:
    """The page of a link that lets nobody in: what may have happened, and a way on.

    Of a link that is known it says the consultation; a link that was never made looks alike
    everywhere.
    """
    if found is None:
        _frame_only_one()
        landing = LinkOver("", _("Your link"), again=None, not_me=None)
    else:
        place = place_of_link(found)
        rendering = rendering_of(place)
        landing = LinkOver(
            organiser=rendering.text(place.definition.organiser),
            title=rendering.text(place.definition.title),
            again=url_for("links.again", token=bare(token)),
            not_me=url_for("links.not_me", token=bare(token)),
        )
    return render_template("expert/link_over.html", landing=landing), 410


def _frame_only_one() -> None:
    """On a server with a single consultation every page has its frame, and whom to ask."""
    consultation = only_consultation(get_session())
    if consultation is not None:
        frame(place_of(consultation.slug), signed_in=False)


@blueprint.post("/i/<token>/new-link")
@public
def again(token: str) -> Answer:
    """A new link in place of one that is over, to the address that was invited, to no other."""
    session = get_session()
    found = invitations.find(session, token)
    if found is None:
        raise LinkNotValid(Refusal(Code.LINK_NOT_VALID))
    place = place_of_link(found)
    correspondence.send_link_asked_for(session, found.expert, place.definition, config())
    session.commit()
    return _promised(place)


@blueprint.route("/new-link", methods=["GET", "POST"])
@public
def ask() -> str | Answer:
    """Ask for a fresh link without knowing of which consultation."""
    if request.method == "POST":
        _count(_email())  # before this request writes: counting is a transaction of its own
    session = get_session()
    if request.method == "POST":
        correspondence.send_links_to(session, _email(), config())
        session.commit()
        return _promised(None)
    _frame_only_one()
    return render_template("expert/new_link.html")


@blueprint.route("/c/<slug>/new-link", methods=["GET", "POST"])
@public
def ask_here(slug: str) -> str | Answer:
    """Ask for a fresh link; the answer is the same whether the address is known or not."""
    if request.method == "POST":
        _count(_email())
    ctx = place_of(slug)
    if request.method == "POST":
        correspondence.send_links_to(ctx.session, _email(), config(), ctx.consultation)
        ctx.session.commit()
        return _promised(ctx)
    frame(ctx, signed_in=False)
    return render_template("expert/new_link.html")


def _count(email: str) -> None:
    """No mailbox is filled from outside, from however many places somebody asks."""
    limits.count("new link by address", email.lower(), limits.NEW_LINKS)


def _email() -> str:
    return request.form.get("email", "").strip()


def _promised(ctx: RequestContext | None) -> Answer:
    """The answer to everybody who asks."""
    flash(_("If this e-mail address belongs to somebody in the panel, a new link is on its way."), "good")
    address = url_for("links.ask_here", slug=ctx.slug) if ctx else url_for("links.ask")
    return redirect(address, 303)


@blueprint.get("/i/<token>/not-me")
@public
def not_me(token: str) -> str | tuple[str, int]:
    """For whoever got the link of somebody else: never to answers, only to the secretariat."""
    found = invitations.find(get_session(), token)
    if found is None:
        return over(None, token)
    place_of_link(found)
    there = {kind: url_for("links.write", token=bare(token), kind=kind) for kind in letters.KINDS}
    message = Message(
        _("This link was not meant for me"),
        [
            _("It is personal and opens the answers of one expert: please do not use it."),
            _(
                "You can propose an expert, yourself or somebody else, or write to the secretariat. "
                "Neither gives access to any answers."
            ),
        ],
        [Action(there["nomination"], _("Propose an expert")), Action(there["message"], _("Write to the secretariat"))],
    )
    return render_template("expert/message.html", message=message)


@blueprint.route("/i/<token>/not-me/<any(nomination, message):kind>", methods=["GET", "POST"])
@public
def write(token: str, kind: str) -> str | tuple[str, int] | Answer:
    """Propose an expert, or leave a message; kept beside the contacts, for the secretariat."""
    session = get_session()
    found = invitations.find(session, token)
    if found is None:
        return over(None, token)
    place_of_link(found)
    form = FORMS[kind]()
    if form.validate_on_submit():
        try:
            letters.write(
                session, found.expert, kind, name=form.words("name"), email=form.words("email"), text=form.words("text")
            )
        except NotPossible:
            session.rollback()
            words = _("Several letters came by this link already. Please write to the contact below.")
            form.refuse(words)
        else:
            session.commit()
            flash(_("Thank you: the secretariat has your letter."), "good")
            return redirect(url_for("links.not_me", token=bare(token)), 303)
    if request.method == "POST":
        return form.show_again()
    return render_template(
        "expert/letter.html",
        form=form,
        problems=form.problems,
        kind=kind,
        back=url_for("links.not_me", token=bare(token)),
    )
