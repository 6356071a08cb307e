"""The file of reasons holds those that were released, and no more."""

from collections import Counter

from consult.services.rounds.results import released_texts
from tests.services.conftest import World
from tests.services.files.reading import read


def test_reasons_are_the_released_ones(played: World) -> None:
    """By measure, criterion and side, read from the release as it is stored; remarks have no criterion."""
    rows = read(played, "reasons.csv")
    assert rows and {row["stage"] for row in rows} == {"round-1"}
    assert set(rows[0]) == {"stage", "round", "measure", "title", "criterion", "side", "number", "reason"}
    texts = released_texts(played.session, played.stage("round-1"))
    assert texts is not None
    told = Counter(
        {
            (key, criterion, side): len(listed)
            for key, criteria in texts["reasons"].items()
            for criterion, sides in criteria.items()
            for side, listed in sides.items()
        }
    ) + Counter({(key, "", "other"): len(listed) for key, listed in texts["remarks"].items()})
    assert Counter((row["measure"], row["criterion"], row["side"]) for row in rows) == told
    assert {criterion for _key, criterion, _side in told} == {"wish", ""}
