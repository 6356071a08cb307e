"""What a release publishes of whom, and what is taken out of it."""

from dataclasses import replace
from typing import Any

import pytest

from analysis.disclosure.differencing import People, Published
from analysis.disclosure.ledger import Compared, HeldBack, Populations, hold_back, published, variable_name, withhold
from analysis.model.criterion import CriterionResult, StabilityNumbers
from analysis.model.figures import PlainShare, shared
from analysis.model.stage import GroupBlock, ReleasedStage, Stage
from analysis.model.writer import written
from analysis.protocol.protocol import DisclosureRule
from tests.analysis.disclosure import results

RULE = DisclosureRule(subgroup=5)
RATED, ASKED, LATER = "M01.importance", "view", "round-2"


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


def shown() -> ReleasedStage:
    """A release in which every figure stands that a place can take."""
    group = GroupBlock(n=10, median=6.0, shares={"high": PlainShare(count=5, n=10, share=0.5)})
    numbers = StabilityNumbers(pairs=20, median_shift=0.0, net_change=0.1)
    rated = results.criterion(20, numbers, leavers=6, with_leavers=26)
    parts = shared(results.EMPTY, Stage) | {
        "stage": LATER,
        "variables": {ASKED: results.variable(18, median=5.0)},
        "pairs": {ASKED: results.pair(18, earlier_only=6, later_only=0)},
        "measures": {"M01": results.measure(importance=rated)},
    }
    return ReleasedStage(**parts, groups={"north": {RATED: group, ASKED: group}, "south": {RATED: group}})


def importance(stage: ReleasedStage) -> CriterionResult:
    return stage.measures["M01"].criteria["importance"]


def with_importance(stage: ReleasedStage, **figures: Any) -> ReleasedStage:
    """The release with other figures of what was rated."""
    rated = replace(importance(stage), **figures)
    return replace(stage, measures={**stage.measures, "M01": results.measure(importance=rated)})


def without(stage: ReleasedStage, *names: str) -> ReleasedStage:
    """The release without these figures of what was asked and of what was rated."""
    nothing: dict[str, Any] = dict.fromkeys(names)
    asked = replace(stage.variables[ASKED], **nothing)
    return with_importance(replace(stage, variables={ASKED: asked}), **nothing)


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


@pytest.mark.parametrize(("kept", "taken"), [("counts", "median"), ("median", "counts")])
def test_one_figure_left_is_a_table_still(kept: str, taken: str) -> None:
    """A median may be somebody's value; none of both is nothing."""
    found = without(shown(), taken)
    assert published(found, PEOPLE)[:2] == [ASKED_OF_ALL, WHOLE]
    assert published(without(found, kept), PEOPLE) == EVERYTHING[2:]


def test_a_measure_new_in_this_round_hides_nothing_of_the_others() -> None:
    """It stands before the other, and has no comparison."""
    found, new = shown(), "M00.importance"
    found = replace(found, measures={"M00": found.measures["M01"], **found.measures})
    people = replace(PEOPLE, whole={**PEOPLE.whole, new: crowd(0, 20)})
    first = Published("round-2/M00.importance", crowd(0, 20), ("measures", "M00", "importance"))
    assert published(found, people) == [ASKED_OF_ALL, first, *EVERYTHING[1:]]


def test_a_round_without_a_round_before_has_no_shifts() -> None:
    found = with_importance(shown(), stability=replace(importance(shown()).stability, numbers=None))
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
    assert published(withhold(shown(), place), PEOPLE) == [one for one in EVERYTHING if one not in gone]


def test_withholding_takes_its_figures_and_says_why() -> None:
    found, before = shown(), shown()
    for place in [("groups", RATED), ("pairs", ASKED), STABILITY, LEAVERS, ("unpaired", ASKED)]:
        found = withhold(found, place)
    nothing = GroupBlock(n=None, median=None, shares=None, suppressed="differencing")
    assert found.groups["north"][RATED] == found.groups["south"][RATED] == nothing
    assert found.groups["north"][ASKED] == before.groups["north"][ASKED]
    assert found.pairs[ASKED] == replace(
        before.pairs[ASKED],
        n_earlier_only=None,
        median_earlier=None,
        median_later=None,
        median_shift=None,
        mean_shift=None,
        suppressed="differencing",
    )
    one, whole = importance(found), importance(before)
    assert written(one.stability)["numbers"] == {
        "pairs": 20,
        "median_shift": None,
        "net_change": None,
        "suppressed": "differencing",
    }
    withheld = {"cliff_delta": None, "suppressed": "differencing"}
    assert written(one.sensitivity) == written(whole.sensitivity) | withheld
    found = withhold(found, ("departed", "M01", "importance"))
    one = importance(found)
    assert set(written(one.sensitivity).values()) == {None, "differencing"}
    assert (one.counts, found.variables) == (whole.counts, before.variables)


