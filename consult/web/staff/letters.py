"""Letters to the secretariat: reading them, and deleting those that were dealt with."""

from dataclasses import dataclass

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.services.mail import letters
from consult.web.access import StaffPlace, for_staff
from consult.web.forms.moments import Moment, when
from consult.web.staff.pages import go, page

blueprint = Blueprint("letters", __name__)
"""Inside `facilitate`, whose addresses it continues."""


@dataclass(frozen=True, slots=True)
class LetterCard:
    """A letter, by whose link it came, and the address that deletes it."""

    kind: str
    name: str
    email: str
    text: str
    at: Moment
    code: str | None
    delete: str


@blueprint.get("/c/<slug>/facilitate/letters")
@for_staff("facilitator", "secretariat")
def index(place: StaffPlace) -> ResponseReturnValue:
    """What people wrote whom the link of another reached."""
    kinds = {"nomination": _("Proposal of an expert"), "message": _("Message")}
    rows = [
        LetterCard(
            kind=kinds[letter.kind],
            name=letter.name,
            email=letter.email,
            text=letter.text,
            at=when(letter.written_at, place),
            code=code,
            delete=url_for("facilitate.letters.delete", slug=place.slug, handle=letter.handle),
        )
        for letter, code in letters.received(place.session, place.consultation)
    ]
    return page(place, "staff/letters.html", rows=rows)


@blueprint.post("/c/<slug>/facilitate/letters/<handle>/delete")
@for_staff("facilitator", "secretariat")
def delete(place: StaffPlace, handle: str) -> ResponseReturnValue:
    """Delete one that was dealt with."""
    letters.delete_letter(place.session, place.consultation, handle, place.actor)
    return go(place, "facilitate.letters.index", _("The letter is deleted."))
