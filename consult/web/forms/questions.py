"""Questions as the templates draw them: one presenter for each answer type, in one dict."""

from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from consult.definition.answers import answer_type, is_answered
from consult.definition.answers.numbers import whole
from consult.definition.asked import AskedQuestion, Choosable, first, given
from consult.definition.question import FreeText, Group, Multi, Number, Points, Single
from consult.definition.text import Shown
from consult.web.forms.option_views import OptionView, OwnWords
from consult.web.forms.ranking import rank_control
from consult.web.forms.rendering import RenderContext
from consult.web.forms.scales import ends, is_tight, no_answers, points, scale_control
from consult.web.forms.views import (
    ConsentControl,
    Control,
    GroupControl,
    Instance,
    MatrixControl,
    MatrixRow,
    MultiControl,
    NoControl,
    NumberControl,
    PointsControl,
    PointsRow,
    PointView,
    QuestionView,
    SingleControl,
    TextControl,
)

IN_PARTS = frozenset({"group", "matrix"})
"""Types whose parts say themselves what is wrong with them."""


def draw(asked: AskedQuestion, rendering: RenderContext) -> QuestionView:
    """One question as `expert/types/<type>.html` expects it."""
    question = asked.question
    names = () if asked.type in IN_PARTS else answer_type(asked).names(asked)
    return QuestionView(
        key=asked.key,
        type=asked.type,
        id=f"item-{asked.key}",
        name=f"item-{asked.key}",
        text=rendering.text(question.text),
        hint=rendering.text(question.hint),
        required=question.required or asked.type == "info",
        needed=question.indispensable,
        errors=rendering.errors(asked.key, *names),
        control=PRESENTERS[asked.type](asked, rendering),
    )


def _nothing(asked: AskedQuestion, rendering: RenderContext) -> NoControl:
    return NoControl()


def _consent(asked: AskedQuestion, rendering: RenderContext) -> ConsentControl:
    is_given = first(rendering.inputs, asked.key) == "yes"
    return ConsentControl(OptionView("yes", _("Yes"), is_given))


def _own_words(rendering: RenderContext, name: str, label: Shown | None = None) -> OwnWords:
    return OwnWords(f"item-{name}", first(rendering.inputs, name), label)


def _option(
    option: Choosable,
    asked: AskedQuestion,
    rendering: RenderContext,
    chosen: Sequence[str],
    detail: OwnWords | None = None,
) -> OptionView:
    return OptionView(
        value=option.key,
        label=rendering.text(option.label),
        checked=option.key in chosen,
        help=rendering.text(option.help),
        exclusive=option.exclusive,
        other=_own_words(rendering, f"{asked.key}.other") if option.other else None,
        detail=detail,
    )


def _offered(asked: AskedQuestion) -> list[Choosable]:
    return [option for option in asked.options if option.key not in asked.refused]


def _single(asked: AskedQuestion, rendering: RenderContext) -> SingleControl:
    question = asked.question
    assert isinstance(question, Single)
    chosen = given(rendering.inputs, asked.key)
    known = (rendering.attributes or {}).get(question.prefill or "")
    prefill = next((option for option in asked.options if option.key == known), None)
    return SingleControl(
        options=[_option(option, asked, rendering, chosen) for option in _offered(asked)],
        no_answer=no_answers(question.no_answer, chosen),
        prefill=rendering.text(prefill.label) if prefill else None,
    )


def _multi(asked: AskedQuestion, rendering: RenderContext) -> MultiControl:
    question = asked.question
    assert isinstance(question, Multi)
    chosen = given(rendering.inputs, asked.key)
    options = []
    for option in _offered(asked):
        detail = None
        if question.detail:
            name = f"{asked.key}.{option.key}.detail"
            detail = _own_words(rendering, name, rendering.text(question.detail.text))
        options.append(_option(option, asked, rendering, chosen, detail))
    return MultiControl(options, no_answers(question.no_answer, chosen))


