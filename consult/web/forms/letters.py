"""Forms of somebody outside the panel who writes to the secretariat."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, StringField, TextAreaField, ValidationError
from wtforms.validators import Length, Optional

from consult.definition.address import EMAIL_LENGTH, is_address
from consult.services.mail.letters import NAME_LENGTH, TEXT_LENGTH
from consult.web.forms.staff import Needed, StaffForm, stripped


def _short(most: int) -> Length:
    return Length(max=most, message=_l("Please shorten the text."))


def _email_field(label: str, need: Needed | Optional, hint: str = "") -> StringField:
    return StringField(
        label,
        [need, _short(EMAIL_LENGTH)],
        description=hint,
        filters=[stripped],
        render_kw={"type": "email", "autocomplete": "off"},
    )


def _text_field(label: str, need: Needed | Optional) -> TextAreaField:
    return TextAreaField(label, [need, _short(TEXT_LENGTH)], filters=[stripped], render_kw={"rows": 6})


class LetterForm(StaffForm):
    """What every letter has: an address, if there is one, that is one."""

    def validate_email(self, field: Field) -> None:
        if field.data and not is_address(field.data):
            raise ValidationError(_("This is not an e-mail address."))


class NominationForm(LetterForm):
    name = StringField(
        _l("Name of the expert"),
        [Needed(_l("Enter a name.")), _short(NAME_LENGTH)],
        filters=[stripped],
        render_kw={"autocomplete": "off"},
    )
    email = _email_field(_l("E-mail address of the expert"), Needed(_l("Enter an e-mail address.")))
    text = _text_field(_l("Why this person, and who proposes"), Needed(_l("Say why.")))


class MessageForm(LetterForm):
    name = StringField(
        _l("Your name"), [Optional(), _short(NAME_LENGTH)], filters=[stripped], render_kw={"autocomplete": "name"}
    )
    email = _email_field(_l("Your e-mail address"), Optional(), _l("If you want an answer."))
    text = _text_field(_l("Your message"), Needed(_l("Write a message.")))


FORMS: Mapping[str, type[LetterForm]] = {"nomination": NominationForm, "message": MessageForm}
