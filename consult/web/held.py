"""Post, redirect, get: a refused form is kept, and the redirect leads to a page that shows it.

Staff's forms and experts' conflicts are kept in the database. Somebody who is not signed in gets
theirs, which are short, in the signed cookie: nobody unknown writes into the database.
"""

import json
import secrets
from typing import cast
from urllib.parse import urlencode

import flask_login
from flask import redirect, request
from flask import session as cookie
from werkzeug.wrappers import Response

from consult.database import get_session
from consult.models import Expert
from consult.services.answering import held_forms
from consult.services.answering.held_forms import HeldContent, Sender

KEY = "held"
COOKIE_BYTES = 1_000
"""More than this is no address and no name; a browser keeps 4 KB of cookie in all."""


def staff_form(about: Expert | None = None) -> Sender | None:
    """Whose form this is, when it comes from a page of staff; None when nobody is signed in."""
    user = flask_login.current_user
    return Sender(account=user.account, about=about) if user.is_authenticated else None


def keep(sender: Sender | None, content: HeldContent) -> str:
    """Keep what was sent to this address and is not taken yet; returns the token."""
    if sender is not None:
        return held_forms.hold(get_session(), sender, request.path, content)
    token = secrets.token_urlsafe(8)
    short = content if len(json.dumps(content)) <= COOKIE_BYTES else {**content, "fields": {}}
    cookie[KEY] = {"token": token, "address": request.path, **short}
    return token


def kept(sender: Sender | None) -> HeldContent | None:
    """What was kept of a form that this address is to show again."""
    token = request.args.get(KEY)
    if not token or request.method not in ("GET", "HEAD"):
        return None
    if sender is not None:
        return held_forms.held(get_session(), sender, request.path, token)
    found = cookie.get(KEY, {})
    is_this = found.get("token") == token and found.get("address") == request.path
    return cast(HeldContent, found) if is_this else None  # what `keep` put there: the cookie is signed


def drop(sender: Sender | None) -> None:
    """Forget the form that was shown again here: what was sent now was taken."""
    token = request.args.get(KEY)
    if token and sender is not None:
        held_forms.drop(get_session(), sender, token)
    if sender is None:
        cookie.pop(KEY, None)


def show_again(sender: Sender | None, content: HeldContent) -> Response:
    """The answer to a form that was refused: the same address, and what was sent to it."""
    drop(sender)
    query = [(name, value) for name, value in request.args.items(multi=True) if name != KEY]
    token = keep(sender, content)
    get_session().commit()
    return redirect(f"{request.path}?{urlencode([*query, (KEY, token)])}", 303)
