"""Finishing a consultation: what every measure came to, said for good."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.definition.text import Shown
from consult.services.mail import notices
from consult.services.measures import measures
from consult.services.running import finishing, lookahead
from consult.web.access import StaffContext, config, for_staff
from consult.web.forms.staff import FinishForm
from consult.web.staff.pages import FormPage, done, go, page, text, translate
from consult.web.staff.statuses import came_to
from consult.words import catalogues
from consult.words.refusals import refusal_sentence

blueprint = Blueprint("finish", __name__)
"""Inside `facilitate`, whose addresses it continues."""


@dataclass(frozen=True, slots=True)
class StatusRow:
    """A measure and what it came to, as it will stand for good."""

    key: str
    title: Shown
    status: str


@blueprint.route("/c/<slug>/facilitate/finish", methods=["GET", "POST"])
@for_staff("facilitator")
def act(ctx: StaffContext) -> ResponseReturnValue:
    """Finish the consultation: the last round's reasons are released, every status is final."""
    form = FinishForm()

    def finish() -> None:
        finishing.finish(ctx.session, ctx.consultation, actor=ctx.actor)
        if form.tells.data:
            stage = finishing.last_round(ctx.session, ctx.consultation)
            notices.tell_finished(ctx.session, ctx.consultation, ctx.definition, config(), stage, ctx.actor)

    if done(form, finish):
        return go(ctx, "facilitate.board", _("The consultation is finished."))
    if request.method == "POST":
        return form.show_again()
    hindrance = finishing.hindrance(ctx.session, ctx.consultation)
    if hindrance is not None and not form.problems:
        form.refuse(refusal_sentence(hindrance, translate(ctx)))
    return page(
        ctx,
        "staff/finish.html",
        view=_view(ctx, form),
        rows=_rows(ctx),
        problems=form.problems,
        can_finish=hindrance is None,
    )


def _view(ctx: StaffContext, form: FinishForm) -> FormPage:
    seen = lookahead.before_the_finish(ctx.session, ctx.consultation)
    words = [
        _("After this the status of every measure is final, and nothing about the measures can be changed."),
        _("Accepted reasons of the last round are released with it."),
        *seen.sentences(catalogues.catalogue(ctx.language)),
    ]
    return FormPage(
        form,
        heading=_("Finish the consultation"),
        button=_("Finish for good"),
        back=url_for("facilitate.board", slug=ctx.slug),
        paragraphs=words,
        quote=None,
        eyebrow="",
        is_final=True,
    )


def _rows(ctx: StaffContext) -> Sequence[StatusRow]:
    found = came_to(ctx)
    return [
        StatusRow(wording.key, text(ctx, wording.title), found[wording.key][1])
        for wording in measures.newest_wordings(ctx.session, ctx.consultation.id)
        if wording.key in found
    ]
