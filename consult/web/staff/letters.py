"""Letters to the secretariat: reading them, and deleting those that were dealt with."""

from dataclasses import dataclass

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.services.mail import letters
from consult.web.access import StaffContext, for_staff
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
def index(ctx: StaffContext) -> ResponseReturnValue:
    """What people wrote whom the link of another reached."""
    kinds = {"nomination": _("Proposal of an expert"), "message": _("Message")}
    rows = [
        LetterCard(
            kind=kinds[letter.kind],
            name=letter.name,
            email=letter.email,
            text=letter.text,
            at=when(letter.written_at, ctx),
            code=code,
            delete=url_for("facilitate.letters.delete", slug=ctx.slug, handle=letter.handle),
        )
        for letter, code in letters.received(ctx.session, ctx.consultation)
    ]
    return page(ctx, "staff/letters.html", rows=rows)


@blueprint.post("/c/<slug>/facilitate/letters/<handle>/delete")
@for_staff("facilitator", "secretariat")
def delete(ctx: StaffContext, handle: str) -> ResponseReturnValue:
    """Delete one that was dealt with."""
    letters.delete_letter(ctx.session, ctx.consultation, handle, ctx.actor)
    return go(ctx, "facilitate.letters.index", _("The letter is deleted."))
