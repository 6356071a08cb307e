"""Forms of the staff pages. Names begin with `item-`, so that a refusal can show what was typed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from babel import Locale
from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateTimeLocalField,
    Field,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import InputRequired, Length, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from consult.services.publishing import LOCAL

REASON_LENGTH = 1_000
TITLE_LENGTH = 200
TEXT_LENGTH = 4_000


def _stripped(value: str | None) -> str:
    return (value or "").strip()


class Needed(InputRequired):
    """Something must be typed; spaces are nothing."""

    def __call__(self, form: Any, field: Any) -> None:
        if not field.raw_data or not str(field.raw_data[0]).strip():
            field.errors = []
            raise StopValidation(str(self.message))


def _reason(label: Any, hint: Any = "", *, is_needed: bool = True) -> TextAreaField:
    checks = [Needed(_l("Say why."))] if is_needed else [Optional()]
    return TextAreaField(
        label,
        [*checks, Length(max=REASON_LENGTH, message=_l("Please shorten the text."))],
        description=hint,
        filters=[_stripped],
        render_kw={"rows": 4},
    )


class StaffForm(FlaskForm):
    """A form with a status for its page and its problems as links to the fields."""

    def __init__(self, **values: Any) -> None:
        super().__init__(prefix="item-", **values)
        self._refused: int | None = None

    @property
    def status(self) -> int:
        """200 when first shown, 400 with mistakes, 409 when the present state forbids it."""
        return self._refused or (400 if request.method == "POST" else 200)

    def refuse(self, message: str, status: int = 400, field: str = "") -> None:
        """Note what is wrong with the whole form, or with one field."""
        self._refused = status
        if field:
            self[field].errors = [*self[field].errors, message]
        else:
            self.form_errors.append(message)

    @property
    def problems(self) -> list[dict[str, str]]:
        """Every problem for the summary at the top of the page."""
        own = [{"anchor": "", "text": str(message)} for message in self.form_errors]
        return own + [
            {"anchor": _anchor(field), "text": f"{field.label.text}: {message}"}
            for field in self
            if field.name != "csrf_token"
            for message in field.errors
        ]

    def words(self, name: str) -> str:
        """What was typed into a field, or an empty string."""
        return str(self[name].data or "")

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
        filters=[_stripped],
        render_kw={"autocomplete": "username", "type": "email"},
    )
    password = PasswordField(
        _l("Password"),
        [Needed(_l("Enter your password."))],
        render_kw={"autocomplete": "current-password"},
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


class OpenForm(StaffForm):
    """Ahead of its time a stage opens with a reason only; the service asks for it."""

    reason = _reason(_l("Reason"), is_needed=False)


class CloseForm(OpenForm):
    """As for opening: before the announced close a reason is needed."""


class ExtendForm(StaffForm):
    closes_at = DateTimeLocalField(
        _l("New close"),
        [Needed(_l("Enter a date and a time."))],
        format=["%Y-%m-%dT%H:%M", LOCAL],
    )
    reason = _reason(_l("Reason"), _l("It is noted as a deviation and printed in the briefing."))

    @property
    def local_close(self) -> str:
        """The new close on the consultation's wall clock, as a folder writes it."""
        moment = self.closes_at.data
        return moment.strftime(LOCAL) if moment else ""


class ReasonForm(StaffForm):
    reason = _reason(_l("Reason"))


class WithholdProposalForm(StaffForm):
    reason = _reason(_l("Reason"), _l("Its author can read it."))


class DropForm(StaffForm):
    reason = _reason(_l("Reason"), _l("The change log of measures is printed in the briefing."))


