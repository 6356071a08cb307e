"""Who may see what: attributes, questions for the secretariat, and repeated questions."""

from collections.abc import Iterator

from consult.definition.checks.content import Content, QuestionLocation, sources_of
from consult.definition.checks.finding import Finding, Place
from consult.definition.checks.order import answers_of
from consult.definition.question import Matrix, Single

STRICTNESS = {"open": 0, "grouped": 1, "never": 2}


def attribute_disclosure(content: Content) -> Iterator[Finding]:
    """Attributes of persons are never open, nor is a question that repeats one."""
    attributes = {item.key: item for item in content.definition.panel.attributes}
    for at, attribute in enumerate(content.definition.panel.attributes):
        if attribute.disclosure == "open":
            message = f"the attribute '{attribute.key}' would be open in row files"
            place: Place = ("panel", "attributes", at, "disclosure")
            yield Finding(place, message, "write 'grouped' or 'never'")
    for spot in content.spots:
        question = spot.question
        if not isinstance(question, Single) or question.prefill not in attributes:
            continue
        wanted = attributes[question.prefill].disclosure
        if STRICTNESS[question.disclosure] < STRICTNESS[wanted]:
            message = f"'{spot.key}' repeats the attribute '{question.prefill}' but is less guarded"
            yield Finding(spot.place, message, f"write 'disclosure: {wanted}'")


def secretariat_apart(content: Content) -> Iterator[Finding]:
    """Answers to the secretariat lie beside the contact: none is repeated or listed elsewhere.

    They may decide whether something is asked (`show_if`); what they say is not taken over.
    """
    for place, spot, key in _taking(content):
        other = content.by_key.get(key)
        if other is None or other.question.recipient != "secretariat":
            continue
        if spot.question.recipient != "secretariat":
            message = f"'{spot.key}' takes over '{key}', which goes to the secretariat"
            fix = "take another question, or write 'recipient: secretariat' here too"
            yield Finding(place, message, fix)
    for spot in content.spots:
        if spot.group is None or spot.question.recipient == spot.group.recipient:
            continue
        message = f"the field '{spot.question.key}' and its group have different recipients"
        yield Finding(spot.place, message, "write 'recipient' at the group, for all its fields")


def _taking(content: Content) -> Iterator[tuple[Place, QuestionLocation, str]]:
    for spot in content.spots:
        for name in ("reask", "without", "rated_in"):
            key = getattr(spot.question, name, None)
            if key is not None:
                yield (*spot.place, name), spot, key
        for where, source in sources_of(spot.question):
            for part, key in (("question", source.question), ("group", source.group)):
                if key is not None:
                    yield (*spot.place, where, part), spot, key


def reask_pairs(content: Content) -> Iterator[Finding]:
    """A repeated question has the type, the rows, the options and the scale of the first.

    Within a questionnaire the first stands before it; the order of stages is free.
    """
    for spot in content.spots:
        key = spot.question.reask
        other = content.by_key.get(key or "")
        if other is None:
            continue
        place = (*spot.place, "reask")
        if spot.group is not None:
            yield Finding(place, "a field of a group cannot repeat a question", "delete the line")
        elif other.questionnaire == spot.questionnaire and other.number >= spot.number:
            message = f"'{key}' does not stand before '{spot.key}'"
            yield Finding(place, message, "repeat an earlier question, or one of another stage")
        elif difference := _difference(content, spot, other):
            message = f"'{spot.key}' repeats '{key}' but has {difference}"
            yield Finding(place, message, "make both alike; only the wording may differ")


def _difference(content: Content, spot: QuestionLocation, other: QuestionLocation) -> str:
    here, there = spot.question, other.question
    if here.type != there.type:
        return f"the type {here.type} instead of {there.type}"
    if isinstance(here, Matrix) and isinstance(there, Matrix):
        rows, before = content.keys_of(here.rows), content.keys_of(there.rows)
        if sorted(rows or ()) != sorted(before or ()):
            unlike = sorted(set(rows or ()) ^ set(before or ()))
            return f"other rows ({', '.join(unlike[:5])})"
    if getattr(here, "scale", None) != getattr(there, "scale", None):
        return "another scale"
    if answers_of(content, here) != answers_of(content, there):
        return "other options, or the same in another order"
    return ""
