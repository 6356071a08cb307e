"""Questions as the templates draw them: one presenter for each answer type, in one dict."""

from collections.abc import Callable, Sequence

from flask_babel import gettext as _

from consult.definition.answers import answer_type, is_answered
from consult.definition.answers.numbers import whole
from consult.definition.asked import Asked, Choosable, first, given
from consult.definition.question import FreeText, Group, Multi, Number, Points, Rank, Single
from consult.definition.text import Shown
from consult.web.forms.pen import Drawn, Pen
from consult.web.forms.scales import ends, no_answers, points, scale
from consult.web.forms.words import place_text


def draw(asked: Asked, pen: Pen) -> Drawn:
    """One question as `expert/types/<type>.html` expects it."""
    question = asked.question
    drawn: Drawn = {
        "key": asked.key,
        "type": asked.type,
        "id": f"item-{asked.key}",
        "name": f"item-{asked.key}",
        "text": pen.text(question.text),
        "hint": pen.text(question.hint),
        "required": question.required or asked.type == "info",
        "needed": question.indispensable,
        "errors": pen.errors(asked.key, *answer_type(asked).names(asked)),
    }
    return drawn | PRESENTERS[asked.type](asked, pen)


def _nothing(asked: Asked, pen: Pen) -> Drawn:
    return {}


def _consent(asked: Asked, pen: Pen) -> Drawn:
    return {"statement": _("Yes"), "checked": first(pen.inputs, asked.key) == "yes"}


def _option(option: Choosable, asked: Asked, pen: Pen, chosen: Sequence[str]) -> Drawn:
    own = f"{asked.key}.other"
    return {
        "value": option.key,
        "label": pen.text(option.label),
        "help": pen.text(option.help),
        "checked": option.key in chosen,
        "exclusive": option.exclusive,
        "other": {"name": f"item-{own}", "value": first(pen.inputs, own)} if option.other else None,
    }


def _single(asked: Asked, pen: Pen) -> Drawn:
    question = asked.question
    assert isinstance(question, Single)
    chosen = given(pen.inputs, asked.key)
    known = (pen.attributes or {}).get(question.prefill or "")
    prefill = next((option for option in asked.options if option.key == known), None)
    return {
        "options": [
            _option(option, asked, pen, chosen)
            for option in asked.options
            if option.key not in asked.refused
        ],
        "no_answer": no_answers(question.no_answer, chosen),
        "prefill": {"value": prefill.key, "label": pen.text(prefill.label)} if prefill else None,
    }


def _multi(asked: Asked, pen: Pen) -> Drawn:
    question = asked.question
    assert isinstance(question, Multi)
    chosen = given(pen.inputs, asked.key)
    options = []
    for option in asked.options:
        if option.key in asked.refused:
            continue
        drawn = _option(option, asked, pen, chosen)
        if question.detail:
            name = f"{asked.key}.{option.key}.detail"
            drawn["detail"] = {
                "name": f"item-{name}",
                "value": first(pen.inputs, name),
                "label": pen.text(question.detail.text),
            }
        options.append(drawn)
    return {"options": options, "no_answer": no_answers(question.no_answer, chosen)}


def _matrix(asked: Asked, pen: Pen) -> Drawn:
    rows = []
    for row in asked.rows:
        name = f"{asked.key}.{row.key}"
        chosen = first(pen.inputs, name)
        if asked.scale is not None:
            shown, states = points(asked.scale, pen, chosen), asked.scale.no_answer
        else:
            shown = [
                {"value": item.key, "label": pen.text(item.label), "checked": item.key == chosen}
                for item in asked.options
            ]
            states = ()
        rows.append(
            {
                "key": row.key,
                "name": f"item-{name}",
                "label": pen.text(row.label),
                "hint": pen.text(row.help),
                "errors": pen.errors(name),
                "points": shown,
                "no_answer": no_answers(states, [chosen]),
            }
        )
    return {
        "rows": rows,
        "ends": ends(asked.scale, pen) if asked.scale else None,
        "errors": pen.errors(asked.key),
    }


def _number(asked: Asked, pen: Pen) -> Drawn:
    question = asked.question
    assert isinstance(question, Number)
    name = f"{asked.key}.confirm"
    value = first(pen.inputs, asked.key)
    is_confirmed = first(pen.inputs, name) == str(whole(value))
    return {
        "value": value,
        "unit": pen.text(question.unit),
        "confirm": {
            "name": f"item-{name}",
            "value": str(whole(value)),
            "needed": is_confirmed or any(problem.name == name for problem in pen.problems),
            "checked": is_confirmed,
        },
    }


def _rank(asked: Asked, pen: Pen) -> Drawn:
    question = asked.question
    assert isinstance(question, Rank)
    count = len([name for name in answer_type(asked).names(asked) if not name.endswith(".own")])
    options = [{"value": item.key, "label": pen.text(item.label)} for item in asked.options]
    if question.own:
        options.append({"value": "own", "label": Shown(pen.language, _("One of my own (below)"))})
    own = f"{asked.key}.own"
    return {
        "places": count,
        "options": options,
        "selects": [
            {
                "name": f"item-{asked.key}.{place}",
                "label": place_text(place),
                "value": first(pen.inputs, f"{asked.key}.{place}"),
            }
            for place in range(1, count + 1)
        ],
        "own": {"name": f"item-{own}", "value": first(pen.inputs, own)} if question.own else None,
    }


def _points(asked: Asked, pen: Pen) -> Drawn:
    question = asked.question
    assert isinstance(question, Points)
    typed = {item.key: first(pen.inputs, f"{asked.key}.{item.key}") for item in asked.options}
    return {
        "total": question.total,
        "sum": sum(whole(value) or 0 for value in typed.values()),
        "rows": [
            {
                "name": f"item-{asked.key}.{item.key}",
                "label": pen.text(item.label),
                "value": typed[item.key],
            }
            for item in asked.options
        ],
        "no_answer": no_answers(
            ("dont_know",) if question.dont_know else (), given(pen.inputs, asked.key)
        ),
        "no_answer_name": f"item-{asked.key}",
    }


def _text(asked: Asked, pen: Pen) -> Drawn:
    question = asked.question
    assert isinstance(question, FreeText)
    return {
        "value": next(iter(pen.inputs.get(asked.key, ())), ""),
        "lines": question.lines if question.max_length > 120 else 1,
        "max_length": question.max_length,
    }


def _group(asked: Asked, pen: Pen) -> Drawn:
    question = asked.question
    assert isinstance(question, Group)
    filled = [
        number
        for number, instance in enumerate(asked.instances, start=1)
        if any(is_answered(item, pen.inputs) for item in instance)
    ]
    wanted = (pen.shown_instances or {}).get(asked.key, 0)
    shown = min(max(filled[-1] if filled else 0, question.repeat.min, wanted, 1),
                question.repeat.max)  # fmt: skip
    return {
        "instances": [
            {
                "title": _("Number %(number)s", number=number),
                "questions": [draw(item, pen) for item in instance],
            }
            for number, instance in enumerate(asked.instances[:shown], start=1)
        ],
        "can_add": shown < question.repeat.max,
        "shown": shown,
        "errors": pen.errors(asked.key),
    }


PRESENTERS: dict[str, Callable[[Asked, Pen], Drawn]] = {
    "info": _nothing,
    "consent": _consent,
    "single": _single,
    "multi": _multi,
    "scale": scale,
    "matrix": _matrix,
    "number": _number,
    "rank": _rank,
    "points": _points,
    "text": _text,
    "group": _group,
}
