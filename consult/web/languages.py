"""The reader's language and the frame around every page."""

from urllib.parse import urlencode

import flask_login
from babel import Locale
from flask import Flask, g, request, url_for
from flask import session as cookie
from flask_babel import get_locale
from flask_babel import gettext as _

from consult.web.marks import header

INTERFACE = ("en", "ru")
"""Languages the interface itself is complete in."""
DRAFTS = ("da", "de", "et", "fi", "is", "lt", "lv", "nb", "pl", "sv")
"""Languages in which the experts' pages speak from a draft translation, marked as such."""


def select() -> str:
    """The language of this request: asked for, remembered, the expert's, the browser's."""
    asked = request.args.get("lang") or cookie.get("lang") or g.get("expert_language")
    if asked in (*INTERFACE, *DRAFTS):
        return str(asked)
    return request.accept_languages.best_match(INTERFACE) or INTERFACE[0]


def register(app: Flask) -> None:
    """Remember a language switch in the cookie; give every template its frame."""

    @app.before_request
    def _remember() -> None:
        asked = request.args.get("lang")
        if asked in (*INTERFACE, *DRAFTS):
            cookie["lang"] = asked

    @app.context_processor
    def _frame() -> dict[str, object]:
        return {"site": frame()}


def language_name(code: str) -> str:
    """A language in its own words."""
    return (Locale.parse(code).get_display_name(code) or code).capitalize()


def _switch(code: str) -> str:
    """This page in another language: same place, same query."""
    values = {**request.args.to_dict(), "lang": code}
    # A page that only answers a form has no address of its own to come back to.
    rule = request.url_rule
    is_readable = rule is None or "GET" in (rule.methods or ())
    return f"{request.path if is_readable else '/'}?{urlencode(values)}"


def _choices(codes: tuple[str, ...], language: str) -> list[dict[str, object]]:
    return [
        {
            "code": code,
            "label": language_name(code),
            "href": _switch(code),
            "current": code == language,
        }
        for code in codes
    ]


def frame() -> dict[str, object]:
    """What the base template needs: title, navigation, languages, footer."""
    language = str(get_locale())
    place = g.get("place")
    title = place["title"] if place else "Consult"
    footer = place["footer"] if place else []
    return {
        "title": title,
        "home": place["home"] if place else None,
        "nav": place["nav"] if place else [],
        "lang": language,
        "languages": _choices(INTERFACE, language),
        "drafts": _choices(DRAFTS, language) if place and place.get("has_drafts") else [],
        "is_draft": language in DRAFTS,
        "footer": footer,
        "signed_in": bool(place and place["sign_out"]),
        "sign_out": place["sign_out"] if place else None,
        "whose": place.get("whose") if place else None,
        "device": place.get("device") if place else None,
    }


def staff_rooms(slug: str, roles: frozenset[str]) -> list[dict[str, object]]:
    """The rooms of one consultation that these roles may enter."""
    rooms = [
        ("facilitate.board", _("Board"), {"facilitator", "secretariat"}),
        ("measures.workshop", _("Measures"), {"facilitator"}),
        ("dashboards.results", _("Results"), {"facilitator", "analyst", "secretariat"}),
        ("downloads.index", _("Downloads"), {"analyst", "secretariat"}),
        ("briefing.show", _("Briefing"), {"facilitator", "analyst", "secretariat"}),
    ]
    return [
        {
            "href": url_for(endpoint, slug=slug),
            "label": label,
            "current": (request.blueprint or "").partition(".")[0] == endpoint.partition(".")[0],
        }
        for endpoint, label, allowed in rooms
        if roles & allowed
    ]


def staff_frame(slug: str, title: object, roles: frozenset[str]) -> None:
    """Put the staff navigation of one consultation around the page."""
    g.place = {
        "title": title,
        "home": url_for("accounts.home"),
        "nav": staff_rooms(slug, roles),
        "footer": [{"href": url_for("enter.privacy", slug=slug), "label": _("Privacy")}],
        "sign_out": url_for("accounts.sign_out")
        if flask_login.current_user.is_authenticated
        else None,
        **header(),
    }


def account_frame() -> None:
    """Put the navigation of somebody signed in, outside any consultation, around the page."""
    rooms = (
        ("accounts.home", _("Consultations")),
        ("accounts.change_password", _("Password")),
        ("signins.of_staff", _("Sign-ins")),
    )
    g.place = {
        "title": "Consult",
        "home": url_for("accounts.home"),
        "nav": [
            {"href": url_for(endpoint), "label": label, "current": request.endpoint == endpoint}
            for endpoint, label in rooms
        ],
        "footer": [],
        "sign_out": url_for("accounts.sign_out"),
        **header(),
    }
