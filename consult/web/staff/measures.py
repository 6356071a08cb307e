"""The workshop: the list of measures, and adding, rewording, merging and dropping them."""

from collections.abc import Sequence

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.definition.text import by_language
from consult.fates import FINAL
from consult.services.measures import comments, fates, revising
from consult.services.measures import measures as services
from consult.services.measures.measures import Wording
from consult.web.access import StaffPlace, for_staff
from consult.web.forms.moments import when
from consult.web.forms.staff import StaffForm
from consult.web.forms.workshop import DropForm, MergeForm, RewordForm, wording_form
from consult.web.staff import moderate
from consult.web.staff.measure_rows import add_form, fate_words, measure_rows, merge_choices, new_content, proposal_rows
from consult.web.staff.measure_views import MeasurePage, VersionCard, WorkshopPage
from consult.web.staff.pages import done, form_page, go, page, reasoned, text
from consult.web.staff.statuses import status_note
from consult.web.views import Quote

blueprint = Blueprint("measures", __name__)

blueprint.register_blueprint(moderate.blueprint)


@blueprint.get("/c/<slug>/measures")
@for_staff("facilitator")
def workshop(place: StaffPlace) -> ResponseReturnValue:
    """Proposals beside the list of measures, with what has become of each."""
    view = WorkshopPage(
        standing=status_note(place),
        proposals=proposal_rows(place),
        measures=measure_rows(place),
        waiting=comments.waiting(place.session, place.consultation)["comments"],
    )
    return page(place, "staff/workshop.html", workshop=view)


@blueprint.route("/c/<slug>/measures/add", methods=["GET", "POST"])
@for_staff("facilitator")
def add(place: StaffPlace) -> ResponseReturnValue:
    """A new measure for the next round, from the facilitator's own hand."""
    form = add_form(place, {})

    def act() -> None:
        revising.add_measure(
            place.session,
            place.consultation,
            new_content(form),
            theme=form.words("theme"),
            reason=form.why(),
            actor=place.actor,
        )

    if not done(form, act):
        return form_page(
            place,
            form,
            heading=_("Add a measure"),
            button=_("Add the measure"),
            back=_workshop(place),
            paragraphs=[_("One idea in each measure. It goes into the next round that opens.")],
        )
    return go(place, "measures.workshop", _("The measure was added."))


@blueprint.get("/c/<slug>/measures/<key>")
@for_staff("facilitator")
def measure(place: StaffPlace, key: str) -> ResponseReturnValue:
    """One measure: every wording, everything that became of it, and what can be done."""
    wording = services.find_measure(place.session, place.consultation.id, key)
    happened = fates.fates(place.session, wording)
    final = bool(happened) and happened[-1].fate.fate in FINAL
    view = MeasurePage(
        key=wording.key,
        title=text(place, wording.title),
        is_final=final,
        versions=[
            VersionCard(
                number=version.number,
                is_pairable=version.is_pairable,
                when=when(version.made_at, place),
                title=text(place, version.content["title"]),
                text=text(place, version.content["text"]),
                reason=text(place, by_language(version.reason, version.reason_in)),
            )
            for version in fates.versions(place.session, wording)
        ],
        fates=[fate_words(place, item) for item in happened],
    )
    return page(place, "staff/measure.html", measure=view)


@blueprint.route("/c/<slug>/measures/<key>/reword", methods=["GET", "POST"])
@for_staff("facilitator")
def reword(place: StaffPlace, key: str) -> ResponseReturnValue:
    """A new wording, editorial or substantive, with a reason."""
    wording = services.find_measure(place.session, place.consultation.id, key)
    form = wording_form(RewordForm, place.definition.languages)(data=_given(wording))

    def act() -> None:
        revising.reword_measure(
            place.session,
            place.consultation,
            wording,
            form.content(),
            is_substantive=form.kind.data == "substantive",
            reason=form.why(),
            actor=place.actor,
        )

    if not done(form, act):
        return _measure_form(place, wording, form, _("Reword"))
    return go(place, "measures.measure", _("The measure has a new wording."), key=key)


@blueprint.route("/c/<slug>/measures/<key>/merge", methods=["GET", "POST"])
@for_staff("facilitator")
def merge(place: StaffPlace, key: str) -> ResponseReturnValue:
    """Merge a measure into another, which inherits no ratings."""
    wording = services.find_measure(place.session, place.consultation.id, key)
    form = reasoned(place, MergeForm)([item for item in merge_choices(place) if item[0] != key])

    def act() -> None:
        into = services.find_measure(place.session, place.consultation.id, form.words("into"))
        revising.merge_measure(place.session, place.consultation, wording, into, reason=form.why(), actor=place.actor)

    if not done(form, act):
        words = [_("The other measure counts as new from then on: it inherits no ratings.")]
        return _measure_form(place, wording, form, _("Merge into another"), words)
    return go(place, "measures.measure", _("The measure was merged."), key=key)


@blueprint.route("/c/<slug>/measures/<key>/drop", methods=["GET", "POST"])
@for_staff("facilitator")
def drop(place: StaffPlace, key: str) -> ResponseReturnValue:
    """Take a measure out, with a reason; not after one rating only."""
    wording = services.find_measure(place.session, place.consultation.id, key)
    form = reasoned(place, DropForm)()

    def act() -> None:
        revising.drop_measure(place.session, place.consultation, wording, reason=form.why(), actor=place.actor)

    if not done(form, act):
        return _measure_form(place, wording, form, _("Drop"), is_final=True)
    return go(place, "measures.measure", _("The measure is not taken further."), key=key)


def _workshop(place: StaffPlace) -> str:
    return url_for("measures.workshop", slug=place.slug)


def _measure_form(
    place: StaffPlace,
    wording: Wording,
    form: StaffForm,
    act: str,
    paragraphs: Sequence[str] = (),
    *,
    is_final: bool = False,
) -> ResponseReturnValue:
    quote = Quote(text=text(place, wording.text), title=text(place, wording.title))
    return form_page(
        place,
        form,
        heading=f"{act}: {wording.key}",
        button=act,
        paragraphs=paragraphs,
        quote=quote,
        is_final=is_final,
        back=url_for("measures.measure", slug=place.slug, key=wording.key),
    )


def _given(wording: Wording) -> dict[str, str]:
    return {
        f"{part}_{code}": words for part in ("title", "text") for code, words in wording.version.content[part].items()
    }
