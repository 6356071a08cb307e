"""What was typed on the page that was sent, and a button that sends it again."""

from collections.abc import Callable, Mapping

from flask import g, request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from consult.definition.text import is_blank
from consult.web import held
from consult.web.marks import FIELD
from consult.web.views import Action, TypedLine

MAX_SHOWN = 1_000
"""Answers shown on a refusal: more than any page asks."""

SECRETS = frozenset({"item-password", "item-current", "item-new", "item-again"})
"""What nobody wants to see on a page again."""


def typed() -> list[TypedLine]:
    """What was typed on the page that was refused, so that it is not lost."""
    form: MultiDict[str, str] = request.form
    if request.method != "POST":
        # A refused form, on its way back to a page that is gone in the meantime.
        kept = held.kept(held.staff_form())
        form = MultiDict(kept.get("fields", {}) if kept else {})
    labels: Callable[[], Mapping[str, str]] = g.get("labels", dict)
    words = labels()
    found = [
        TypedLine(words.get(name[5:], name.removeprefix("item-")), value)
        for name, value in form.items(multi=True)
        if name.startswith("item-") and name not in SECRETS and not is_blank(value)
    ]
    return found[:MAX_SHOWN]


def is_page_of_answers() -> bool:
    """Whether a page was sent that can be sent again, be it with every field emptied."""
    names = request.form if request.method == "POST" else ()
    return any(name.startswith(("item-", "rev-")) for name in names)


def send_again() -> Action:
    """A button that sends the same form once more, with a fresh token and the mark it had."""
    own = {"csrf_token", FIELD, *SECRETS}
    hidden = {name: request.form.getlist(name) for name in request.form if name not in own}
    return Action(
        request.full_path.rstrip("?"),
        _("Send it again"),
        is_post=True,
        kind="primary",
        hidden=hidden,
        mark=request.form.get(FIELD, ""),
    )
