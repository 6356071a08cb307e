"""Nobody can be worked out from all releases together; each known way of leaking is caught."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.disclosure.differencing import People, Published, audit, fewest_alike
from analysis.disclosure.floors import release
from analysis.disclosure.ledger import OF_ABSENT, Compared, HeldBack, Populations, hold_back, published
from analysis.model.stage import ReleasedStage
from analysis.result import stage as whole
from analysis.result.stage import stage_result
from tests.analysis.consultation import PROTOCOL, histogram, measure, pair_table, reask, stage, variable
from tests.analysis.histories import RULE, history, isolated, leaks
from tests.sizes import size

HISTORIES = size("HISTORIES")
"""How many random histories are gone through; 10,000 take about twenty minutes."""


def people(*numbers: int) -> People:
    return frozenset(numbers)


def first(size: int) -> People:
    return frozenset(range(size))


def over(*sets: People) -> list[Published]:
    return [Published("round-1/M01.importance", one) for one in sets]


@pytest.fixture(autouse=True)
def _without_what_is_never_released(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exact tests of groups stand under ``hidden``; they would be most of the time here."""
    monkeypatch.setattr(whole, "subgroups_result", lambda *_: {})
    monkeypatch.setattr(whole, "attrition_result", lambda *_: {})


# The audit itself


@pytest.mark.parametrize(
    ("sets", "found"),
    [
        ([first(25)], []),
        ([first(25), first(24)], [people(24)]),  # a live dashboard: the last to answer
        ([first(25), first(23)], [people(23, 24)]),  # those who stayed: the two who left
        ([first(25), first(20)], []),
        ([first(25), first(10), frozenset(range(10, 19))], []),  # regions of 10, 9 and 6
        ([first(25), first(10), frozenset(range(10, 21))], [people(21, 22, 23, 24)]),
        # no two of these differ by one person, all three together do
        # no two of these differ by few, all three together do
        ([first(12), frozenset(range(12, 18)), first(19)], [people(18)]),
    ],
)
def test_groups_that_sums_and_differences_isolate(sets: list[People], found: list[People]) -> None:
    assert [one.people for one in audit(over(*sets), 5) if one.insider is None] == found


def test_an_own_answer_is_worth_something_to_who_stands_alone() -> None:
    """Eight and nine others: with the ninth's own answer the tables of eleven give away two."""
    sets = (first(8), first(11) - people(8))
    found = [one for one in audit(over(*sets), 5) if one.insider is None]
    assert [one.people for one in found] == [people(9, 10)]
    crossed = (first(8) | people(8), first(8) | people(9), first(8))
    assert {one.people for one in audit(over(*crossed), 5)} >= {people(8), people(9)}
    alone = (first(6) | people(6), frozenset(range(6, 9)) | frozenset(range(20, 26)), frozenset(range(20, 26)))
    by_insider = [one for one in audit(over(*alone), 5) if one.insider is not None]
    assert (people(7, 8), 6) in [(one.people, one.insider) for one in by_insider]


# Row files


def test_a_table_beside_the_rows_of_all_but_one_gives_the_one() -> None:
    name = "round-1/M01.importance"
    assert [one.people for one in audit(over(first(25)), 5, {name: first(24)})] == [people(24)]
    assert audit(over(first(25)), 5, {name: first(25)}) == []
    assert audit(over(first(25)), 5, {"round-1/M02.importance": first(24)}) == []
    assert audit(over(first(25), first(24)), 5, {name: first(25)}) == [], "rows tell all of it"


@pytest.mark.parametrize(
    ("files", "fewest"),
    [
        ([], 0),
        ([dict.fromkeys(first(22), 0)], 22),
        ([dict.fromkeys(first(22), 0), dict.fromkeys(first(20), 0)], 2),
        ([dict.fromkeys(first(22), 0), dict.fromkeys(first(19), 0)], 3),
        ([{one: one % 2 for one in first(22)}, dict.fromkeys(first(19), 0)], 1),
        ([dict.fromkeys(first(22), None), dict.fromkeys(first(19), 0)], 3),
        # away in the second, back in the third: alone, though nobody is absent from the last
        ([dict.fromkeys(first(9), 0), dict.fromkeys(first(8), 0), dict.fromkeys(first(9), 0)], 1),
    ],
)
def test_how_many_people_row_files_leave_alike(files: list[dict[int, object]], fewest: int) -> None:
    assert fewest_alike(files) == fewest


