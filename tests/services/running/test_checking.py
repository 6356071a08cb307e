"""Clauses that decide nothing are told with file and line, as `consult analyse` would tell them."""

from pathlib import Path

import pytest

from analysis.verdict.redundant import redundant_clauses as found_by_analysis
from consult.definition.loader import load_with_warnings
from consult.services.running.checking import redundant_clauses
from tests.definition.overlays import BASE, changed, place
from tests.sources import ROOT

NEVER_FAILS = "this clause can never fail where the others hold"


@pytest.mark.parametrize(
    ("clauses", "begins", "says"),
    [
        (
            "in:\n      - {band: high, at_least: 75%}\n      - {median: true, at_least: 4}",
            ["- {median: true"],
            NEVER_FAILS,
        ),
        (
            "in:\n      - {band: high, at_least: 75%}\n      - {disagreement: ipras, is: false}",
            ["- {disagreement"],
            NEVER_FAILS,
        ),
        (
            "in:\n      - {band: high, at_least: 75%}\n      - {median: true, at_least: 4}\n"
            "      - {disagreement: ipras, is: false}",
            ["- {median: true", "- {disagreement"],
            NEVER_FAILS,
        ),
        (
            "out:\n      - {band: low, at_least: 75%}\n      - {band: high, at_least: 50%}",
            ["out:"],
            "no panel of 10 to 25 can ever meet these clauses",
        ),
        ("in:\n      - {band: high, at_least: 50%}\n      - {disagreement: ipras, is: false}", [], ""),
    ],
)
def test_what_decides_nothing_is_told_at_its_line(clauses: str, begins: list[str], says: str, tmp_path: Path) -> None:
    file = "consultation.yaml"
    case = {"file": file, "replace": "protocol:\n", "with": f"protocol:\n  consensus:\n    {clauses}\n"}
    folder = changed(case, tmp_path / "folder")
    definition, warnings = load_with_warnings(folder, redundant_clauses)
    wanted = [min(place({"at": f"{file}: {begin}"}, folder)[1]) for begin in begins]
    assert [(one.file, one.line) for one in warnings] == [(file, line) for line in wanted]
    assert all(one.message == says for one in warnings)
    rules = definition.rules
    scale = rules.criterion_scale(rules.deciding.key)
    assert len(found_by_analysis(rules.consensus, scale, rules.quantiles)) == len(warnings)


def test_the_clauses_of_one_round_are_told_there(tmp_path: Path) -> None:
    own = (
        "rounds:\n      2:\n        in:\n          - {band: high, at_least: 75%}\n"
        "          - {median: true, at_least: 4}\n        out:\n"
        "          - {band: low, at_least: 75%}"
    )
    case = {"file": "consultation.yaml", "replace": "protocol:\n", "with": f"protocol:\n  consensus:\n    {own}\n"}
    folder = changed(case, tmp_path / "folder")
    (found,) = load_with_warnings(folder, redundant_clauses)[1]
    assert found.line in place({"at": "consultation.yaml: - {median: true"}, folder)[1]


@pytest.mark.parametrize(
    "folder",
    [BASE, *sorted(path.parent for path in (ROOT / "questionnaires").rglob("consultation.yaml"))],
    ids=lambda folder: folder.name,
)
def test_every_clause_of_our_own_folders_decides_something(folder: Path) -> None:
    definition, _ = load_with_warnings(folder)
    assert list(redundant_clauses(definition)) == []
