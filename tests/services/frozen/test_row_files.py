"""Why there are no rows, and what rests on them."""

from pathlib import Path

from consult import clock
from consult.commands.package import unpacked
from consult.services.frozen.row_files import Withheld
from consult.services.package import verifying
from consult.services.rounds.results import released_json
from consult.services.running import leaving
from tests.services import playing
from tests.services.frozen.stages_held import codes, verified, whole
from tests.services.package.packing import contents, packed, written


def test_a_package_says_what_rests_on_rows_that_are_withheld(tmp_path: Path) -> None:
    absent = {"first-look": (), "round-1": (0,), "round-2": (0, 1, 2)}
    with whole(tmp_path, absent) as world:
        assert codes(world) == {"round-1": Withheld.FEW_ALIKE}
        assert verified(world, tmp_path) == [
            "reproduced",
            "not reproducible: its rows are withheld, they would leave too few people alike",
            "reproduced, but for what rests on rows that are withheld",
        ]
        files = contents(packed(world))
        ratings = files["data/ratings-long.csv"]
        files["data/ratings-long.csv"] = ratings.replace(",4,\r\n", ",1,\r\n", 1)
        with unpacked(written(files, tmp_path / "changed.zip")) as (session, package):
            found = verifying.verify(session, package)
        assert found.stages[2].words.startswith("the rows give another result: ")


def test_figures_of_the_absent_are_not_told_where_somebody_withdrew(tmp_path: Path) -> None:
    """They leave the withdrawn out, and the rows of the round before do not."""
    with whole(tmp_path, {"first-look": (), "round-1": ()}) as world:
        with clock.set_to(world.stage("round-2").opens_at):
            leaving.withdraw(world.session, world.experts[0], "test")
        playing.play(world.session, world.definition, world.consultation, world.experts[3:], world.stage("round-2"))
        numbers = released_json(world.session, world.stage("round-2"))
        assert numbers is not None
        found = numbers["measures"]["L1"]["criteria"]["wish"]["sensitivity"]
        assert (found["leavers"], found["worst"], found["suppressed"]) == (None, None, "differencing")
        assert verified(world, tmp_path)[2] == ("reproduced, but for figures of those who answered before only")
