"""Staff coming in, going out, choosing a consultation, and changing the password."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import flask_login
from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_translations
from flask_babel import gettext as _

from consult.database import get_database, get_session
from consult.definition.text import Shown, in_language
from consult.errors import LinkNotValid
from consult.models import Account
from consult.services.definitions import definition_of
from consult.services.staff import accounts as services
from consult.services.staff import passwords, sign_in
from consult.web import held, limits
from consult.web.access import StaffUser, config, for_account, public
from consult.web.forms.staff import ConfirmForm, LoginForm, PasswordForm, StaffForm
from consult.web.languages import account_frame, select, staff_rooms
from consult.web.staff.pages import done
from consult.web.views import Link
from consult.words.roles import ROLES, role_words

blueprint = Blueprint("accounts", __name__)

PASSWORD_DOOR = "password by account"


@blueprint.route("/staff/login", methods=["GET", "POST"])
@public
@limits.limited("log-in")
def login() -> ResponseReturnValue:
    """Sign in by e-mail address and password."""
    form = LoginForm()
    if form.validate_on_submit():
        account = _known(form.words("email"), form.words("password"))
        if account is not None:
            held.drop(held.staff_form())
            _enter(account)
            return redirect(_wanted(), 303)
        form.refuse(_("This e-mail address and this password do not fit together."))
    if request.method == "POST":
        return form.show_again()
    return render_template("staff/login.html", form=form, problems=form.problems)


def _known(email: str, password: str) -> Account | None:
    """The account these open. Wrong ones are counted by account, from wherever they come."""
    limits.count(PASSWORD_DOOR, services.plain(email), limits.PASSWORDS)
    with get_database().reading() as session:
        stored = passwords.stored_password(session, email)
    if not passwords.fits(stored, password):  # nobody waits for this to write
        return None
    limits.forget(PASSWORD_DOOR, services.plain(email))
    return passwords.recognise(get_session(), stored, password)


@blueprint.route("/staff/link/", defaults={"token": ""}, methods=["GET", "POST"])
@blueprint.route("/staff/link/<spoilt:token>", methods=["GET", "POST"])
@public
@limits.limited("staff link")
def link(token: str) -> ResponseReturnValue:
    """Sign in by a one-time link: opening it shows a button, pressing it uses the link up."""
    if not sign_in.is_link_open(get_session(), token):
        return render_template("staff/link_over.html"), 410
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template("staff/link.html", form=form, problems=form.problems)
    try:
        account = sign_in.use_link(get_session(), token)
    except LinkNotValid:
        get_session().rollback()
        return render_template("staff/link_over.html"), 410
    _enter(account)
    return redirect(url_for("accounts.home"), 303)


@dataclass(frozen=True, slots=True)
class ConsultationCard:
    """A consultation, the roles somebody has in it and the rooms these open."""

    slug: str
    title: Shown
    roles: Sequence[str]
    rooms: Sequence[Link]


@blueprint.get("/staff/")
@for_account
def home(account: Account) -> ResponseReturnValue:
    """The consultations in which this account has a role."""
    session, language = get_session(), select()
    rows = []
    for consultation in services.consultations_of(session, account):
        held = frozenset(services.roles(session, account.id, consultation.id))
        definition = definition_of(session, consultation.id)
        rows.append(
            ConsultationCard(
                slug=consultation.slug,
                title=in_language(definition.short_title, language, definition.languages),
                roles=[role_words(role, get_translations()) for role in ROLES if role in held],
                rooms=staff_rooms(consultation.slug, held),
            )
        )
    account_frame()
    return render_template("staff/home.html", account=account, rows=rows)


@blueprint.post("/staff/sign-out")
@for_account
def sign_out(account: Account) -> ResponseReturnValue:
    """End this session."""
    session = get_session()
    sign_in.close_staff_session(session, flask_login.current_user.token)
    session.commit()
    flask_login.logout_user()
    return redirect(url_for("accounts.signed_out"), 303)


@blueprint.get("/staff/signed-out")
@public
def signed_out() -> ResponseReturnValue:
    """The last page of a session; browsers forget the pages before it."""
    response = make_response(render_template("staff/signed_out.html"))
    # no-store alone does not keep a page from the Back button any more
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@blueprint.route("/staff/password", methods=["GET", "POST"])
@for_account
def change_password(account: Account) -> ResponseReturnValue:
    """Change the password; every other session of the account ends."""
    form, session = PasswordForm(), get_session()
    session.commit()  # the guard has read; others may write while passwords are computed
    if account.password_hash is None:
        del form.current
    known = _knows_current(form, account)
    if not known or not done(
        form, lambda: passwords.set_password(session, account, passwords.hashed(form.words("new")))
    ):
        if request.method == "POST":
            return form.show_again()
        account_frame()
        return render_template("staff/password.html", form=form, problems=form.problems)
    held.drop(held.staff_form())
    _enter(account)
    flash(_("Your password was changed. Your other sessions have ended."), "good")
    return redirect(url_for("accounts.home"), 303)


def _knows_current(form: StaffForm, account: Account) -> bool:
    """Whether the form is right, the present password (where there is one) included."""
    if not form.validate_on_submit():
        return False
    if account.password_hash is None:
        return True
    if _known(account.email, form.words("current")) is None:
        form.refuse(_("This is not your present password."), "current")
        return False
    get_session().commit()  # as above, for the new one
    return True


def _enter(account: Account) -> None:
    """Open a session and remember it in the cookie."""
    session = get_session()
    token = sign_in.open_staff_session(session, account, config().staff_session_hours)
    session.commit()
    flask_login.login_user(StaffUser(account, token))


def _wanted() -> str:
    """The page asked for before signing in, if it is one of ours."""
    wanted = request.args.get("next", "")
    parts = urlsplit(wanted)
    is_own = wanted.startswith("/") and not wanted.startswith("//") and wanted.isprintable()
    if is_own and not parts.scheme and not parts.netloc and "\\" not in wanted:
        return wanted
    return url_for("accounts.home")
