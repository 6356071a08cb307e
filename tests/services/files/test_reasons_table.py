"""The file of reasons holds those that were released, and no more."""

from consult.services.rounds.results import released_texts
from tests.services.conftest import World
from tests.services.files.reading import read


def test_reasons_are_the_released_ones(played: World) -> None:
    rows = read(played, "reasons.csv")
    assert rows and {row["stage"] for row in rows} == {"round-1"}
    assert set(rows[0]) == {"stage", "round", "measure", "title", "side", "number", "reason"}
    texts = released_texts(played.session, played.stage("round-1"))
    assert texts is not None
    told = {key: sum(map(len, sides.values())) for key, sides in texts["reasons"].items() if any(sides.values())}
    assert {key: sum(row["measure"] == key for row in rows) for key in told} == told
