"""Kinds of no-answer, roles of staff and fates of measures: one list each, and no second anywhere."""

import ast
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum

import pytest
from sqlalchemy import CheckConstraint

from analysis.protocol.protocol import NO_ANSWER, NO_OPINIONS, UNANSWERED
from analysis.protocol.states import NoAnswer
from consult.definition.scale import Scale
from consult.fates import FINAL, GONE, Fate
from consult.models import Base
from consult.roles import ROLES, Role
from consult.services.files.fields import NO_ANSWER_LABELS
from consult.words import roles, wording
from tests.sources import Module, modules

LISTS: tuple[type[StrEnum], ...] = (NoAnswer, Role, Fate)
IN_SQL = re.compile(r"\bIN\s*\(([^)]*)\)", re.IGNORECASE)
LISTED = re.compile(r"\w+(?:,\s+\w+)+")


def _listed(node: ast.AST) -> Iterator[list[str]]:
    """The codes that a piece of code writes one after the other: as a collection, or in a text."""
    match node:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            yield _words(parts)
        case ast.Dict(keys=parts):
            yield _words(parts)
        case ast.Constant(value=str(text)):
            yield from (re.findall(r"'([^']*)'", found) for found in IN_SQL.findall(text))
            yield from (re.split(r",\s+", found) for found in LISTED.findall(text))


def _words(parts: Sequence[ast.expr | None]) -> list[str]:
    """Its texts, whatever else stands between them."""
    return [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def second_lists(module: Module) -> list[str]:
    """Where at least two codes of a list stand beside each other as texts."""
    return [
        f"{module.at(node)} {sorted(codes)}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.expr)
        for found in _listed(node)
        for codes in [set(found)]
        if len(codes) > 1 and any(codes <= set(map(str, one)) for one in LISTS)
    ]


def test_no_second_list_of_codes() -> None:
    """Migrations are history and keep the words of their time."""
    assert [found for module in modules("analysis", "consult") for found in second_lists(module)] == []


@pytest.mark.parametrize(
    "code",
    [
        "STATES = ('dont_know', 'abstained')",
        "WORDS = {'carried': 'rated again', 'settled': 'settled'}",
        "Choice = Literal['analyst', 'secretariat']",
        "known = {**words, 'added': 1, 'merged': 2}",
        "allowed = frozenset(['facilitator', 'analyst'])",
        "CHECK = \"role IN ('facilitator', 'analyst')\"",
        "HELP = 'why: dont_know, not_my_field, blank'",
    ],
)
def test_a_second_list_is_seen(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = modules("consult")[0]
    monkeypatch.setattr(Module, "tree", property(lambda self: ast.parse(code)))
    assert len(second_lists(module)) == 1


@pytest.mark.parametrize(
    "code", ["kinds = ('in', 'out')", "one = ('analyst',)", "WORDS = {'merged': 1, 'withheld': 2}"]
)
def test_another_list_is_none_of_these(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = modules("consult")[0]
    monkeypatch.setattr(Module, "tree", property(lambda self: ast.parse(code)))
    assert second_lists(module) == []


def checks(table: str) -> dict[str, set[str]]:
    """By its name, the codes that a check of a table admits."""
    return {
        str(check.name): set(re.findall(r"'([^']*)'", str(check.sqltext)))
        for check in Base.metadata.tables[table].constraints
        if isinstance(check, CheckConstraint)
    }


def test_the_tables_admit_the_codes_and_no_other() -> None:
    assert checks("answer")["ck_answer_known_state"] == set(NoAnswer)
    assert checks("membership")["ck_membership_role"] == set(Role)
    assert checks("measure_fate")["ck_measure_fate_fate"] == set(Fate)


def test_every_code_has_its_words() -> None:
    assert set(roles.ROLES) == set(Role) == set(ROLES)
    assert set(wording.FATES) == set(Fate)
    assert set(NO_ANSWER_LABELS) == set(NoAnswer) == set(NO_ANSWER)


def test_what_an_expert_may_choose_and_what_is_noted_make_the_whole() -> None:
    """Codes of answers follow the order: a choice first, then what the program finds."""
    assert (*NO_OPINIONS, *UNANSWERED) == NO_ANSWER
    assert UNANSWERED == ("skipped", "blank", "not_reached")
    assert frozenset({"dropped", "merged"}) == GONE < FINAL == GONE | {"settled"}


@pytest.mark.parametrize("state", [*NO_ANSWER, "unsure"])
def test_a_scale_offers_what_may_be_chosen(state: str) -> None:
    offered = {"min": 1, "max": 5, "no_answer": [state]}
    if state in NO_OPINIONS:
        assert Scale.model_validate(offered).no_answer == (state,)
    else:
        with pytest.raises(ValueError, match="'dont_know', 'not_my_field', 'not_in_my_country' or 'abstained'"):
            Scale.model_validate(offered)
