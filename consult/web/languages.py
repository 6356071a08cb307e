"""The reader's language and the frame around every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from urllib.parse import urlencode

import flask_login
from babel import Locale
from flask import Flask, g, request, url_for
from flask import session as cookie
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.local import LocalProxy

from consult.definition.text import Shown
from consult.roles import Role
from consult.web.marks import Reader, reader
from consult.web.views import Link, Words

INTERFACE = ("en", "ru")
"""Languages the interface itself is complete in."""
DRAFTS = ("da", "de", "et", "fi", "is", "lt", "lv", "nb", "pl", "sv")
"""Languages of the experts' pages whose translation no native reader has confirmed yet, marked as such."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the pages of a consultation, or of staff; kept in `g.place`."""

    title: Words
    home: str | None
    nav: Sequence[Link]
    footer: Sequence[Link]
    sign_out: str | None
    reader: Reader | None
    has_drafts: bool = False


NOWHERE = Frame("Consult", home=None, nav=(), footer=(), sign_out=None, reader=None)
"""Around a page that belongs to no consultation and to nobody."""


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """This page in another language."""

    code: str
    label: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Site:
    """What `base.html` needs: the frame of the page, its language and those there are."""

    frame: Frame
    lang: str
    languages: Sequence[LanguageLink]
    drafts: Sequence[LanguageLink]
    is_draft: bool
    instead: Shown | None
    """In the language that was asked for: that this page stands in another."""

    @property
    def all_languages(self) -> list[LanguageLink]:
        """Every language of this page."""
        return [*self.languages, *self.drafts]

    @property
    def home(self) -> str | None:
        """The first page for this reader."""
        return self.frame.home

    @property
    def device(self) -> str | None:
        """Under which name a device keeps what this reader types."""
        return self.frame.reader.device if self.frame.reader else None


def select() -> str:
    """The language of this request: asked for, remembered, the expert's, the browser's."""
    asked = g.get("only_in") or request.args.get("lang") or cookie.get("lang") or g.get("expert_language")
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
        if not _is_of_now(g.get("site")):
            g.site = site()
        return {"problems": ()}

    # A name of all templates, so that the shared pieces are made ready once and not for every page.
    app.jinja_env.globals["site"] = LocalProxy(lambda: g.get("site") or g.setdefault("site", site()))


def _is_of_now(known: Site | None) -> bool:
    """Whether what stood around an earlier piece of this page still does."""
    if known is None or known.frame is not g.get("place", NOWHERE):
        return False
    return known.lang == str(get_locale()) and known.instead == g.get("instead")


@cache
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


def _choices(codes: tuple[str, ...], language: str) -> list[LanguageLink]:
    return [LanguageLink(code, language_name(code), _switch(code), code == language) for code in codes]


def site() -> Site:
    """What stands around this page."""
    language = str(get_locale())
    frame: Frame = g.get("place") or NOWHERE
    return Site(
        frame=frame,
        lang=language,
        languages=_choices(INTERFACE, language),
        drafts=_choices(DRAFTS, language) if frame.has_drafts else [],
        is_draft=language in DRAFTS,
        instead=g.get("instead"),
    )


def staff_rooms(slug: str, roles: frozenset[str]) -> list[Link]:
    """The rooms of one consultation that these roles may enter."""
    rooms = [
        ("facilitate.board", _("Board"), {Role.FACILITATOR, Role.SECRETARIAT}),
        ("measures.editor", _("Measures"), {Role.FACILITATOR}),
        ("dashboards.results", _("Results"), {Role.FACILITATOR, Role.ANALYST, Role.SECRETARIAT}),
        ("downloads.index", _("Downloads"), {Role.ANALYST, Role.SECRETARIAT}),
        ("briefing.show", _("Briefing"), {Role.FACILITATOR, Role.ANALYST, Role.SECRETARIAT}),
    ]
    here = (request.blueprint or "").partition(".")[0]
    return [
        Link(url_for(endpoint, slug=slug), label, current=here == endpoint.partition(".")[0])
        for endpoint, label, allowed in rooms
        if roles & allowed
    ]


def staff_frame(slug: str, title: Words, roles: frozenset[str]) -> None:
    """Put the staff navigation of one consultation around the page."""
    g.place = Frame(
        title=title,
        home=url_for("accounts.home"),
        nav=staff_rooms(slug, roles),
        footer=[Link(url_for("enter.privacy", slug=slug), _("Privacy"))],
        sign_out=url_for("accounts.sign_out") if flask_login.current_user.is_authenticated else None,
        reader=reader(),
    )


def account_frame() -> None:
    """Put the navigation of somebody signed in, outside any consultation, around the page."""
    rooms = (
        ("accounts.home", _("Consultations")),
        ("accounts.change_password", _("Password")),
        ("signins.of_staff", _("Sign-ins")),
    )
    g.place = Frame(
        title="Consult",
        home=url_for("accounts.home"),
        nav=[Link(url_for(endpoint), label, current=request.endpoint == endpoint) for endpoint, label in rooms],
        footer=[],
        sign_out=url_for("accounts.sign_out"),
        reader=reader(),
    )
