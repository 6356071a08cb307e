"""Bounds and options of single questions: what is asked can be answered."""

from collections.abc import Iterator

from consult.definition.checks.content import Content, QuestionLocation, options_of
from consult.definition.checks.finding import Finding
from consult.definition.question import (
    Base,
    Choice,
    FreeText,
    Matrix,
    Multi,
    Number,
    OptionSource,
    Points,
    Rank,
    Single,
)
from consult.definition.scale import Option


def _listed(content: Content, source: OptionSource | None) -> tuple[Option, ...]:
    """The options of a source that are written down somewhere, those left out excepted."""
    if source is None:
        return ()
    found = source.options or content.definition.lists.get(source.list_ or "", ())
    return tuple(option for option in found if option.key not in source.without)


def one_other(content: Content) -> Iterator[Finding]:
    """At most one option asks for one's own text."""
    for place, options in content.option_lists():
        others = [at for at, option in enumerate(options) if option.other]
        for at in others[1:]:
            message = f"a second option with 'other: true' ('{options[at].key}')"
            yield Finding((*place, at, "other"), message, "only one option may ask for own text")


def other_and_exclusive(content: Content) -> Iterator[Finding]:
    """`other` belongs to single and multi, `exclusive` to multi."""
    for spot in content.spots:
        for where, source in _sources(spot.question):
            for option in _listed(content, source):
                if option.other and not isinstance(spot.question, Choice):
                    message = f"the option '{option.key}' asks for own text"
                    fix = f"a question of type {spot.question.type} cannot; leave it out"
                    yield Finding((*spot.place, where), message, f"{fix} with 'except'")
                shared = source is not None and source.list_ is not None
                if option.exclusive and not isinstance(spot.question, Multi) and not shared:
                    message = f"'exclusive' of '{option.key}' means nothing here"
                    yield Finding((*spot.place, where), message, "it belongs to type multi")


def _sources(question: Base) -> Iterator[tuple[str, OptionSource | None]]:
    if isinstance(question, Matrix):
        yield "rows", question.rows
    yield "options", options_of(question)  # type: ignore[arg-type]


def enough_options(content: Content) -> Iterator[Finding]:
    """To choose, to rank or to divide, one needs at least two options."""
    for spot in content.spots:
        source = options_of(spot.question)
        if source is None or source.question or source.group or isinstance(spot.question, Multi):
            continue
        known = content.keys_of(source)
        if known is not None and len(known) < 2:
            message = f"'{spot.key}' has {len(known)} option{'' if len(known) == 1 else 's'}"
            yield Finding((*spot.place, "options"), message, "write at least two")


def multi_bounds(content: Content) -> Iterator[Finding]:
    """`min` and `max` of a multi question can be met by its options."""
    for spot in content.spots:
        question = spot.question
        if not isinstance(question, Multi):
            continue
        count = _count(content, spot)
        most = question.max
        if question.min < 0 or (most is not None and most < max(question.min, 1)):
            message = f"min is {question.min} and max is {question.max}"
            yield Finding((*spot.place, "max"), message, "write 0 <= min <= max, and max >= 1")
        for name in ("min", "max"):
            limit = getattr(question, name)
            if count is not None and limit is not None and limit > count:
                message = f"{name} is {limit}, but there are {count} options"
                yield Finding((*spot.place, name), message, "lower it or add options")


def rank_bounds(content: Content) -> Iterator[Finding]:
    """There are at least as many options as places."""
    for spot in content.spots:
        question = spot.question
        if not isinstance(question, Rank) or question.top is None:
            continue
        count = _count(content, spot)
        if question.top < 1:
            yield Finding((*spot.place, "top"), f"top is {question.top}", "write 1 or more")
        elif count is not None and question.top > count + question.own:
            message = f"top is {question.top}, but there are {count} options"
            yield Finding((*spot.place, "top"), message, "lower it or add options")


def rated_options(content: Content) -> Iterator[Finding]:
    """What is ranked in the order of one's own ratings was rated: a matrix with a scale, of the same options."""
    for spot in content.spots:
        question = spot.question
        if not isinstance(question, Rank) or question.rated_in is None or question.rated_in not in content.by_key:
            continue
        place, key = (*spot.place, "rated_in"), question.rated_in
        other = content.by_key[key].question
        if not isinstance(other, Matrix) or other.scale is None:
            yield Finding(place, f"'{key}' is no matrix with a scale", "name the matrix in which the options are rated")
        elif unlike := set(content.keys_of(question.options) or ()) ^ set(content.keys_of(other.rows) or ()):
            message = f"'{spot.key}' and '{key}' have other options ({', '.join(sorted(unlike)[:5])})"
            yield Finding(place, message, "let both take the same list, or delete the line")


def points_bounds(content: Content) -> Iterator[Finding]:
    """The points to divide stay within what a person can count."""
    for spot in content.spots:
        if isinstance(spot.question, Points) and spot.question.total > 1000:
            message = f"{spot.question.total} points are too many to divide"
            yield Finding((*spot.place, "total"), message, "write at most 1000, better 10 or 100")


def number_bounds(content: Content) -> Iterator[Finding]:
    """`min`, `confirm_above` and `max` of a number are in this order."""
    for spot in content.spots:
        question = spot.question
        if not isinstance(question, Number):
            continue
        if question.min >= question.max:
            message = f"min is {question.min} and max is {question.max}"
            yield Finding((*spot.place, "max"), message, "max must be greater than min")
        limit = question.confirm_above
        if limit is not None and not question.min <= limit < question.max:
            message = f"confirm_above is {limit}, outside {question.min} to {question.max}"
            yield Finding((*spot.place, "confirm_above"), message, "choose a number in between")


def text_bounds(content: Content) -> Iterator[Finding]:
    """`min_length` and `max_length` of a text can both be met."""
    for spot in content.spots:
        question = spot.question
        if not isinstance(question, FreeText):
            continue
        if not 0 <= question.min_length <= question.max_length or question.max_length < 1:
            message = f"min_length is {question.min_length}, max_length is {question.max_length}"
            yield Finding((*spot.place, "max_length"), message, "max_length must be the greater")
        if not 1 <= question.lines <= 40:
            yield Finding((*spot.place, "lines"), f"{question.lines} lines", "write 1 to 40")


def indispensable_asked(content: Content) -> Iterator[Finding]:
    """What is indispensable is asked for: it is no information and not declared optional."""
    for spot in content.spots:
        question = spot.question
        if not question.indispensable:
            continue
        place = (*spot.place, "indispensable")
        if question.type == "info":
            yield Finding(place, "nothing is answered here", "delete 'indispensable'")
        elif not question.required:
            message = f"'{spot.key}' is indispensable and 'required: false' at once"
            yield Finding(place, message, "delete one of both")


def prefill_offered(content: Content) -> Iterator[Finding]:
    """A value offered from the panel file is among the options."""
    attributes = {item.key: item for item in content.definition.panel.attributes}
    for spot in content.spots:
        question = spot.question
        if not isinstance(question, Single) or question.prefill not in attributes:
            continue
        known = content.keys_of(question.options)
        values = content.list_keys(attributes[question.prefill].list_)
        missing = [value for value in values if known is not None and value not in known]
        if missing:
            message = f"'{missing[0]}' can stand in the panel file but is not an option here"
            fix = f"take the options from the list '{attributes[question.prefill].list_}'"
            yield Finding((*spot.place, "prefill"), message, fix)


def _count(content: Content, spot: QuestionLocation) -> int | None:
    source = options_of(spot.question)
    known = content.keys_of(source) if source is not None else None
    return len(known) if known is not None else None
