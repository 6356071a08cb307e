"""What a release publishes of whom, and what is taken out of it."""

import copy
from dataclasses import replace
from typing import Any

import pytest

from analysis.disclosure.differencing import People, Published
from analysis.disclosure.ledger import Compared, Populations, hold_back, published, variable_name, withhold
from analysis.protocol.protocol import DisclosureRule

RULE = DisclosureRule(subgroup=5)
RATED, ASKED, LATER = "M01.importance", "view", "round-2"
Block = dict[str, Any]


def crowd(start: int, end: int) -> People:
    return frozenset(range(start, end))


BOTH, ONLY_EARLIER = crowd(0, 20), crowd(20, 26)
NORTH, SOUTH = crowd(0, 10), crowd(10, 20)
PEOPLE = Populations(
    whole={RATED: crowd(0, 20), ASKED: crowd(0, 18)},
    groups={"north": {RATED: NORTH, ASKED: NORTH}, "south": {RATED: SOUTH}},
    compared={
        RATED: Compared("round-1/M01.importance", BOTH, ONLY_EARLIER),
        ASKED: Compared("pre-event/view", crowd(0, 18), crowd(18, 24)),
    },
)


def shown() -> Block:
    """A release in which every figure stands that a place can take."""
    group = {"n": 10, "median": 6.0, "shares": {"high": {}}}
    case = {"n": 26}
    return {
        "stage": LATER,
        "variables": {ASKED: {"counts": [18], "median": 5.0}},
        "pairs": {
            ASKED: {
                "n": 18,
                "n_earlier_only": 6,
                "median_earlier": 4.0,
                "median_later": 5.0,
                "median_shift": 1.0,
                "mean_shift": 0.5,
            }
        },
        "groups": {"north": {RATED: dict(group), ASKED: dict(group)}, "south": {RATED: dict(group)}},
        "measures": {
            "M01": {
                "criteria": {
                    "importance": {
                        "counts": [20],
                        "median": 7.0,
                        "stability": {"numbers": {"pairs": 20, "median_shift": 0.0, "net_change": 0.1}},
                        "sensitivity": {
                            "leavers": 6,
                            "worst": dict(case),
                            "best": dict(case),
                            "last_value_carried": dict(case),
                            "cliff_delta": 0.2,
                        },
                    }
                }
            }
        },
    }


def importance(block: Block) -> Block:
    found: Block = block["measures"]["M01"]["criteria"]["importance"]
    return found


WHOLE = Published("round-2/M01.importance", crowd(0, 20), ("measures", "M01", "importance"))
STABILITY = ("stability", "M01", "importance")
LEAVERS = ("leavers", "M01", "importance")
OF_PAIRS = [
    Published("pre-event/view", crowd(0, 18), ("pairs", ASKED)),
    Published("round-2/view", crowd(0, 18), ("pairs", ASKED)),
]
OF_STABILITY = [
    Published("round-1/M01.importance", BOTH, STABILITY),
    Published("round-2/M01.importance", BOTH, STABILITY),
]
OF_LEAVERS = [
    Published("round-1/M01.importance", BOTH, LEAVERS),
    Published("round-1/M01.importance", ONLY_EARLIER, LEAVERS),
]
OF_GROUPS = [
    Published("round-2/M01.importance", NORTH, ("groups", RATED)),
    Published("round-2/view", NORTH, ("groups", ASKED)),
    Published("round-2/M01.importance", SOUTH, ("groups", RATED)),
]
ASKED_OF_ALL = Published("round-2/view", crowd(0, 18), ("variables", ASKED))
EVERYTHING = [ASKED_OF_ALL, WHOLE, *OF_PAIRS, *OF_STABILITY, *OF_LEAVERS, *OF_GROUPS]


def test_a_variable_is_told_apart_by_its_stage() -> None:
    assert variable_name("round-1", RATED) == "round-1/M01.importance"


def test_every_figure_of_a_release_is_a_table_over_its_people() -> None:
    assert published(shown(), PEOPLE) == EVERYTHING


def test_figures_of_comparisons_are_none_without_one() -> None:
    alone = replace(PEOPLE, compared={ASKED: PEOPLE.compared[ASKED]})
    assert published(shown(), alone) == [ASKED_OF_ALL, WHOLE, *OF_PAIRS, *OF_GROUPS]


@pytest.mark.parametrize("kept", ["counts", "median"])
def test_one_figure_left_is_a_table_still(kept: str) -> None:
    """A median may be somebody's value; none of both is nothing."""
    found = shown()
    for block in (found["variables"][ASKED], importance(found)):
        block.update({"counts": None, "median": None} | {kept: block[kept]})
    assert published(found, PEOPLE)[:2] == [ASKED_OF_ALL, WHOLE]
    for block in (found["variables"][ASKED], importance(found)):
        block[kept] = None
    assert published(found, PEOPLE) == EVERYTHING[2:]


def test_a_measure_new_in_this_round_hides_nothing_of_the_others() -> None:
    """It stands before the other, and has no comparison."""
    found, new = shown(), "M00.importance"
    found["measures"] = {"M00": copy.deepcopy(found["measures"]["M01"]), **found["measures"]}
    people = replace(PEOPLE, whole={**PEOPLE.whole, new: crowd(0, 20)})
    first = Published("round-2/M00.importance", crowd(0, 20), ("measures", "M00", "importance"))
    assert published(found, people) == [ASKED_OF_ALL, first, *EVERYTHING[1:]]


