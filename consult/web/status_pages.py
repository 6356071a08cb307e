"""Pages for what needs no words of its own: one heading and one paragraph by status."""

from collections.abc import Sequence

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.web.languages import site
from consult.web.views import Action, Message

WORDS: dict[int, tuple[str, str]] = {
    400: (
        _l("This request could not be read"),
        _l("Something in it was missing or not as expected. Please go back and try again."),
    ),
    401: (
        _l("Please open your link again"),
        _l(
            "You are not signed in, or were signed in too long ago. Please use the link in the "
            "latest message you got from us."
        ),
    ),
    403: (_l("This page is not open to you"), _l("You may be signed in with another role, or not at all.")),
    404: (
        _l("Page not found"),
        _l("If you typed the web address, please check it. If you followed a link, it may be out of date."),
    ),
    405: (_l("This page cannot be used in that way"), _l("Please go back and use the buttons on the page.")),
    409: (
        _l("This was changed in the meantime"),
        _l("Somebody, or you in another window, was faster. Please load the page again and repeat your change."),
    ),
    410: (_l("This page is gone"), _l("It was here before and has been closed or removed.")),
    413: (_l("That is too much at once"), _l("The file or text sent is larger than this page accepts.")),
    429: (_l("Too many attempts"), _l("Please wait a few minutes and try again.")),
    500: (
        _l("Something went wrong on our side"),
        _l(
            "What you had saved is safe. Please try again in a few minutes; if it happens again, "
            "write to the contact named in our messages."
        ),
    ),
    503: (_l("Not available for the moment"), _l("We will be back shortly. What you had saved is safe.")),
}
"""By status: what happened, and what to do."""


def status_page(code: int, ways: Sequence[Action] = ()) -> str:
    """The page of a status; without `ways` it leads to the first page, where there is one."""
    home = site().home
    first = [Action(home, _("To the first page"))] if home else []
    heading, words = WORDS[code]
    message = Message(str(heading), [str(words)], list(ways) or first)
    return render_template("expert/message.html", message=message)
