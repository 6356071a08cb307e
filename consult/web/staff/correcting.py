"""Correcting who somebody of the panel is: name, address, language, attributes."""

from typing import Any

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import Field, SelectField, StringField, ValidationError
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import Length

from consult.definition.address import EMAIL_LENGTH, is_address
from consult.services.mail import contacts
from consult.services.panel import panel
from consult.services.panel.panel_file import NAME_LENGTH
from consult.web.access import StaffContext, config, for_staff
from consult.web.forms.staff import Needed, StaffForm, language_name, stripped
from consult.web.staff.pages import done, form_page, go, plain

blueprint = Blueprint("correcting", __name__)
"""Inside `facilitate`, whose addresses it continues."""


@blueprint.route("/c/<slug>/facilitate/experts/<code>/correct", methods=["GET", "POST"])
@for_staff("facilitator", "secretariat")
def expert(ctx: StaffContext, code: str) -> ResponseReturnValue:
    """What the panel file says of one expert, to be put right; the journal notes which columns."""
    found = panel.find_expert(ctx.session, ctx.consultation, code)
    known = contacts.row_of(ctx.session, ctx.definition, found)
    form = _form(ctx)(data=known)
    changed: list[str] = []

    def act() -> None:
        changes = {key: form[key].data or "" for key in known}
        changed.extend(
            contacts.correct(ctx.session, ctx.consultation, ctx.definition, config(), found, changes, ctx.actor)
        )

    if not done(form, act):
        return form_page(
            ctx,
            form,
            heading=_("Correct %(code)s", code=code),
            button=_("Correct"),
            back=url_for("facilitate.board", slug=ctx.slug),
            paragraphs=_consequences(),
        )
    return go(ctx, "facilitate.board", _told(code, changed))


def _consequences() -> list[str]:
    return [
        _("A new address ends all links that went to the old one; a new link goes to it by mail."),
        _("A new group counts from the next freeze on. What is frozen stays as it is."),
    ]


def _told(code: str, changed: list[str]) -> str:
    if not changed:
        return _("Nothing is different from what stood there.")
    if "email" in changed:
        return _("%(code)s is corrected; a mail with a new link is in the outbox.", code=code)
    return _("%(code)s is corrected.", code=code)


def _is_address(form: StaffForm, field: Field) -> None:
    if field.data and not is_address(field.data):
        raise ValidationError(_("This is not an e-mail address."))


def _form(ctx: StaffContext) -> type[StaffForm]:
    """A form with the columns of this consultation's panel file."""
    languages = [SelectChoice(code, language_name(code)) for code in ctx.definition.languages]
    fields: dict[str, Any] = {
        "name": StringField(_("Name"), [Needed(_("Enter a name.")), Length(max=NAME_LENGTH)], filters=[stripped]),
        "email": StringField(
            _("E-mail address"),
            [Needed(_("Enter an address.")), Length(max=EMAIL_LENGTH), _is_address],
            filters=[stripped],
        ),
        "language": SelectField(_("Language"), choices=languages),
    }
    for attribute in ctx.definition.panel.attributes:
        options = [
            SelectChoice(option.key, plain(ctx, option.label)) for option in ctx.definition.lists[attribute.list_]
        ]
        nothing = [] if attribute.required else [SelectChoice("", "–")]
        fields[attribute.key] = SelectField(plain(ctx, attribute.label), choices=[*nothing, *options])
    return type("CorrectForm", (StaffForm,), fields)
