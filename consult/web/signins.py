"""Where one is signed in, and ending it: an expert's sessions on their own data, staff's alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import flask_login
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as Answer

from consult.database import get_session
from consult.models import Account
from consult.services.access import purposes, sign_ins
from consult.web.access import ExpertContext, for_account, for_expert, session_token
from consult.web.forms.moments import when
from consult.web.languages import account_frame, select
from consult.web.views import Link
from consult.words.dates import written_in

blueprint = Blueprint("signins", __name__)


@dataclass(frozen=True, slots=True)
class SignInRow:
    """One session: since when, opened by what, and the address that ends it, if it is another."""

    opened: str
    by: str
    is_this: bool
    end: Link | None


@dataclass(frozen=True, slots=True)
class SignIns:
    """Sessions of the reader's own; `end_others` where there are others."""

    rows: Sequence[SignInRow]
    end_others: Link | None


def of_expert(ctx: ExpertContext) -> SignIns:
    """The reader's sessions in this consultation, each with the way to end it."""
    words = {
        # Translators: invitation: the mail with an expert’s personal way in.
        purposes.INVITATION: _("by the link of the invitation"),
        **dict.fromkeys(purposes.REMINDING, _("by the link of a reminder")),
        purposes.NEXT_ROUND: _("by the link of the news that a stage is open"),
        purposes.RECEIPT: _("by the link of a receipt"),
        purposes.NEW_LINK: _("by a new link"),
    }
    found = sign_ins.sign_ins(ctx.session, ctx.expert, session_token(ctx.slug))
    return _listed(
        found,
        lambda one: (when(one.opened_at, ctx).local, words.get(one.purpose or "", "")),
        lambda handle: url_for("signins.end", slug=ctx.slug, handle=handle),
        url_for("signins.end_others", slug=ctx.slug),
    )


def _listed(
    found: list[sign_ins.SignIn],
    told: Callable[[sign_ins.SignIn], tuple[str, str]],
    address: Callable[[str], str],
    others: str,
) -> SignIns:
    """The rows of a list; this very session is ended by signing out."""
    rows = []
    for one in found:
        opened, by = told(one)
        end = None if one.is_this else Link(address(one.handle), _("End this session"))
        rows.append(SignInRow(opened, by, one.is_this, end))
    return SignIns(rows, Link(others, _("End all others")) if len(rows) > 1 else None)


@blueprint.post("/c/<slug>/my-data/sign-ins/<handle>/end")
@for_expert(needs_consent=False)
def end(ctx: ExpertContext, handle: str) -> Answer:
    """End one session of the reader's own."""
    sign_ins.end_sign_in(ctx.session, ctx.expert, handle)
    ctx.session.commit()
    return _ended(1, url_for("mydata.my_data", slug=ctx.slug))


@blueprint.post("/c/<slug>/my-data/end-other-sign-ins")
@for_expert(needs_consent=False)
def end_others(ctx: ExpertContext) -> Answer:
    """End every session of the reader's but this one."""
    ended = sign_ins.end_others(ctx.session, ctx.expert, session_token(ctx.slug))
    ctx.session.commit()
    return _ended(ended, url_for("mydata.my_data", slug=ctx.slug))


def _ended(number: int, address: str) -> Answer:
    words = ngettext("%(num)s session has ended.", "%(num)s sessions have ended.", number)
    flash(words, "good")
    return redirect(f"{address}#sign-ins", 303)


@blueprint.get("/staff/sign-ins")
@for_account
def of_staff(account: Account) -> str:
    """Where a member of staff is signed in."""
    found = sign_ins.sign_ins(get_session(), account, flask_login.current_user.token)
    listed = _listed(
        found,
        lambda one: (written_in(one.opened_at, "UTC", select()), ""),
        lambda handle: url_for("signins.end_staff", handle=handle),
        url_for("signins.end_other_staff"),
    )
    account_frame()
    return render_template("staff/sign_ins.html", sign_ins=listed)


@blueprint.post("/staff/sign-ins/<handle>/end")
@for_account
def end_staff(account: Account, handle: str) -> Answer:
    """End one session of one's own account."""
    session = get_session()
    sign_ins.end_sign_in(session, account, handle)
    session.commit()
    return _ended(1, url_for("signins.of_staff"))


@blueprint.post("/staff/end-other-sign-ins")
@for_account
def end_other_staff(account: Account) -> Answer:
    """End every session of one's account but this one."""
    session = get_session()
    ended = sign_ins.end_others(session, account, flask_login.current_user.token)
    session.commit()
    return _ended(ended, url_for("signins.of_staff"))
