"""What would single out a few is hidden for everybody."""

from collections import Counter

from consult.services.frozen.k_anonymity import SUPPRESSED, k_anonymous
from tests.services.conftest import World
from tests.services.files.reading import read


def test_a_group_that_is_too_small_is_hidden_with_its_complement(played: World) -> None:
    groups = Counter(
        row["reporting_group"] for row in {row["pseudonym"]: row for row in read(played, "ratings-long.csv")}.values()
    )
    assert set(groups) == {"library", "town"} and sum(groups.values()) == 11
    groups = {expert.id: expert.reporting_group for expert in played.experts[:11]}
    few = [person for person, group in groups.items() if group == "town"][2:]
    by = k_anonymous(groups | dict.fromkeys(few, "library"), {}, 3)
    assert {by.group(group) for group in ("library", "town")} == {SUPPRESSED}
