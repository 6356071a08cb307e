"""Every rule on the content of a folder, held by a fixture that breaks it and one that keeps it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from consult.definition.checks import RULES, WARNINGS
from consult.definition.loader import load, load_with_warnings
from consult.errors import DefinitionInvalid, FileProblem
from tests.definition.overlays import BASE, cases, changed, place

NAMES = {rule.__name__ for rule in (*RULES, *WARNINGS)}
WARNING_NAMES = {rule.__name__ for rule in WARNINGS}
INVALID = list(cases("invalid"))
VALID = list(cases("valid"))


def _named(found: list[tuple[str, Mapping[str, Any]]]) -> list[str]:
    return [f"{rule}-{number}" for number, (rule, _) in enumerate(found)]


def _problems(folder: Path, *, warning: bool) -> list[FileProblem]:
    if warning:
        return load_with_warnings(folder)[1]
    with pytest.raises(DefinitionInvalid) as refused:
        load(folder)
    return refused.value.problems


def test_the_base_of_the_fixtures_has_no_problem_and_no_warning() -> None:
    assert load_with_warnings(BASE)[1] == []


@pytest.mark.parametrize("kind", ["valid", "invalid"])
def test_every_rule_has_fixtures(kind: str) -> None:
    assert {rule for rule, _ in cases(kind)} == NAMES


def test_every_rule_says_what_it_holds() -> None:
    assert all(rule.__doc__ for rule in (*RULES, *WARNINGS))


@pytest.mark.parametrize(("rule", "case"), INVALID, ids=_named(INVALID))
def test_a_broken_rule_is_reported_at_its_line(rule: str, case: Mapping[str, Any], tmp_path: Path) -> None:
    folder = changed(case, tmp_path / "folder")
    problems = _problems(folder, warning=rule in WARNING_NAMES)
    file, lines = place(case, folder)
    said = "\n".join(map(str, problems))
    assert any(
        problem.file == file and problem.line in lines and case["says"] in f"{problem}" for problem in problems
    ), said
    assert case.get("problems", 1) in (len(problems), "many"), said


@pytest.mark.parametrize(("rule", "case"), VALID, ids=_named(VALID))
def test_a_kept_rule_is_silent(rule: str, case: Mapping[str, Any], tmp_path: Path) -> None:
    _, warnings = load_with_warnings(changed(case, tmp_path / "folder"))
    assert case.get("warns") or warnings == []
