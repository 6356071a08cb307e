"""Who may come in: the guards every view carries, and what they resolve."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import update_wrapper
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import flask_login
from flask import abort, current_app, g, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from werkzeug.wrappers import Response

from consult.config import Config
from consult.database import Session, get_session
from consult.definition.consultation import Definition
from consult.models import Account, Consultation, Expert, Stage
from consult.services.access import lifetimes, sessions
from consult.services.access.sessions import Visit
from consult.services.definitions import consultation_by_slug, definition_of, definition_of_digest
from consult.services.rounds.stages import stages_of
from consult.services.staff import accounts, sign_in
from consult.web.marks import recognise, require_own
from consult.words.dates import Windows

P = ParamSpec("P")
GuardedView = TypeVar("GuardedView", bound=Callable[..., ResponseReturnValue])
"""A view, whatever stands in its address."""


class OfSlug(Protocol[P]):
    """A view as Flask calls it: with the consultation's slug, and what else stands in the address."""

    def __call__(self, slug: str, *args: P.args, **values: P.kwargs) -> ResponseReturnValue: ...


@dataclass(frozen=True, slots=True)
class RequestContext:
    """Where a request is: session, consultation, definition, reader's language."""

    session: Session
    consultation: Consultation
    definition: Definition

    @property
    def slug(self) -> str:
        return self.consultation.slug

    @property
    def language(self) -> str:
        """The reader's language."""
        return str(get_locale())

    def windows(self) -> Windows:
        """Opening and closing of every stage, for placeholders and time lines."""
        return {stage.key: (stage.opens_at, stage.closes_at) for stage in self.stages()}

    @property
    def holds_stages(self) -> bool:
        """Whether stages stay as they are while this request lasts."""
        return False

    def stages(self) -> list[Stage]:
        """All stages in the order of their opening, read once a request."""
        key = self.consultation.id, self.holds_stages
        known: dict[tuple[int, bool], list[Stage]] = g.setdefault("stages", {})
        if key not in known:
            known[key] = stages_of(self.session, self.consultation.id, holds=self.holds_stages)
        return known[key]


@dataclass(frozen=True, slots=True)
class ExpertContext(RequestContext):
    """A request by an expert."""

    expert: Expert

    @property
    def holds_stages(self) -> bool:
        """Where something is sent: it is checked that a stage is open, and then stored. Staff open and close."""
        return request.method == "POST"


@dataclass(frozen=True, slots=True)
class StaffContext(RequestContext):
    """A request by staff, with the roles held in this consultation."""

    account: Account
    roles: frozenset[str]

    @property
    def actor(self) -> str:
        """How the journal names this person."""
        return self.account.email


class StaffUser(flask_login.UserMixin):
    """A signed-in account, known by the token of its revocable session."""

    def __init__(self, account: Account, token: str) -> None:
        self.account = account
        self.token = token

    def get_id(self) -> str:
        return self.token


def load_staff(token: str) -> StaffUser | None:
    """Flask-Login's loader: the account of a live staff session."""
    account = sign_in.account_of_session(get_session(), token)
    return StaffUser(account, token) if account is not None else None


def config() -> Config:
    """The settings of this application."""
    settings: Config = current_app.extensions["consult_config"]
    return settings


def _guarded(view: GuardedView, guard: str) -> GuardedView:
    view.guard = guard  # type: ignore[attr-defined]
    return view


def public(view: GuardedView) -> GuardedView:
    """Open to everyone; the view itself shows nothing of anyone."""
    return _guarded(view, "public")


def place_of(slug: str) -> RequestContext:
    """The consultation named in the address, for a public page. Raises NotFound."""
    session = get_session()
    consultation = consultation_by_slug(session, slug)
    return RequestContext(session, consultation, definition_of(session, consultation.id))


def session_token(slug: str) -> str:
    """What the reader's cookie holds for a consultation; empty without a session."""
    return str(cookie.get("experts", {}).get(slug, ""))


def visit_here(slug: str) -> Visit | None:
    """The live session the browser has in this consultation, for any page."""
    token = session_token(slug)
    holds = request.method == "POST"
    visit = sessions.visit_of(get_session(), slug, token, holds=holds) if token else None
    if visit is not None:
        recognise(visit.expert, visit.name)
    return visit


def for_expert(
    *, needs_consent: bool = True, is_use: bool = True
) -> Callable[[Callable[Concatenate[ExpertContext, P], ResponseReturnValue]], OfSlug[P]]:
    """Only an expert of this consultation with a live session; with consent where needed.

    What is sent must have been drawn for this expert, on this page. Every POST is a consent or a
    save: the first one in a session of a new link ends the older links, if the view commits.
    `is_use` says so of a view; signing out is none.
    """

    def decorate(view: Callable[Concatenate[ExpertContext, P], ResponseReturnValue]) -> OfSlug[P]:
        def wrapper(slug: str, *args: P.args, **values: P.kwargs) -> ResponseReturnValue:
            visit = visit_here(slug)
            if visit is None:
                place_of(slug)  # that there is none is said before anything else
                abort(401)
            session, expert = get_session(), visit.expert
            g.expert_language = expert.language
            require_own(expert, visit.consultation.id)
            if needs_consent and not visit.agrees:
                if request.method == "POST":
                    abort(403)
                return redirect(url_for("enter.consent", slug=slug), 303)
            if is_use and visit.new_link is not None and request.method == "POST":
                lifetimes.take_over(session, expert, visit.new_link)
            definition = definition_of_digest(session, visit.consultation.id, visit.digest)
            return view(ExpertContext(session, visit.consultation, definition, expert), *args, **values)

        update_wrapper(wrapper, view)
        return _guarded(wrapper, "expert")

    return decorate


def for_staff(*roles: str) -> Callable[[Callable[Concatenate[StaffContext, P], ResponseReturnValue]], OfSlug[P]]:
    """Only staff with one of these roles in the consultation of the address.

    What is sent must have been drawn for this account, on this page of this consultation.
    """

    def decorate(view: Callable[Concatenate[StaffContext, P], ResponseReturnValue]) -> OfSlug[P]:
        def wrapper(slug: str, *args: P.args, **values: P.kwargs) -> ResponseReturnValue:
            if not flask_login.current_user.is_authenticated:
                return _to_login()
            ctx = place_of(slug)
            account: Account = flask_login.current_user.account
            recognise(account, account.name)
            require_own(account)
            held = accounts.roles(ctx.session, account.id, ctx.consultation.id)
            if not held & set(roles):
                abort(403)
            known = StaffContext(ctx.session, ctx.consultation, ctx.definition, account, frozenset(held))
            return view(known, *args, **values)

        update_wrapper(wrapper, view)
        return _guarded(wrapper, "staff:" + ",".join(roles))

    return decorate


def for_account(view: Callable[Concatenate[Account, P], ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Any signed-in staff; what is sent must have been drawn for this account."""

    def wrapper(*args: P.args, **values: P.kwargs) -> ResponseReturnValue:
        if not flask_login.current_user.is_authenticated:
            return _to_login()
        account: Account = flask_login.current_user.account
        recognise(account, account.name)
        require_own(account)
        return view(account, *args, **values)

    update_wrapper(wrapper, view)
    return _guarded(wrapper, "account")


def _to_login() -> Response:
    if request.method == "POST":
        abort(401)
    return redirect(url_for("accounts.login", next=request.full_path.rstrip("?")), 303)
