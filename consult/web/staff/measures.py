"""The measures editor: the list of measures, and adding, rewording, merging and dropping them."""

from collections.abc import Sequence

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.definition.text import by_language
from consult.fates import FINAL
from consult.services.measures import comments, fates, revising
from consult.services.measures import measures as services
from consult.services.measures.finished import is_finished
from consult.services.measures.measures import Wording
from consult.web.access import StaffContext, for_staff
from consult.web.forms.measures import DropForm, MergeForm, RewordForm, wording_form
from consult.web.forms.moments import when
from consult.web.forms.staff import StaffForm
from consult.web.staff import moderate
from consult.web.staff.measure_rows import add_form, fate_words, measure_rows, merge_choices, new_content, proposal_rows
from consult.web.staff.measure_views import MeasurePage, MeasuresEditor, VersionCard
from consult.web.staff.pages import done, form_page, go, page, reasoned, text
from consult.web.staff.statuses import status_note
from consult.web.views import Quote

blueprint = Blueprint("measures", __name__)

blueprint.register_blueprint(moderate.blueprint)


@blueprint.get("/c/<slug>/measures")
@for_staff("facilitator")
def editor(ctx: StaffContext) -> ResponseReturnValue:
    """Proposals beside the list of measures, with what has become of each."""
    view = MeasuresEditor(
        standing=status_note(ctx),
        is_finished=is_finished(ctx.session, ctx.consultation.id),
        proposals=proposal_rows(ctx),
        measures=measure_rows(ctx),
        waiting=comments.waiting(ctx.session, ctx.consultation)["comments"],
    )
    return page(ctx, "staff/measures.html", editor=view)


@blueprint.route("/c/<slug>/measures/add", methods=["GET", "POST"])
@for_staff("facilitator")
def add(ctx: StaffContext) -> ResponseReturnValue:
    """A new measure for the next round, from the facilitator's own hand."""
    form = add_form(ctx, {})

    def act() -> None:
        revising.add_measure(
            ctx.session,
            ctx.consultation,
            new_content(form),
            theme=form.words("theme"),
            reason=form.why(),
            actor=ctx.actor,
        )

    if not done(form, act):
        return form_page(
            ctx,
            form,
            heading=_("Add a measure"),
            button=_("Add the measure"),
            back=_editor(ctx),
            paragraphs=[_("One idea in each measure. It goes into the next round that opens.")],
        )
    return go(ctx, "measures.editor", _("The measure was added."))


@blueprint.get("/c/<slug>/measures/<key>")
@for_staff("facilitator")
def measure(ctx: StaffContext, key: str) -> ResponseReturnValue:
    """One measure: every wording, everything that became of it, and what can be done."""
    wording = services.find_measure(ctx.session, ctx.consultation.id, key)
    happened = fates.fates(ctx.session, wording)
    final = (bool(happened) and happened[-1].fate.fate in FINAL) or is_finished(ctx.session, ctx.consultation.id)
    view = MeasurePage(
        key=wording.key,
        title=text(ctx, wording.title),
        is_final=final,
        versions=[
            VersionCard(
                number=version.number,
                is_pairable=version.is_pairable,
                when=when(version.made_at, ctx),
                title=text(ctx, version.content["title"]),
                text=text(ctx, version.content["text"]),
                reason=text(ctx, by_language(version.reason, version.reason_in)),
            )
            for version in fates.versions(ctx.session, wording)
        ],
        fates=[fate_words(ctx, item) for item in happened],
    )
    return page(ctx, "staff/measure.html", measure=view)


@blueprint.route("/c/<slug>/measures/<key>/reword", methods=["GET", "POST"])
@for_staff("facilitator")
def reword(ctx: StaffContext, key: str) -> ResponseReturnValue:
    """A new wording, editorial or substantive, with a reason."""
    wording = services.find_measure(ctx.session, ctx.consultation.id, key)
    form = wording_form(RewordForm, ctx.definition.languages)(data=_given(wording))

    def act() -> None:
        revising.reword_measure(
            ctx.session,
            ctx.consultation,
            wording,
            form.content(),
            is_substantive=form.kind.data == "substantive",
            reason=form.why(),
            actor=ctx.actor,
        )

    if not done(form, act):
        return _measure_form(ctx, wording, form, _("Reword"))
    return go(ctx, "measures.measure", _("The measure has a new wording."), key=key)


@blueprint.route("/c/<slug>/measures/<key>/merge", methods=["GET", "POST"])
@for_staff("facilitator")
def merge(ctx: StaffContext, key: str) -> ResponseReturnValue:
    """Merge a measure into another, which inherits no ratings."""
    wording = services.find_measure(ctx.session, ctx.consultation.id, key)
    form = reasoned(ctx, MergeForm)([item for item in merge_choices(ctx) if item[0] != key])

    def act() -> None:
        into = services.find_measure(ctx.session, ctx.consultation.id, form.words("into"))
        revising.merge_measure(ctx.session, ctx.consultation, wording, into, reason=form.why(), actor=ctx.actor)

    if not done(form, act):
        words = [_("The other measure counts as new from then on: it inherits no ratings.")]
        return _measure_form(ctx, wording, form, _("Merge into another"), words)
    return go(ctx, "measures.measure", _("The measure was merged."), key=key)


@blueprint.route("/c/<slug>/measures/<key>/drop", methods=["GET", "POST"])
@for_staff("facilitator")
def drop(ctx: StaffContext, key: str) -> ResponseReturnValue:
    """Take a measure out, with a reason; not after one rating only."""
    wording = services.find_measure(ctx.session, ctx.consultation.id, key)
    form = reasoned(ctx, DropForm)()

    def act() -> None:
        revising.drop_measure(ctx.session, ctx.consultation, wording, reason=form.why(), actor=ctx.actor)

    if not done(form, act):
        return _measure_form(ctx, wording, form, _("Drop"), is_final=True)
    return go(ctx, "measures.measure", _("The measure is not taken further."), key=key)


def _editor(ctx: StaffContext) -> str:
    return url_for("measures.editor", slug=ctx.slug)


def _measure_form(
    ctx: StaffContext,
    wording: Wording,
    form: StaffForm,
    act: str,
    paragraphs: Sequence[str] = (),
    *,
    is_final: bool = False,
) -> ResponseReturnValue:
    quote = Quote(text=text(ctx, wording.text), title=text(ctx, wording.title))
    return form_page(
        ctx,
        form,
        heading=f"{act}: {wording.key}",
        button=act,
        paragraphs=paragraphs,
        quote=quote,
        is_final=is_final,
        back=url_for("measures.measure", slug=ctx.slug, key=wording.key),
    )


def _given(wording: Wording) -> dict[str, str]:
    return {
        f"{part}_{code}": words for part in ("title", "text") for code, words in wording.version.content[part].items()
    }
