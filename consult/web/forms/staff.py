"""Forms of the staff pages. Names begin with `item-`, so that a refusal can show what was typed."""

from collections.abc import Sequence
from typing import Any, TypeVar

from babel import Locale
from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Field,
    PasswordField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from consult.definition.text import is_blank, stripped
from consult.services.measures.reasons import Reason
from consult.services.running.publishing import LOCAL
from consult.web import held
from consult.web.views import ProblemLine

REASON_LENGTH = 1_000


FormKind = TypeVar("FormKind", bound="StaffForm")


class Needed(InputRequired):
    """Something must be typed; spaces are nothing."""

    def __call__(self, form: BaseForm, field: Field) -> None:
        if not field.raw_data or is_blank(str(field.raw_data[0])):
            field.errors = []
            raise StopValidation(str(self.message))


def reason_field(label: str, hint: str = "", *, is_needed: bool = True) -> TextAreaField:
    checks = [Needed(_l("Say why."))] if is_needed else [Optional()]
    return TextAreaField(label, [*checks, _length()], description=hint, filters=[stripped], render_kw={"rows": 4})


def _length() -> Length:
    return Length(max=REASON_LENGTH, message=_l("Please shorten the text."))


class StaffForm(FlaskForm):
    """A form with its problems as links to the fields; one refused before is shown as it was."""

    languages: Sequence[str] = ()
    """Those its texts are asked in; see `in_languages`."""

    def __init__(self, **values: object) -> None:
        kept = held.kept(held.staff_form())
        if kept is not None:
            fields: MultiDict[str, str] = MultiDict(kept["fields"])
            values["formdata"] = fields
        super().__init__(prefix="item-", **values)
        for name, message in kept["errors"] if kept else ():
            self.refuse(message, name)

    def show_again(self) -> Response:
        """The answer when it was sent and refused: a redirect to its page, with all that was
        typed, passwords left out."""
        typed = [field.name for field in self.inputs() if not isinstance(field, PasswordField)]
        fields = {name: request.form.getlist(name) for name in typed if name in request.form}
        errors = [(name or "", str(message)) for name, messages in self.errors.items() for message in messages]
        return held.show_again(held.staff_form(), {"fields": fields, "errors": errors})

    def refuse(self, message: str, field: str = "") -> None:
        """Note what is wrong with the whole form, or with one field."""
        if field in self:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)

    @property
    def problems(self) -> list[ProblemLine]:
        """Every problem for the summary at the top of the page."""
        own = [ProblemLine(str(message)) for message in self.form_errors]
        return own + [
            ProblemLine(f"{field.label.text}: {message}", anchor=_anchor(field))
            for field in self
            if field.name != "csrf_token"
            for message in field.errors
        ]

    def words(self, name: str) -> str:
        """What was typed into a field, or an empty string."""
        return str(self[name].data or "")

    def why(self) -> Reason:
        """The reason, by language where it was asked in several."""
        words = {code: self.words(f"reason_{code}") for code in self.languages[1:]}
        return {self.languages[0]: self.words("reason"), **words} if words else self.words("reason")

    def inputs(self) -> list[Field]:
        """The fields a page shows."""
        return [field for field in self if field.name != "csrf_token"]


def _anchor(field: Field) -> str:
    """A group of options has no control of its own: its first one stands for it."""
    grouped = isinstance(field, RadioField | SelectMultipleField)
    return f"{field.id}-0" if grouped else str(field.id)


class LoginForm(StaffForm):
    email = StringField(
        _l("E-mail address"),
        [Needed(_l("Enter your e-mail address."))],
        filters=[stripped],
        render_kw={"autocomplete": "username", "type": "email"},
    )
    password = PasswordField(
        _l("Password"), [Needed(_l("Enter your password."))], render_kw={"autocomplete": "current-password"}
    )


class ConfirmForm(StaffForm):
    """Nothing to fill in: the button is the answer."""


class PasswordForm(StaffForm):
    current = PasswordField(
        _l("Present password"),
        [Needed(_l("Enter your present password."))],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _l("New password"),
        [Needed(_l("Enter a new password."))],
        description=_l("12 to 200 characters; three or four words together are good."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _l("New password, once more"),
        [Needed(_l("Enter the new password once more."))],
        render_kw={"autocomplete": "new-password"},
    )

    def validate_again(self, field: PasswordField) -> None:
        if field.data != self.new.data:
            raise ValidationError(_("The two new passwords differ."))


def tells_field() -> BooleanField:
    """Mails go out unless somebody says no."""
    return BooleanField(_l("Tell those whom it concerns by mail"), default=True)


class OpenForm(StaffForm):
    """Ahead of its time a stage opens with a reason only; the service asks for it."""

    reason = reason_field(_l("Reason"), is_needed=False)
    tells = tells_field()


class CloseForm(OpenForm):
    """As for opening: before the announced close a reason is needed."""


class FinishForm(StaffForm):
    """Nothing but whether to tell people: the button is the answer."""

    tells = tells_field()


class ExtendForm(StaffForm):
    closes_at = DateTimeLocalField(
        _l("New close"), [Needed(_l("Enter a date and a time."))], format=["%Y-%m-%dT%H:%M", LOCAL]
    )
    reason = reason_field(_l("Reason"), _l("It is noted as a deviation and printed in the briefing."))
    tells = tells_field()

    @property
    def local_close(self) -> str:
        """The new close on the consultation's wall clock, as a folder writes it."""
        moment = self.closes_at.data
        return moment.strftime(LOCAL) if moment else ""


class ReasonForm(StaffForm):
    reason = reason_field(_l("Reason"))


def language_name(code: str) -> str:
    """A language in the reader's words."""
    return str(Locale.parse(code, sep="-").get_display_name(str(get_locale())))


def in_languages(kind: type[FormKind], languages: Sequence[str]) -> type[FormKind]:
    """That form, asking its reason in every language; in all but the first as one likes."""
    if len(languages) < 2:
        return kind
    asked = kind.reason
    known, checks = asked.kwargs, [Optional(), _length()]
    fields: dict[str, Any] = {"languages": tuple(languages)}
    for place, code in enumerate(languages):
        label = _("Reason (%(language)s)", language=language_name(code))
        keywords = {**known, "render_kw": {**known["render_kw"], "lang": code}}
        if place == 0:
            fields["reason"] = TextAreaField(label, *asked.args[1:], **keywords)
        else:
            fields[f"reason_{code}"] = TextAreaField(label, checks, **{**keywords, "description": ""})
    return type(f"{kind.__name__}In", (kind,), fields)