def test_figures_of_the_absent_stay_back_where_somebody_departed() -> None:
    key = "M01.importance"
    there = Compared(f"round-1/{key}", first(20), people(20, 21, 22, 23, 24, 25), True)
    given = Populations({key: first(20)}, {}, {key: there})
    table = pair_table([(5, 5)] * 14, left=[5] * 6)
    rated = measure("M01", [5] * 20)
    rated = replace(rated, criteria={"importance": histogram(*[5] * 20)}, previous={"importance": table})
    carried = {("M01", "importance"): histogram(*[5] * 26)}
    asked = replace(reask([(5, 5)] * 14), key=key, table=table)
    of_round = stage(rated, pairs=(asked,), last_value_carried=carried)
    held = hold_back(release(stage_result(PROTOCOL, of_round), RULE), given, [], RULE)
    assert held.places == (("departed", "M01", "importance"), ("unpaired", key))
    found = held.shown.measures["M01"].criteria["importance"].sensitivity
    assert {getattr(found, name) for name in OF_ABSENT} == {None} and found.suppressed == "differencing"
    pair = held.shown.pairs[key]
    assert (pair.n_earlier_only, pair.same, pair.suppressed) == (None, 14, "differencing")


SETS = st.lists(st.frozensets(st.integers(0, 11)), min_size=1, max_size=5)


@given(SETS)
@settings(max_examples=150, deadline=None)
def test_the_audit_finds_what_a_search_person_by_person_finds(sets: list[People]) -> None:
    found = audit(over(*sets), 5)
    assert {one.people for one in found if one.insider is None} == set(isolated(sets))
    told = {people for groups in leaks(over(*sets)).values() for people in groups}
    assert bool(found) == bool(told)


# What the product releases


def test_random_histories_give_nobody_away() -> None:
    """Panels of 10 to 60, up to five stages, people who skip, leave and withdraw in between."""
    given_away = {seed: found for seed in range(HISTORIES) if (found := leaks(history(seed)))}
    assert given_away == {}


def _live(shown: ReleasedStage, sets: Populations, ledger: list[Published]) -> None:
    """A dashboard that is watched while answers come in."""
    for table in published(shown, sets):
        ledger += [table, Published(table.variable, table.people - {max(table.people)})]


def _stayers(shown: ReleasedStage, sets: Populations, ledger: list[Published]) -> None:
    """Earlier ratings shown again for those who came back."""
    ledger += published(shown, sets)
    ledger += [Published(one.variable, one.both) for one in sets.compared.values()]


def _again(shown: ReleasedStage, sets: Populations, ledger: list[Published]) -> None:
    """A release repeated after somebody withdrew."""
    ledger += published(shown, sets)
    ledger += [Published(table.variable, table.people - {min(table.people)}) for table in published(shown, sets)]


def _by_floors_alone(shown: ReleasedStage, sets: Populations, ledger: list[Published]) -> None:
    """What one stage's numbers allow, blind to who withdrew since an earlier release."""
    ledger += published(shown, sets)


@pytest.mark.parametrize("seeded", [_live, _stayers, _again, _by_floors_alone])
def test_a_seeded_leak_is_caught(seeded: Any) -> None:
    caught = 0
    for seed in range(40):
        tables = history(seed, releasing=seeded)
        found = leaks(tables)
        assert bool(found) == bool(audit(tables, RULE.subgroup)), seed
        caught += bool(found)
    assert caught > 3


def test_a_change_is_withheld_where_it_would_tell_who_withdrew() -> None:
    """25 answered first, one withdrew, 24 are compared: their change and the first table tell all
    of the one, and nothing in the later stage's own numbers shows it."""
    given = stage(variables=(variable("POST-10.x", *[5] * 24),), pairs=(reask([(4, 5)] * 24),), submitted=24)
    shown = release(stage_result(PROTOCOL, given), RULE)
    assert shown.pairs["POST-10.x"].mean_shift == 1
    before = [Published("pre-event/PRE-21.x", first(25))]
    sets = Populations(
        whole={"POST-10.x": first(24)}, compared={"POST-10.x": Compared("pre-event/PRE-21.x", first(24), people())}
    )
    held = hold_back(shown, sets, before, RULE)
    assert held.places == (("pairs", "POST-10.x"),)
    pair = held.shown.pairs["POST-10.x"]
    assert (pair.mean_shift, pair.median_earlier) == (None, None)
    assert pair.suppressed == "differencing" and pair.up == 24
    assert hold_back(held.shown, sets, before, RULE) == HeldBack(held.shown, ())


def test_the_whole_panel_is_released_once() -> None:
    shown = release(stage_result(PROTOCOL, stage(variables=(variable("x", *[5] * 24),))), RULE)
    before = [Published("round-2/x", first(25))]
    with pytest.raises(ValueError, match="released before"):
        hold_back(shown, Populations(whole={"x": first(24)}), before, RULE)