def test_a_round_without_a_round_before_has_no_shifts() -> None:
    found = shown()
    importance(found)["stability"]["numbers"] = None
    assert published(found, PEOPLE) == [one for one in EVERYTHING if one not in OF_STABILITY]


@pytest.mark.parametrize(
    ("place", "gone"),
    [
        (("groups", RATED), [OF_GROUPS[0], OF_GROUPS[2]]),
        (("groups", ASKED), [OF_GROUPS[1]]),
        (("pairs", ASKED), OF_PAIRS),
        (STABILITY, OF_STABILITY),
        (LEAVERS, OF_LEAVERS),
    ],
)
def test_what_is_withheld_is_published_no_longer(place: tuple[str, ...], gone: list[Published]) -> None:
    found = shown()
    withhold(found, place)
    assert published(found, PEOPLE) == [one for one in EVERYTHING if one not in gone]


def test_withholding_takes_its_figures_and_says_why() -> None:
    found, before = shown(), shown()
    for place in [("groups", RATED), ("pairs", ASKED), STABILITY, LEAVERS, ("unpaired", ASKED)]:
        withhold(found, place)
    nothing = {"n": None, "median": None, "shares": None, "suppressed": "differencing"}
    assert found["groups"]["north"][RATED] == found["groups"]["south"][RATED] == nothing
    assert found["groups"]["north"][ASKED] == before["groups"]["north"][ASKED]
    assert found["pairs"][ASKED] == dict.fromkeys(before["pairs"][ASKED]) | {"n": 18, "suppressed": "differencing"}
    one, whole = importance(found), importance(before)
    assert one["stability"]["numbers"] == {
        "pairs": 20,
        "median_shift": None,
        "net_change": None,
        "suppressed": "differencing",
    }
    assert one["sensitivity"] == whole["sensitivity"] | {"cliff_delta": None, "suppressed": "differencing"}
    withhold(found, ("departed", "M01", "importance"))
    assert set(one["sensitivity"].values()) == {None, "differencing"}
    assert (one["counts"], found["variables"]) == (whole["counts"], before["variables"])


@pytest.mark.parametrize("place", [("measures", "M01", "importance"), ("variables", ASKED)])
def test_the_whole_panels_table_is_not_taken_back(place: tuple[str, ...]) -> None:
    found = shown()
    with pytest.raises(ValueError, match="released before"):
        withhold(found, place)
    assert found == shown()


def test_a_first_release_over_large_sets_stands() -> None:
    """Twenty, two halves of ten, and six who only rated before: nobody is fewer than five."""
    found = shown()
    assert hold_back(found, PEOPLE, [], RULE) == []
    assert found == shown()


def test_only_tables_of_the_same_variable_tell_anything_together() -> None:
    found = shown()
    elsewhere = [Published("round-1/M02.importance", BOTH - {3}), Published("round-1/M02.importance", BOTH)]
    assert hold_back(found, PEOPLE, elsewhere, RULE) == [], "told before, and nothing here adds to it"


def test_what_tells_least_is_given_up_first() -> None:
    """Of those who left before those who answered twice: one was counted then and is gone now."""
    found = shown()
    before = [Published("round-1/M01.importance", BOTH | ONLY_EARLIER | {99})]
    assert hold_back(found, PEOPLE, before, RULE) == [LEAVERS]
    assert importance(found)["stability"] == importance(shown())["stability"]
    found = shown()
    before = [Published("round-1/M01.importance", BOTH | {99})]
    assert hold_back(found, PEOPLE, before, RULE) == [LEAVERS, STABILITY]


def test_groups_go_where_they_isolate_somebody() -> None:
    found = shown()
    few = replace(PEOPLE, groups={"north": {RATED: crowd(0, 10)}, "south": {RATED: crowd(10, 17)}})
    del found["groups"]["north"][ASKED]
    assert hold_back(found, few, [], RULE) == [STABILITY, ("groups", RATED)]
    assert found["groups"]["north"][RATED]["n"] is found["groups"]["south"][RATED]["n"] is None


def departed(has_departed: bool) -> Populations:
    of_view = Compared("pre-event/view", crowd(0, 18), crowd(18, 24), has_departed)
    of_rating = replace(PEOPLE.compared[RATED], has_departed=has_departed)
    return replace(PEOPLE, compared={RATED: of_rating, ASKED: of_view})


def test_figures_of_the_absent_stay_back_where_somebody_withdrew() -> None:
    """Set beside the rows of the earlier stage they would tell the withdrawn from the silent."""
    found = shown()
    assert hold_back(found, departed(True), [], RULE) == [("departed", "M01", "importance"), ("unpaired", ASKED)]
    assert set(importance(found)["sensitivity"].values()) == {None, "differencing"}
    assert found["pairs"][ASKED] == shown()["pairs"][ASKED] | {"n_earlier_only": None, "suppressed": "differencing"}
    still = shown()
    assert hold_back(still, departed(False), [], RULE) == []
    assert still == shown()


def test_withheld_once_is_enough() -> None:
    found = shown()
    hold_back(found, departed(True), [], RULE)
    again = copy.deepcopy(found)
    assert ("departed", "M01", "importance") not in hold_back(found, departed(True), [], RULE)
    assert found == again
