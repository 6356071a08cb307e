"""Refusals as pages: what happened, what to do, and everything typed kept."""

from collections.abc import Mapping, Sequence

from flask import Flask, Response, current_app, g, jsonify, render_template, request, url_for
from flask_babel import get_translations
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError, TooManyRequests

from consult import errors as refused
from consult.database import DatabaseTrouble, is_unavailable, leave_session
from consult.web.access import place_of
from consult.web.marks import DrawnForAnother
from consult.web.pages import frame
from consult.web.status_pages import WORDS, status_page
from consult.web.typed import is_page_of_answers, send_again, typed
from consult.web.views import Action, Message
from consult.words.refusals import refusal_sentence

STATUS: Mapping[type[refused.ConsultError], int] = {
    refused.NotFound: 404,
    refused.NotAllowed: 403,
    refused.LinkNotValid: 410,
    refused.NoConsent: 403,
    refused.StageNotOpen: 409,
    refused.StageNotFrozen: 409,
    refused.AlreadyClosed: 409,
    refused.Withdrawn: 410,
    refused.ReasonNeeded: 400,
    refused.NotPossible: 409,
    refused.ProtocolLocked: 409,
}


def register(app: Flask) -> None:
    """Attach the pages."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(refused.ConsultError, _refusal)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DrawnForAnother, _another)
    app.register_error_handler(DatabaseTrouble, _database)


def _csrf(error: CSRFError) -> tuple[str, int]:
    return _message(
        _("Your page was open too long"),
        [
            _("For your safety the page was not accepted. Nothing you typed is lost."),
            _("Nothing was stored yet: send it again with the button below."),
        ],
        400,
        [send_again()],
    )


def _another(error: DrawnForAnother) -> tuple[str | Response, int]:
    """A page that was drawn for another person: whose it is, who is here, and both ways on."""
    present = error.signed_in_as
    if error.is_known:
        heading = _("This page belongs to another person")
        whose = _(
            "This page was opened for %(drawn_for)s; this browser is now signed in as %(present)s. Nothing was stored.",
            drawn_for=error.drawn_for or _("another person"),
            present=present,
        )
    else:
        heading = _("It is not known whose page this was")
        whose = _(
            "What was sent does not tell who sent it; this browser is signed in as %(present)s. Nothing was stored.",
            present=present,
        )
    if request.blueprint == "autosave":
        return jsonify({"saved": False, "whose": whose}), 409
    go_on = Action(_read_again(), _("Go on as %(name)s", name=present))
    if not error.is_known:
        return _message(heading, [whose], 409, [go_on])
    return _message(heading, [whose, _way_to_the_other()], 409, [send_again(), go_on])


def _way_to_the_other() -> str:
    if _guard() == "expert":
        return _(
            "To send it for the person it was opened for, open that person’s link in another "
            "tab of this browser, then press “Send it again”."
        )
    return _(
        "To send it from the account it was opened for, sign in with that account in another "
        "tab of this browser, then press “Send it again”."
    )


def _read_again() -> str:
    """The page anew, as who is signed in now sees it."""
    rule = request.url_rule
    if rule is not None and "GET" in (rule.methods or ()):
        return request.path
    return _way_back()[0].href


def _refusal(error: refused.ConsultError) -> tuple[str, int]:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    if isinstance(error, refused.StageNotOpen) and request.method == "POST":
        paragraphs = [
            _("This stage takes no answers now, so what you just sent was not stored."),
            _("It stands below: copy it if you want to keep it, or write to the contact."),
        ]
        # Translators: stage: one step of a consultation: a questionnaire, the meeting or a round.
        return _message(_("This stage is closed"), paragraphs, status)
    if isinstance(error, refused.Withdrawn):
        # Translators: withdraw: to stop taking part for good; never the words for signing out.
        return _message(
            _("You have withdrawn from this consultation"), [_("No more answers are taken from you.")], status
        )
    if status == 404 or isinstance(error, refused.LinkNotValid):
        return _plain(status)
    why = refusal_sentence(error.refusal, get_translations())
    return _message(_("This cannot be done"), [why], status, _way_back())


def _way_back() -> list[Action]:
    """A link to where the reader came from: an error page has no navigation of its own."""
    guard = _guard()
    if guard == "expert":
        slug = (request.view_args or {})["slug"]
        return [Action(url_for("tasks.index", slug=slug), _("My tasks"))]
    if guard.startswith(("staff", "account")):
        return [Action(url_for("accounts.home"), _("Consultations"))]
    return []


def _guard() -> str:
    """Who may enter the page that was asked for."""
    view = current_app.view_functions.get(request.endpoint or "")
    return str(getattr(view, "guard", ""))


def _http(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    code = error.code or 500
    if code < 400:
        return error
    if code == 500:
        _give_up(error)
    if isinstance(error, SecurityError):
        # Asked for under a strange host: no address of a page or a file can be built then.
        return Response("This server does not answer under that name.\n", 400, mimetype="text/plain")
    if code == 401 and is_page_of_answers():
        return _message(
            _("You are not signed in any more"),
            [_("Nothing was stored. Open your personal link in another tab, then send again.")],
            401,
            [send_again(), *_new_link()],
        )
    if isinstance(error, TooManyRequests):
        words = [_("Please wait a few minutes and try again.")]
        page, _status = _message(_("Too many attempts"), words, code)
        return Response(page, code, {"Retry-After": str(error.retry_after)})
    return _plain(code if code in WORDS else 500)


def _new_link() -> list[Action]:
    """For an expert who is not signed in: whom to ask, around the page, and a new link by mail."""
    view = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "guard", "") != "expert":
        return []
    ctx = place_of((request.view_args or {})["slug"])
    frame(ctx, signed_in=False)
    there = url_for("links.ask_here", slug=ctx.slug)
    return [Action(there, _("Send me a new link"))]


def _database(error: DatabaseTrouble) -> tuple[str, int]:
    """A database that cannot be reached, read or written: say what became of what was sent."""
    if not is_unavailable(error):
        raise error
    may_be_stored = _give_up(error)
    if request.method != "POST" and not may_be_stored and not typed():
        return status_page(503), 503
    again = [send_again()] if request.method == "POST" else []
    if may_be_stored:
        words = _("It is not certain that this was stored. What you typed stands below.")
        return _message(_("Something went wrong on our side"), [words], 503, again)
    return _message(
        _("Your answers are NOT saved"),
        [_("The server could not store anything just now. What you typed stands below.")],
        503,
        again,
    )


def _give_up(error: BaseException) -> bool:
    """Leave a session that may have failed: the page about it asks the database for nothing more.

    True when something of the request is stored, or may be.
    """
    g.has_failed = True
    return leave_session(error)


def _plain(code: int) -> tuple[str, int]:
    # A body that is too large cannot be read, so nothing of it can be shown.
    if code == 413 or not typed():
        ways = _new_link() if code == 401 else []
        return status_page(code, ways), code
    if code == 500:
        heading = _("Something went wrong on our side")
        words = _("It is not certain that this was stored. What you typed stands below.")
    else:
        heading = _("This was not stored")
        words = _("The page you sent is not open to you, or not any more. It stands below.")
    return _message(heading, [words], code)


def _message(heading: str, paragraphs: list[str], code: int, actions: Sequence[Action] = ()) -> tuple[str, int]:
    message = Message(heading, paragraphs, actions, typed())
    return render_template("expert/message.html", message=message), code
