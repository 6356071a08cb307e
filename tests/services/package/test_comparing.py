"""What an older version of the analysis froze: reproduced, and in words where it reckoned more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.result import stage
from analysis.verdict import consensus
from analysis.verdict.margins import Margin, margin
from consult.services.package.comparing import by_version
from consult.services.rounds import freezing
from tests.services import playing
from tests.services.conftest import World, town_library
from tests.services.package.packing import checked, packed

MARGIN = "measures.L1.criteria.wish.verdict.margin"


def _more(*given: Any) -> Margin:
    found = margin(*given)
    return found._replace(least=(found.least or 0) + 1)


@pytest.fixture(scope="module", params=["1.1.0", "1.2.0"])
def frozen(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, World]]:
    """A consultation whose margins were reckoned one too high, by that version."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage, "__version__", request.param)
        patch.setattr(freezing, "__version__", request.param)
        patch.setattr(consensus, "margin", _more)
        with playing.half_way(town_library(), tmp_path_factory.mktemp("older")) as world:
            patch.undo()
            yield request.param, world


def test_margins_of_an_older_version_are_told_and_those_of_this_one_are_wrong(
    frozen: tuple[str, World], tmp_path: Path
) -> None:
    version, world = frozen
    path = tmp_path / "package.zip"
    path.write_bytes(packed(world))
    found = checked(path)
    survey, rated = found.stages
    assert found.problems == []
    if version == "1.1.0":
        assert found.is_sound
        assert survey.words == "reproduced by another version of the analysis"
        assert rated.words.startswith(f"reproduced, but for what version 1.1.0 reckoned otherwise: {MARGIN}: ")
        assert "more" in rated.words
    else:
        assert survey.words == "reproduced" and not found.is_sound
        assert rated.words.startswith(f"the rows give another result: {MARGIN}: ")


@pytest.mark.parametrize(
    ("place", "is_excused"),
    [
        (MARGIN, True),
        ("measures.L1.criteria.wish.verdict.numbers.to_in", True),
        ("panel.wish.intraclass.ICC2k.low", True),
        ("panel.wish.intraclass.ICC2k.value", False),
        ("measures.margin.criteria.wish.verdict.verdict", False),
        ("measures.L1.criteria.margin.n", False),
        ("variables.margin", False),
    ],
)
def test_nothing_else_is_excused_by_a_version(place: str, is_excused: bool) -> None:
    found = [f"{MARGIN}: 2 is told, 1 comes out", f"{place}: 3 is told, 2 comes out"]
    words = by_version("1.1.0", "1.2.0", found)
    assert (words is not None) is is_excused
    assert by_version("1.2.0", "1.2.0", found) is None
    assert by_version("1.2.0", "1.3.0", found) is None
    assert by_version("1.0.0", "1.2.0", []) == "reproduced by another version of the analysis"
