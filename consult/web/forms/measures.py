"""Forms of the measures editor: wordings, reasons and words shown, in every language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from consult.definition.text import stripped
from consult.web.forms.staff import Needed, StaffForm, in_languages, language_name, reason_field

TITLE_LENGTH = 200
TEXT_LENGTH = 4_000
PRINTED = _l("The change log of measures is printed in the briefing.")


class WithholdProposalForm(StaffForm):
    reason = reason_field(_l("Reason"), _l("Its author can read it, and the briefing prints it."))


class DropForm(StaffForm):
    reason = reason_field(_l("Reason"), PRINTED)


class MergeForm(StaffForm):
    """Into which measure; `measures` are keys and titles."""

    into = SelectField(_l("Into"), [Needed(_l("Choose a measure."))])
    reason = reason_field(_l("Reason"), PRINTED)

    def __init__(self, measures: Iterable[tuple[str, str]], **values: object) -> None:
        super().__init__(**values)
        blank = SelectChoice("", _("Choose a measure"))
        found = [SelectChoice(key, f"{key} {title}") for key, title in measures]
        self.into.choices = [blank, *found]


class WordingForm(StaffForm):
    """Titles and texts of a measure in every language; see `wording_form`."""

    def content(self) -> dict[str, dict[str, str]]:
        """Title and text by language; a language without words is left out."""
        return {
            part: {code: words for code in self.languages if (words := self[f"{part}_{code}"].data)}
            for part in ("title", "text")
        }


Worded = TypeVar("Worded", bound=WordingForm)


class RewordForm(WordingForm):
    kind = RadioField(
        _l("Kind of change"),
        [Needed(_l("Say whether the change is editorial or substantive."))],
        choices=[
            SelectChoice("editorial", _l("Editorial: the same measure, said better. Ratings stay comparable.")),
            SelectChoice(
                "substantive", _l("Substantive: in effect another measure. Earlier ratings do not count for it.")
            ),
        ],
    )
    reason = reason_field(_l("Reason"), PRINTED)


class AddForm(WordingForm):
    """A new measure; `themes` and `actors` are keys and labels."""

    theme = SelectField(_l("Theme"), [Needed(_l("Choose a theme."))])
    actors = SelectMultipleField(_l("Who would have to act"), widget=ListWidget(), option_widget=CheckboxInput())
    reason = reason_field(_l("Reason"), PRINTED)

    def __init__(self, themes: Iterable[tuple[str, str]], actors: Iterable[tuple[str, str]], **values: object) -> None:
        super().__init__(**values)
        found = [SelectChoice(key, title) for key, title in themes]
        self.theme.choices = [SelectChoice("", _("Choose a theme")), *found]
        self.actors.choices = [SelectChoice(key, title) for key, title in actors]
        if not self.actors.choices:
            del self.actors


class WordsForm(StaffForm):
    """A comment in the words that are fed back, in every language; see `words_form`."""

    def texts(self) -> dict[str, str]:
        """The words by language."""
        return {code: self[f"text_{code}"].data for code in self.languages}


class TitleForm(StaffForm):
    """The title of a proposal as readers see it, in every language; see `title_form`."""

    def titles(self) -> dict[str, str]:
        """The titles by language."""
        return {code: self.words(f"title_{code}") for code in self.languages}


def wording_form(kind: type[Worded], languages: Sequence[str]) -> type[Worded]:
    """A form of that kind with a title and a text for each language; the first one is needed."""
    fields: dict[str, Any] = {"languages": tuple(languages)}
    for place, code in enumerate(languages):
        fields[f"title_{code}"] = _title_box(code, is_needed=place == 0)
        checks = [Needed(_("Enter a text."))] if place == 0 else [Optional()]
        label = _("Text (%(language)s)", language=language_name(code))
        fields[f"text_{code}"] = _text_box(label, checks, code)
    return in_languages(type(f"{kind.__name__}In", (kind,), _first(fields, kind)), languages)


def words_form(languages: Sequence[str]) -> type[WordsForm]:
    """The form of a comment: words in each language, all needed, so that none tells the source."""
    fields: dict[str, Any] = {"languages": tuple(languages)}
    for code in languages:
        label = _("Words shown (%(language)s)", language=language_name(code))
        checks = [Needed(_("Enter the words in this language too."))]
        fields[f"text_{code}"] = _text_box(label, checks, code)
    return type("WordsFormIn", (WordsForm,), fields)


def title_form(languages: Sequence[str]) -> type[TitleForm]:
    """The form of a proposal's title for readers; in all languages, so that none tells whose."""
    fields: dict[str, Any] = {"languages": tuple(languages)}
    for code in languages:
        fields[f"title_{code}"] = _title_box(code, is_needed=True)
    return type("TitleFormIn", (TitleForm,), fields)


def _title_box(code: str, *, is_needed: bool) -> StringField:
    return StringField(
        _("Title (%(language)s)", language=language_name(code)),
        [
            Needed(_("Enter a title.")) if is_needed else Optional(),
            Length(max=TITLE_LENGTH, message=_("Please shorten the title.")),
        ],
        filters=[stripped],
        render_kw={"lang": code, "autocomplete": "off"},
    )


def _text_box(label: str, checks: Sequence[Needed | Optional], code: str) -> TextAreaField:
    limit = Length(max=TEXT_LENGTH, message=_("Please shorten the text."))
    return TextAreaField(label, [*checks, limit], filters=[stripped], render_kw={"rows": 4, "lang": code})


def _first(fields: Mapping[str, object], kind: type[WordingForm]) -> dict[str, object]:
    """The wording before what a kind of form asks besides: WTForms keeps the order of making."""
    later = {
        name: field.field_class(*field.args, **field.kwargs)
        for name in ("kind", "theme", "actors", "reason")
        if (field := getattr(kind, name, None)) is not None
    }
    return {**fields, **later}
