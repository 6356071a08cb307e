"""Boxes for words on the page of a measure."""

from flask_babel import gettext as _

from consult.definition.asked import AskedQuestion, first
from consult.definition.question import FreeText
from consult.web.forms.option_views import OptionView, OwnWords
from consult.web.forms.rating_views import TextView, UnclearView
from consult.web.forms.rendering import RenderContext


def text_view(asked: AskedQuestion | None, rendering: RenderContext) -> TextView | None:
    """A box for words with what stands in it."""
    if asked is None:
        return None
    assert isinstance(asked.question, FreeText)
    value, errors = first(rendering.inputs, asked.key), rendering.errors(asked.key)
    return TextView(
        name=f"item-{asked.key}",
        value=value,
        label=rendering.text(asked.question.text),
        hint=rendering.text(asked.question.hint),
        max_length=asked.question.max_length,
        errors=errors,
        is_open=bool(value or errors),
    )


def unclear_view(asked: AskedQuestion | None, rendering: RenderContext) -> UnclearView | None:
    """The box that says that the wording is unclear."""
    if asked is None:
        return None
    value = first(rendering.inputs, asked.key)
    note = OwnWords(f"item-{asked.key}", value, _("What is unclear?"))
    option = OptionView("yes", rendering.text(asked.question.text), bool(value), other=note)
    return UnclearView(f"tick-{asked.key}", option)
