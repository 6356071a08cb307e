"""Whole numbers, and a total shared out."""

import re
from collections.abc import Iterator, Mapping

from consult.definition.answers.base import NothingType, Stored, Variable, variable
from consult.definition.asked import NO, AskedQuestion, Inputs, Problem, first
from consult.definition.question import Number, Points

GROUPED = re.compile(r"([-\u2212\uff0d]?)(\d+|\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+)")
"""Decimal digits of any script, alone or in threes; a minus of any keyboard."""


def whole(value: str) -> int | None:
    """The whole number a person typed, or None."""
    found = GROUPED.fullmatch(value.strip())
    if found is None:
        return None
    digits = "".join(filter(str.isdecimal, found[2]))
    if len(digits) > 11:
        return None
    return -int(digits) if found[1] else int(digits)


class NumberType(NothingType):
    """A whole number; a surprisingly large one is asked about once."""

    def names(self, asked: AskedQuestion) -> list[str]:
        return [asked.key, f"{asked.key}.confirm"]

    def check(self, asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
        question = asked.question
        assert isinstance(question, Number)
        typed = first(inputs, asked.key)
        if not typed:
            return
        number = whole(typed)
        limits = {"min": question.min, "max": question.max}
        if number is None or not question.min <= number <= question.max:
            yield Problem(asked.key, "not_a_number", limits)
        elif (
            question.confirm_above is not None
            and number > question.confirm_above
            and first(inputs, f"{asked.key}.confirm") != str(number)
        ):
            yield Problem(f"{asked.key}.confirm", "confirm_number", {"number": number})

    def store(self, asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
        number = whole(first(inputs, asked.key))
        return {} if number is None else {asked.key: Stored(value=number)}

    def read(self, asked: AskedQuestion, stored: Mapping[str, Stored]) -> dict[str, list[str]]:
        known = stored.get(asked.key)
        if known is None or known.value is None:
            return {}
        return {asked.key: [str(known.value)], f"{asked.key}.confirm": [str(known.value)]}

    def variables(self, asked: AskedQuestion) -> Iterator[Variable]:
        yield variable(asked, asked.key, "number")


class PointsType(NothingType):
    """A total shared out over the options."""

    def names(self, asked: AskedQuestion) -> list[str]:
        return [f"{asked.key}.{option.key}" for option in asked.options] + [asked.key]

    def check(self, asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
        question = asked.question
        assert isinstance(question, Points)
        typed = {f"{asked.key}.{option.key}": first(inputs, f"{asked.key}.{option.key}") for option in asked.options}
        chosen = first(inputs, asked.key)
        if chosen and (chosen != NO + "dont_know" or not question.dont_know):
            yield Problem(asked.key, "not_an_option")
        elif chosen and any(value not in ("", "0") for value in typed.values()):
            yield Problem(asked.key, "points_or_dont_know")
        if chosen or not any(typed.values()):
            return
        numbers = {name: whole(value or "0") for name, value in typed.items()}
        wrong = [name for name, number in numbers.items() if number is None or number < 0]
        if wrong:
            yield Problem(wrong[0], "not_points", {"max": question.total})
        else:
            total = sum(number or 0 for number in numbers.values())
            if total != question.total:
                name = next(iter(numbers))
                yield Problem(name, "points_sum", {"sum": total, "total": question.total})

    def store(self, asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
        names = [f"{asked.key}.{option.key}" for option in asked.options]
        if first(inputs, asked.key):
            return {name: Stored(state="dont_know") for name in names}
        if not any(first(inputs, name) for name in names):
            return {}
        return {name: Stored(value=whole(first(inputs, name) or "0")) for name in names}

    def read(self, asked: AskedQuestion, stored: Mapping[str, Stored]) -> dict[str, list[str]]:
        known = {name: stored[name] for option in asked.options if (name := f"{asked.key}.{option.key}") in stored}
        if any(item.state == "dont_know" for item in known.values()):
            return {asked.key: [NO + "dont_know"]}
        return {name: [str(item.value)] for name, item in known.items() if item.value is not None}

    def variables(self, asked: AskedQuestion) -> Iterator[Variable]:
        for option in asked.options:
            yield variable(asked, f"{asked.key}.{option.key}", "number", text=option.label)
