"""Pieces that are kept look as if they had been drawn for this reader, and are nobody else's."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from consult.definition.asked import AskedQuestion, Problem
from consult.definition.choosing import RoutingContext
from consult.definition.consultation import Definition
from consult.definition.routing import ask
from consult.recent import Recent
from consult.web.forms import pieces
from consult.web.forms.pieces import question_piece
from consult.web.forms.rendering import RenderContext
from tests.services.samples import every_type
from tests.web.visiting import Library, open_library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with open_library(Path(tmp_path_factory.mktemp("pieces")), "first-look") as opened:
        yield opened


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECES", Recent(pieces.AT_MOST))


def questions(definition: Definition) -> list[AskedQuestion]:
    found = [ask(one, RoutingContext(definition), whole=True) for one in definition.questions.values()]
    return [one for one in found if one is not None]


def rendering(inputs: dict[str, list[str]], language: str = "en", problems: tuple[Problem, ...] = ()) -> RenderContext:
    return RenderContext(language, ("en",), "UTC", {}, inputs, problems)


def drawn(library: Library, asked: AskedQuestion, inputs: dict[str, list[str]], **more: str) -> str:
    with library.app.test_request_context("/?lang=" + more.get("language", "en")):
        return question_piece(asked, rendering(inputs, **more), lone=False).html


def answers(asked: AskedQuestion) -> list[dict[str, list[str]]]:
    """Nothing, each point or option, and no opinion."""
    values = [option.key for option in asked.options]
    if asked.scale is not None:
        values += [str(point) for point in asked.scale.points]
    names = [f"{asked.key}.{row.key}" for row in asked.rows] or [asked.key]
    return [{}, *({names[0]: [value]} for value in [*values, "no:dont_know"])]


def test_a_piece_that_is_kept_is_what_would_be_drawn(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    several = [(asked, typed) for asked in questions(every_type()) for typed in answers(asked)]
    first = [drawn(library, *one) for one in several]
    assert len(pieces.PIECES) > 10
    kept = [drawn(library, *one) for one in several]
    monkeypatch.setattr(pieces, "KEPT", frozenset())
    assert first == kept == [drawn(library, *one) for one in several]


def test_answers_and_languages_have_pieces_of_their_own(library: Library) -> None:
    scale = next(one for one in questions(every_type()) if one.type == "scale")
    told = [drawn(library, scale, typed) for typed in answers(scale)]
    assert len(set(told)) == len(told)
    russian = drawn(library, scale, {}, language="ru")
    assert russian != told[0] and drawn(library, scale, {}) == told[0]


def test_what_somebody_wrote_is_not_kept(library: Library) -> None:
    for asked in questions(every_type()):
        drawn(library, asked, {asked.key: ["A story of my own" * 9], f"{asked.key}.other": ["A story of my own" * 9]})
    assert not [html for _question, html in pieces.PIECES._values.values() if "A story" in html]


def test_a_question_with_a_problem_is_drawn_anew(library: Library) -> None:
    scale = next(one for one in questions(every_type()) if one.type == "scale")
    drawn(library, scale, {})
    with library.app.test_request_context("/"):
        wrong = rendering({}, problems=(Problem(scale.key, "required"),))
        assert "error" in question_piece(scale, wrong, lone=False).html
    assert "has-error" not in drawn(library, scale, {})


def test_a_question_of_another_definition_is_no_match(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them never stand at the same place in memory at once: here they are said to."""
    monkeypatch.setattr(pieces, "id", lambda _question: 1, raising=False)
    scale = next(one for one in questions(every_type()) if one.type == "scale")
    other = replace(scale, question=scale.question.model_copy(update={"text": {"en": "Something else?"}}))
    assert "Something else?" not in drawn(library, scale, {})
    assert "Something else?" in drawn(library, other, {})


def test_long_pieces_are_not_kept(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "LONGEST", 10)
    scale = next(one for one in questions(every_type()) if one.type == "scale")
    assert drawn(library, scale, {}) == drawn(library, scale, {})
    assert len(pieces.PIECES) == 0
