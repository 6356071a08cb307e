"""Points of a scale: one, or one for each row of a matrix."""

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
from consult.definition.asked import NO, AskedQuestion, Inputs, Problem, first
from consult.definition.question import Matrix, Rating


def _check_point(asked: AskedQuestion, name: str, value: str) -> Iterator[Problem]:
    if not value:
        return
    if value.startswith(NO):
        if is_bad_state(asked, value):
            yield Problem(name, "not_an_option")
        return
    options = [option.key for option in asked.options]
    points = [str(point) for point in asked.scale.points] if asked.scale else options
    if value not in points:
        yield Problem(name, "not_a_point")


def _store_point(asked: AskedQuestion, value: str) -> Stored:
    state = state_of(value)
    if state is not None:
        return state
    return Stored(value=int(value) if asked.scale else asked.labels.index(value))


def _read_point(asked: AskedQuestion, known: Stored) -> list[str]:
    if known.value is not None:
        return [str(known.value) if asked.scale else asked.labels[known.value]]
    return [NO + known.state] if known.state in allowed_states(asked) and known.state else []


class ScaleType(NothingType):
    """One point of a scale, or a kind of no-answer the scale offers."""

    def names(self, asked: AskedQuestion) -> list[str]:
        return [asked.key]

    def check(self, asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
        return _check_point(asked, asked.key, first(inputs, asked.key))

    def store(self, asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
        value = first(inputs, asked.key)
        return {asked.key: _store_point(asked, value)} if value else {}

    def read(self, asked: AskedQuestion, stored: Mapping[str, Stored]) -> dict[str, list[str]]:
        known = stored.get(asked.key)
        values = _read_point(asked, known) if known else []
        return {asked.key: values} if values else {}

    def variables(self, asked: AskedQuestion) -> Iterator[Variable]:
        assert isinstance(asked.question, Rating)
        level = asked.scale.level if asked.scale else "ordinal"
        yield variable(asked, asked.key, level, scale=asked.question.scale)


class MatrixType(NothingType):
    """One point, or one option, for each row."""

    def names(self, asked: AskedQuestion) -> list[str]:
        return [f"{asked.key}.{row.key}" for row in asked.rows]

    def check(self, asked: AskedQuestion, inputs: Inputs) -> Iterator[Problem]:
        assert isinstance(asked.question, Matrix)
        for name in self.names(asked):
            yield from _check_point(asked, name, first(inputs, name))

    def store(self, asked: AskedQuestion, inputs: Inputs) -> dict[str, Stored]:
        typed = {name: first(inputs, name) for name in self.names(asked)}
        return {name: _store_point(asked, value) for name, value in typed.items() if value}

    def read(self, asked: AskedQuestion, stored: Mapping[str, Stored]) -> dict[str, list[str]]:
        known = {name: stored[name] for name in self.names(asked) if name in stored}
        values = {name: _read_point(asked, item) for name, item in known.items()}
        return {name: value for name, value in values.items() if value}

    def variables(self, asked: AskedQuestion) -> Iterator[Variable]:
        question = asked.question
        assert isinstance(question, Matrix)
        level = asked.scale.level if asked.scale else "nominal"
        for row in asked.rows:
            yield variable(
                asked, f"{asked.key}.{row.key}", level, labels=asked.labels, text=row.label, scale=question.scale
            )
