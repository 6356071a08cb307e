"""What every staff page does the same way: its frame, its texts, and doing what a form asks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import get_translations
from werkzeug.wrappers import Response

from consult.database import get_session
from consult.definition.text import Shown, in_language
from consult.errors import (
    AlreadyClosed,
    NotFound,
    NotPossible,
    PasswordRefused,
    ProtocolLocked,
    ReasonNeeded,
    StageNotFrozen,
    StageNotOpen,
    Withdrawn,
)
from consult.web import held
from consult.web.access import RequestContext, StaffContext
from consult.web.forms.staff import FormKind, StaffForm, in_languages
from consult.web.languages import staff_frame
from consult.web.views import Quote
from consult.words import catalogues, phrases
from consult.words.refusals import refusal_sentence

REFUSALS = (
    AlreadyClosed,
    NotPossible,
    PasswordRefused,
    ProtocolLocked,
    ReasonNeeded,
    StageNotFrozen,
    StageNotOpen,
    Withdrawn,
)
"""What a service says no to in a way that the same form can be tried again."""


def page(ctx: StaffContext, template: str, **values: object) -> str:
    """A page of one consultation, with the staff navigation around it."""
    staff_frame(ctx.slug, text(ctx, ctx.definition.short_title), ctx.roles)
    return render_template(template, ctx=ctx, **values)


@dataclass(frozen=True, slots=True)
class FormPage:
    """A page with one form: its heading, why, what it is about, its button and a way back.

    `is_final` when what the button does cannot be taken back.
    """

    form: StaffForm
    heading: str
    button: str
    back: str
    paragraphs: Sequence[str]
    quote: Quote | None
    eyebrow: str
    is_final: bool


def form_page(
    ctx: StaffContext,
    form: StaffForm,
    *,
    heading: str,
    button: str,
    back: str,
    paragraphs: Sequence[str] = (),
    quote: Quote | None = None,
    eyebrow: str = "",
    is_final: bool = False,
) -> str | Response:
    """A page with one form; refused, it leads there again with everything typed."""
    if request.method == "POST":
        return form.show_again()
    view = FormPage(form, heading, button, back, paragraphs, quote, eyebrow, is_final)
    return page(ctx, "staff/form.html", view=view, problems=form.problems)


def reasoned(ctx: StaffContext, kind: type[FormKind]) -> type[FormKind]:
    """A form that asks its reason in every language of the consultation."""
    return in_languages(kind, ctx.definition.languages)


def done(form: StaffForm, act: Callable[[], object]) -> bool:
    """Whether the form was sent, is right and the service did what it asks.

    A refusal is undone and noted in the form, so that the page can show it with everything typed.
    """
    if not form.validate_on_submit():
        return False
    try:
        act()
    except NotFound:
        raise
    except REFUSALS as refusal:
        get_session().rollback()
        form.refuse(refusal_sentence(refusal.refusal, get_translations()))
        return False
    return True


def go(ctx: StaffContext, endpoint: str, message: str, **values: str) -> Response:
    """Commit, say what was done, and go on to another page of the consultation."""
    held.drop(held.staff_form())
    ctx.session.commit()
    flash(message, "good")
    parts: dict[str, Any] = {"slug": ctx.slug, **values}
    return redirect(url_for(endpoint, **parts), 303)


def text(ctx: RequestContext, words: Mapping[str, str] | None) -> Shown:
    """A text of the consultation for this reader, and the language it is in."""
    return in_language(words, ctx.language, ctx.definition.languages)


def plain(ctx: RequestContext, words: Mapping[str, str] | None) -> str:
    """A text of the consultation for this reader, where no language can be marked."""
    return text(ctx, words).text


def said(ctx: RequestContext, words: Mapping[str, str], code: str | None) -> str:
    """The words for a code of the analysis."""
    return phrases.said(words, code, translate(ctx)) if code else "–"


def translate(ctx: RequestContext) -> phrases.Translate:
    """The catalogue of the reader's language."""
    return catalogues.catalogue(ctx.language)


def pick(asked: str | None, known: Sequence[str]) -> str:
    """A choice from the address, if it is one of those known; else the first."""
    return asked if asked is not None and asked in known else known[0]