def _matrix(asked: AskedQuestion, rendering: RenderContext) -> MatrixControl:
    rows = [_matrix_row(asked, row, rendering) for row in asked.rows]
    return MatrixControl(
        rows=rows,
        ends=ends(asked.scale, rendering) if asked.scale else None,
        is_tight=bool(rows) and is_tight(rows[0].points),
    )


def _matrix_row(asked: AskedQuestion, row: Choosable, rendering: RenderContext) -> MatrixRow:
    name = f"{asked.key}.{row.key}"
    chosen = first(rendering.inputs, name)
    states: Sequence[str] = ()
    if asked.scale is not None:
        shown, states = points(asked.scale, rendering, chosen), asked.scale.no_answer
    else:
        shown = [PointView(item.key, rendering.text(item.label), item.key == chosen) for item in asked.options]
    return MatrixRow(
        name=f"item-{name}",
        label=rendering.text(row.label),
        hint=rendering.text(row.help),
        errors=rendering.errors(name),
        points=shown,
        no_answer=no_answers(states, [chosen]),
    )


def _number(asked: AskedQuestion, rendering: RenderContext) -> NumberControl:
    question = asked.question
    assert isinstance(question, Number)
    name = f"{asked.key}.confirm"
    value = first(rendering.inputs, asked.key)
    is_right = first(rendering.inputs, name) == str(whole(value))
    is_asked = is_right or any(problem.name == name for problem in rendering.problems)
    label = _("Yes, %(number)s is right", number=value)
    return NumberControl(
        value=value,
        unit=rendering.text(question.unit),
        confirm=OptionView(str(whole(value)), label, is_right) if is_asked else None,
        confirm_name=f"item-{name}",
    )


def _points(asked: AskedQuestion, rendering: RenderContext) -> PointsControl:
    question = asked.question
    assert isinstance(question, Points)
    typed = {item.key: first(rendering.inputs, f"{asked.key}.{item.key}") for item in asked.options}
    states = ("dont_know",) if question.dont_know else ()
    return PointsControl(
        total=question.total,
        sum=sum(whole(value) or 0 for value in typed.values()),
        rows=[
            PointsRow(f"item-{asked.key}.{item.key}", rendering.text(item.label), typed[item.key])
            for item in asked.options
        ],
        no_answer=no_answers(states, given(rendering.inputs, asked.key)),
    )


def _text(asked: AskedQuestion, rendering: RenderContext) -> TextControl:
    question = asked.question
    assert isinstance(question, FreeText)
    return TextControl(
        value=next(iter(rendering.inputs.get(asked.key, ())), ""),
        lines=question.lines if question.max_length > 120 else 1,
        max_length=question.max_length,
    )


def _group(asked: AskedQuestion, rendering: RenderContext) -> GroupControl:
    question = asked.question
    assert isinstance(question, Group)
    filled = [
        number
        for number, instance in enumerate(asked.instances, start=1)
        if any(is_answered(item, rendering.inputs) for item in instance)
    ]
    wanted = (rendering.shown_instances or {}).get(asked.key, 0)
    shown = min(max(filled[-1] if filled else 0, question.repeat.min, wanted, 1), question.repeat.max)
    return GroupControl(
        instances=[
            Instance(_("Number %(number)s", number=number), [draw(item, rendering) for item in instance])
            for number, instance in enumerate(asked.instances[:shown], start=1)
        ],
        can_add=shown < question.repeat.max,
        shown=shown,
    )


PRESENTERS: dict[str, Callable[[AskedQuestion, RenderContext], Control]] = {
    "info": _nothing,
    "consent": _consent,
    "single": _single,
    "multi": _multi,
    "scale": scale_control,
    "matrix": _matrix,
    "number": _number,
    "rank": rank_control,
    "points": _points,
    "text": _text,
    "group": _group,
}