class MergeForm(StaffForm):
    """Into which measure; `measures` are keys and titles."""

    into = SelectField(_l("Into"), [Needed(_l("Choose a measure."))])
    reason = _reason(_l("Reason"), _l("The change log of measures is printed in the briefing."))

    def __init__(self, measures: Iterable[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        blank = SelectChoice("", _("Choose a measure"))
        found = [SelectChoice(key, f"{key} {title}") for key, title in measures]
        self.into.choices = [blank, *found]


class WordingForm(StaffForm):
    """Titles and texts of a measure in every language; see `wording_form`."""

    languages: Sequence[str] = ()

    def content(self) -> dict[str, Any]:
        """Title and text by language; a language without words is left out."""
        return {
            part: {code: words for code in self.languages if (words := self[f"{part}_{code}"].data)}
            for part in ("title", "text")
        }


class RewordForm(WordingForm):
    kind = RadioField(
        _l("Kind of change"),
        [Needed(_l("Say whether the change is editorial or substantive."))],
        choices=[
            SelectChoice(
                "editorial",
                _l("Editorial: the same measure, said better. Ratings stay comparable."),
            ),
            SelectChoice(
                "substantive",
                _l("Substantive: in effect another measure. Earlier ratings do not count for it."),
            ),
        ],
    )
    reason = _reason(_l("Reason"), _l("The change log of measures is printed in the briefing."))


class AddForm(WordingForm):
    """A new measure; `themes` and `actors` are keys and labels."""

    theme = SelectField(_l("Theme"), [Needed(_l("Choose a theme."))])
    actors = SelectMultipleField(
        _l("Who would have to act"), widget=ListWidget(), option_widget=CheckboxInput()
    )
    reason = _reason(_l("Reason"), _l("The change log of measures is printed in the briefing."))

    def __init__(
        self, themes: Iterable[tuple[str, str]], actors: Iterable[tuple[str, str]], **values: Any
    ) -> None:
        super().__init__(**values)
        found = [SelectChoice(key, title) for key, title in themes]
        self.theme.choices = [SelectChoice("", _("Choose a theme")), *found]
        self.actors.choices = [SelectChoice(key, title) for key, title in actors]
        if not self.actors.choices:
            del self.actors


class WordsForm(StaffForm):
    """A comment in the words that are fed back, in every language; see `words_form`."""

    languages: Sequence[str] = ()

    def texts(self) -> dict[str, str]:
        """The words by language."""
        return {code: self[f"text_{code}"].data for code in self.languages}


def language_name(code: str) -> str:
    """A language in the reader's words."""
    return str(Locale.parse(code, sep="-").get_display_name(str(get_locale())))


def wording_form(kind: type[WordingForm], languages: Sequence[str]) -> type[WordingForm]:
    """A form of that kind with a title and a text for each language; the first one is needed."""
    fields: dict[str, Any] = {"languages": tuple(languages)}
    for place, code in enumerate(languages):
        name = language_name(code)
        fields[f"title_{code}"] = StringField(
            _("Title (%(language)s)", language=name),
            [
                Needed(_("Enter a title.")) if place == 0 else Optional(),
                Length(max=TITLE_LENGTH, message=_("Please shorten the title.")),
            ],
            filters=[_stripped],
            render_kw={"lang": code, "autocomplete": "off"},
        )
        checks = [Needed(_("Enter a text."))] if place == 0 else [Optional()]
        label = _("Text (%(language)s)", language=name)
        fields[f"text_{code}"] = _text_box(label, checks, code)
    return type(f"{kind.__name__}In", (kind,), _first(fields, kind))


def words_form(languages: Sequence[str]) -> type[WordsForm]:
    """The form of a comment: words in each language, all needed, so that none tells the source."""
    fields: dict[str, Any] = {"languages": tuple(languages)}
    for code in languages:
        label = _("Words shown (%(language)s)", language=language_name(code))
        checks = [Needed(_("Enter the words in this language too."))]
        fields[f"text_{code}"] = _text_box(label, checks, code)
    return type("WordsFormIn", (WordsForm,), fields)


def _text_box(label: str, checks: Sequence[Any], code: str) -> TextAreaField:
    limit = Length(max=TEXT_LENGTH, message=_("Please shorten the text."))
    return TextAreaField(
        label, [*checks, limit], filters=[_stripped], render_kw={"rows": 4, "lang": code}
    )


def _first(fields: Mapping[str, Any], kind: type[WordingForm]) -> dict[str, Any]:
    """The wording before what a kind of form asks besides: WTForms keeps the order of making."""
    later = {
        name: field.field_class(*field.args, **field.kwargs)
        for name in ("kind", "theme", "actors", "reason")
        if (field := getattr(kind, name, None)) is not None
    }
    return {**fields, **later}