@pytest.mark.parametrize("place", [("pairs", ASKED), ("unpaired", ASKED), STABILITY, LEAVERS])
def test_withholding_leaves_everything_beside_it(place: tuple[str, ...]) -> None:
    """Another measure, another criterion of the same one, another pair: all as they were."""
    before, one = shown(), importance(shown())
    measure = before.measures["M01"]
    more = replace(
        before,
        measures={"M01": replace(measure, criteria={**measure.criteria, "beside": one}), "M02": measure},
        pairs={**before.pairs, "beside": before.pairs[ASKED]},
    )
    found = withhold(more, place)
    assert found.measures["M02"] == measure and found.measures["M01"].criteria["beside"] == one
    assert found.pairs["beside"] == before.pairs[ASKED] and found != more


@pytest.mark.parametrize("place", [("measures", "M01", "importance"), ("variables", ASKED)])
def test_the_whole_panels_table_is_not_taken_back(place: tuple[str, ...]) -> None:
    found = shown()
    with pytest.raises(ValueError, match="released before"):
        withhold(found, place)
    assert found == shown()


def test_a_first_release_over_large_sets_stands() -> None:
    """Twenty, two halves of ten, and six who only rated before: nobody is fewer than five."""
    assert hold_back(shown(), PEOPLE, [], RULE) == HeldBack(shown(), ())


def test_only_tables_of_the_same_variable_tell_anything_together() -> None:
    elsewhere = [Published("round-1/M02.importance", BOTH - {3}), Published("round-1/M02.importance", BOTH)]
    held = hold_back(shown(), PEOPLE, elsewhere, RULE)
    assert held.places == (), "told before, and nothing here adds to it"


def test_what_tells_least_is_given_up_first() -> None:
    """Of those who left before those who answered twice: one was counted then and is gone now."""
    before = [Published("round-1/M01.importance", BOTH | ONLY_EARLIER | {99})]
    held = hold_back(shown(), PEOPLE, before, RULE)
    assert held.places == (LEAVERS,)
    assert importance(held.shown).stability == importance(shown()).stability
    before = [Published("round-1/M01.importance", BOTH | {99})]
    assert hold_back(shown(), PEOPLE, before, RULE).places == (LEAVERS, STABILITY)


def test_groups_go_where_they_isolate_somebody() -> None:
    groups = shown().groups
    found = replace(shown(), groups={**groups, "north": {RATED: groups["north"][RATED]}})
    few = replace(PEOPLE, groups={"north": {RATED: crowd(0, 10)}, "south": {RATED: crowd(10, 17)}})
    held = hold_back(found, few, [], RULE)
    assert held.places == (STABILITY, ("groups", RATED))
    assert held.shown.groups["north"][RATED].n is held.shown.groups["south"][RATED].n is None


def departed(has_departed: bool) -> Populations:
    of_view = Compared("pre-event/view", crowd(0, 18), crowd(18, 24), has_departed)
    of_rating = replace(PEOPLE.compared[RATED], has_departed=has_departed)
    return replace(PEOPLE, compared={RATED: of_rating, ASKED: of_view})


def test_figures_of_the_absent_stay_back_where_somebody_withdrew() -> None:
    """Set beside the rows of the earlier stage they would tell the withdrawn from the silent."""
    held = hold_back(shown(), departed(True), [], RULE)
    assert held.places == (("departed", "M01", "importance"), ("unpaired", ASKED))
    assert set(written(importance(held.shown).sensitivity).values()) == {None, "differencing"}
    pair = shown().pairs[ASKED]
    assert held.shown.pairs[ASKED] == replace(pair, n_earlier_only=None, suppressed="differencing")
    assert hold_back(shown(), departed(False), [], RULE) == HeldBack(shown(), ())


def test_withheld_once_is_enough() -> None:
    found = hold_back(shown(), departed(True), [], RULE).shown
    again = hold_back(found, departed(True), [], RULE)
    assert ("departed", "M01", "importance") not in again.places
    assert again.shown == found
