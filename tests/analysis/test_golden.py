"""Every golden case of every file is reproduced, within its own tolerance and no more."""

import pytest

from tests.analysis.cases import GOLDEN, Case, load, matches
from tests.analysis.mapping import COMPUTE
from tests.analysis.shapes import value_of

CASES = load()


def test_there_are_golden_cases() -> None:
    assert CASES, f"no golden case in {GOLDEN}"


@pytest.mark.parametrize("case", CASES, ids=[f"{case.file}:{case.name}" for case in CASES])
def test_case_is_reproduced(case: Case) -> None:
    expected = case.content["expected"]
    unmapped = sorted(set(expected) - set(COMPUTE))
    assert not unmapped, f"no function for {unmapped}"
    wrong = {}
    for statistic, want in expected.items():
        got = value_of(COMPUTE[statistic](case))
        if not matches(got, want, case.tolerance(statistic)):
            wrong[statistic] = f"got {got}, want {want}"
    assert not wrong
