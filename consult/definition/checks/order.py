"""Order: what a question reads has been asked before, and can have been answered so."""

from collections.abc import Iterator

from consult.definition.checks.content import Content, QuestionLocation, sources_of
from consult.definition.checks.finding import Finding, Place
from consult.definition.question import AnyQuestion, Choice, Matrix, Number, Points, Rank, Rating
from consult.definition.scale import Condition

NO = "no:"

FITTING: dict[str, tuple[str, ...]] = {
    "info": (),
    "consent": ("is", "answered"),
    "single": ("is", "in", "excludes", "answered"),
    "multi": ("includes", "excludes", "answered"),
    "matrix": ("includes", "excludes", "at_least", "answered"),
    "scale": ("is", "in", "at_least", "answered"),
    "number": ("at_least", "answered"),
    "rank": ("includes", "excludes", "answered"),
    "points": ("at_least", "answered"),
    "text": ("answered",),
    "group": ("answered",),
}
"""Which tests of `show_if` fit a question of each type."""


def earlier_references(content: Content) -> Iterator[Finding]:
    """A question reads only questions that stand before it or belong to an earlier stage."""
    for place, spot, key in _read(content):
        other = content.by_key.get(key)
        if other is None or content.is_earlier(spot, other):
            continue
        if other.question.key == spot.question.key and spot.group is None:
            message = f"the question '{key}' refers to itself"
        elif other.questionnaire == spot.questionnaire:
            message = f"'{key}' is asked later than '{spot.key}'"
        else:
            message = f"'{key}' belongs to '{other.questionnaire}', which is not an earlier stage"
        yield Finding(place, message, "refer to an earlier question, or move this one")


def _read(content: Content) -> Iterator[tuple[Place, QuestionLocation, str]]:
    for place, spot, condition in content.conditions():
        yield (*place, "question"), spot, str(condition.question)
    for spot in content.spots:
        for where, source in sources_of(spot.question):
            for part, key in (("question", source.question), ("group", source.group)):
                if key is not None:
                    yield (*spot.place, where, part), spot, key
        for name in ("without", "rated_in"):
            value = getattr(spot.question, name, None)
            if value is not None:
                yield (*spot.place, name), spot, value


def earlier_rounds(content: Content) -> Iterator[Finding]:
    """Priorities come from an earlier round; `in_stage` needs a round to stand in."""
    positions = {stage.key: at for at, stage in enumerate(content.definition.stages)}
    for spot in content.spots:
        at, stage = content.stage_of.get(spot.questionnaire, (None, None))
        for where, source in sources_of(spot.question):
            place = (*spot.place, where)
            there = positions.get(source.priorities or "")
            if there is not None and at is not None and there >= at:
                message = f"'{source.priorities}' is not over when this is asked"
                yield Finding((*place, "priorities"), message, "name an earlier round")
            if source.measures == "in_stage" and stage is not None and stage.kind != "round":
                message = f"no measures are rated in the stage '{stage.key}'"
                yield Finding((*place, "measures"), message, "write 'all' or 'surviving'")


def show_if_fits(content: Content) -> Iterator[Finding]:
    """The test of a condition fits the type of the question it reads."""
    for place, _, condition in content.conditions():
        other = content.by_key.get(str(condition.question))
        if other is None:
            continue
        kind, test = other.question.type, _test(condition)
        fits = FITTING[kind]
        if isinstance(other.question, Matrix) and other.question.scale is None:
            fits = tuple(name for name in fits if name != "at_least")
        if test not in fits:
            fitting = ", ".join(fits) or "none; it is not answered"
            message = f"'{test}' does not fit '{condition.question}', a question of type {kind}"
            yield Finding((*place, test), message, f"what fits: {fitting}")


def show_if_values(content: Content) -> Iterator[Finding]:
    """The values of a condition are among the answers of the question it reads."""
    for place, _, condition in content.conditions():
        other = content.by_key.get(str(condition.question))
        known = answers_of(content, other.question) if other else None
        test = _test(condition)
        if other is not None and test == "at_least":
            yield from _reachable(content, (*place, test), other.question, condition.at_least or 0)
        if known is None:
            continue
        for value in _values(condition):
            if value not in known:
                message = f"'{value}' is not an answer of '{condition.question}'"
                shown = ", ".join(known[:12]) or "none"
                yield Finding((*place, test), message, f"its answers: {shown}")


def _reachable(content: Content, place: Place, question: AnyQuestion, limit: int) -> Iterator[Finding]:
    """A finding when no answer, or every answer, reaches the limit."""
    scale = content.definition.scales.get(getattr(question, "scale", None) or "")
    if scale is not None:
        least, most = scale.min, scale.max
    elif isinstance(question, Number):
        least, most = question.min, question.max
    elif isinstance(question, Points):
        least, most = 0, question.total
    else:
        return
    if not least < limit <= most:
        message = f"answers of '{question.key}' lie between {least} and {most}"
        yield Finding(place, message, f"write a number from {least + 1} to {most}")


def _test(condition: Condition) -> str:
    tests = {
        "is": condition.equals,
        "in": condition.one_of,
        "includes": condition.includes,
        "excludes": condition.excludes,
        "at_least": condition.at_least,
        "answered": condition.answered,
    }
    return next(name for name, value in tests.items() if value is not None)


def _values(condition: Condition) -> tuple[str, ...]:
    single = (condition.equals,) if condition.equals is not None else ()
    several = condition.one_of or condition.includes or condition.excludes or ()
    return (*single, *several)


def answers_of(content: Content, question: AnyQuestion) -> tuple[str, ...] | None:
    """Every value a form can send for a question; None when that is not known beforehand."""
    if question.type == "consent":
        return ("yes",)
    if isinstance(question, Choice):
        keys = content.keys_of(question.options)
        return None if keys is None else (*keys, *(NO + kind for kind in question.no_answer))
    if isinstance(question, Rank):
        keys = content.keys_of(question.options)
        return keys if keys is None or not question.own else (*keys, "own")
    if isinstance(question, Matrix) and question.options is not None:
        return content.keys_of(question.options)
    if isinstance(question, Matrix | Rating) and question.scale is not None:
        return _points(content, question.scale)
    if isinstance(question, Number | Points):
        return None
    return ()


def _points(content: Content, name: str) -> tuple[str, ...] | None:
    scale = content.definition.scales.get(name)
    if scale is None:
        return None
    return (*map(str, scale.points), *(NO + kind for kind in scale.no_answer))
