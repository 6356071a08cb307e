"""What was released of a result, as a package of any format tells it."""

from typing import cast

import pytest

from consult.models import ReleaseKind
from consult.services.package.results_rows import ReleaseRow, ResultRow, releases


@pytest.mark.parametrize(
    ("told", "kinds"),
    [
        ({"numbers": 1, "texts": None}, ["numbers"]),  # format 3, before the next round opened
        ({"numbers": 1, "texts": 2}, ["numbers", "texts"]),
        ({"numbers": 1, "texts": 2, "final": None}, ["numbers", "texts"]),
        ({"numbers": 1, "texts": 2, "final": 3}, ["numbers", "texts", "final"]),
    ],
)
def test_each_kind_that_was_released_is_told_once(told: dict[str, int | None], kinds: list[str]) -> None:
    rows = {kind: row and ReleaseRow(digest=str(row), content={}) for kind, row in told.items()}
    found = list(releases(cast(ResultRow, rows)))
    assert [kind for kind, _ in found] == [ReleaseKind(kind) for kind in kinds]
    assert all(row == rows[kind] for kind, row in found)
