"""Choosing: a statement to tick, one option, several options."""

from collections.abc import Iterator, Mapping

from consult.definition.answers.base import (
    NothingType,
    Stored,
    Variable,
    allowed_states,
    is_bad_state,
    state_of,
    variable,
)
from consult.definition.asked import NO, AskedQuestion, Inputs, Problem, first, given
from consult.definition.question import Multi


class ConsentType(NothingType):
    """A statement that is ticked or not."""

    def names(self, asked: AskedQuestion) -> list[str]:
        return [asked.key]

    def check(self, asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
        if first(inputs, asked.key) not in ("", "yes"):
            yield Problem(asked.key, "not_an_option")

    def store(self, asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
        return {asked.key: Stored(value=1)} if first(inputs, asked.key) == "yes" else {}

    def read(self, asked: AskedQuestion, stored: Mapping[str, Stored]) -> dict[str, list[str]]:
        known = stored.get(asked.key)
        return {asked.key: ["yes"]} if known is not None and known.value == 1 else {}

    def variables(self, asked: AskedQuestion) -> Iterator[Variable]:
        yield variable(asked, asked.key, "binary")


def _check_other(asked: AskedQuestion, inputs: Inputs, chosen: list[str]) -> Iterator[Problem]:
    other = next((option.key for option in asked.options if option.other), None)
    if other in chosen and not first(inputs, f"{asked.key}.other"):
        yield Problem(f"{asked.key}.other", "other_needs_text")
    if len(first(inputs, f"{asked.key}.other")) > 200:
        yield Problem(f"{asked.key}.other", "too_long", {"max": 200})


class SingleType(NothingType):
    """One option; the code is the option's position in the whole list."""

    def names(self, asked: AskedQuestion) -> list[str]:
        other = any(option.other for option in asked.options)
        return [asked.key, f"{asked.key}.other"] if other else [asked.key]

    def check(self, asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
        chosen = given(inputs, asked.key)
        if len(chosen) > 1:
            yield Problem(asked.key, "choose_one")
        for value in chosen[:1]:
            known = {option.key for option in asked.options}
            if value not in known if not value.startswith(NO) else is_bad_state(asked, value):
                yield Problem(asked.key, "not_an_option")
            elif value in asked.refused:
                yield Problem(asked.key, "chosen_before")
        yield from _check_other(asked, inputs, chosen)

    def store(self, asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
        value = first(inputs, asked.key)
        if not value:
            return {}
        found = {asked.key: state_of(value) or Stored(value=asked.labels.index(value))}
        other = next((option.key for option in asked.options if option.other), None)
        if value == other and (words := first(inputs, f"{asked.key}.other")):
            found[f"{asked.key}.other"] = Stored(text=words)
        return found

    def read(self, asked: AskedQuestion, stored: Mapping[str, Stored]) -> dict[str, list[str]]:
        found = {}
        if (known := stored.get(asked.key)) is not None:
            if known.value is not None:
                found[asked.key] = [asked.labels[known.value]]
            elif known.state in allowed_states(asked):
                found[asked.key] = [NO + known.state]
        if (words := stored.get(f"{asked.key}.other")) is not None and words.text:
            found[f"{asked.key}.other"] = [words.text]
        return found

    def variables(self, asked: AskedQuestion) -> Iterator[Variable]:
        yield variable(asked, asked.key, "nominal", labels=asked.labels)
        if any(option.other for option in asked.options):
            yield variable(asked, f"{asked.key}.other", "text")


class MultiType(NothingType):
    """Any number of options; one 0/1 variable each."""

    def names(self, asked: AskedQuestion) -> list[str]:
        question = asked.question
        assert isinstance(question, Multi)
        names = [asked.key]
        if any(option.other for option in asked.options):
            names.append(f"{asked.key}.other")
        if question.detail:
            names += [f"{asked.key}.{option.key}.detail" for option in asked.options]
        return names

    def check(self, asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
        question = asked.question
        assert isinstance(question, Multi)
        chosen = given(inputs, asked.key)
        options = {option.key: option for option in asked.options}
        real = [value for value in chosen if not value.startswith(NO)]
        states = [value for value in chosen if value.startswith(NO)]
        if any(value not in options for value in real) or any(is_bad_state(asked, value) for value in states):
            yield Problem(asked.key, "not_an_option")
        if len(set(chosen)) != len(chosen):
            yield Problem(asked.key, "chosen_twice")
        alone = [value for value in real if value in options and options[value].exclusive]
        if (alone or states) and len(chosen) > 1:
            yield Problem(asked.key, "excludes_others")
        if asked.refused.intersection(real):
            yield Problem(asked.key, "chosen_before")
        if question.max is not None and len(real) > question.max:
            yield Problem(asked.key, "too_many", {"max": question.max, "chosen": len(real)})
        if real and not alone and len(real) < question.min:
            yield Problem(asked.key, "too_few", {"min": question.min, "chosen": len(real)})
        yield from _check_other(asked, inputs, real)
        if question.detail:
            for value in real:
                if len(first(inputs, f"{asked.key}.{value}.detail")) > question.detail.max_length:
                    limit = {"max": question.detail.max_length}
                    yield Problem(f"{asked.key}.{value}.detail", "too_long", limit)

    def store(self, asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
        question = asked.question
        assert isinstance(question, Multi)
        chosen = given(inputs, asked.key)
        if not chosen:
            return {}
        offered = {option.key for option in asked.options}
        keys = [label for label in asked.labels if label in offered]
        if (state := state_of(chosen[0])) is not None:
            return {f"{asked.key}.{key}": state for key in keys}
        found = {f"{asked.key}.{key}": Stored(value=int(key in chosen)) for key in keys}
        other = next((option.key for option in asked.options if option.other), None)
        if other in chosen and (words := first(inputs, f"{asked.key}.other")):
            found[f"{asked.key}.other"] = Stored(text=words)
        for key in chosen if question.detail else ():
            if words := first(inputs, f"{asked.key}.{key}.detail"):
                found[f"{asked.key}.{key}.detail"] = Stored(text=words)
        return found

    def read(self, asked: AskedQuestion, stored: Mapping[str, Stored]) -> dict[str, list[str]]:
        chosen, found = [], {}
        for key in asked.labels:
            known = stored.get(f"{asked.key}.{key}")
            if known is None:
                continue
            if known.value == 1:
                chosen.append(key)
            elif known.state in allowed_states(asked):
                chosen = [NO + known.state]
            detail = stored.get(f"{asked.key}.{key}.detail")
            if detail is not None and detail.text:
                found[f"{asked.key}.{key}.detail"] = [detail.text]
        if chosen:
            found[asked.key] = chosen
        if (words := stored.get(f"{asked.key}.other")) is not None and words.text:
            found[f"{asked.key}.other"] = [words.text]
        return found

    def variables(self, asked: AskedQuestion) -> Iterator[Variable]:
        question = asked.question
        assert isinstance(question, Multi)
        for option in asked.options:
            yield variable(asked, f"{asked.key}.{option.key}", "binary", text=option.label)
        if any(option.other for option in asked.options):
            yield variable(asked, f"{asked.key}.other", "text")
        for option in asked.options if question.detail else ():
            yield variable(asked, f"{asked.key}.{option.key}.detail", "text", text=option.label)
