"""Names read from files: what looks the same is one, what is alike is told."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.ratings_file.names import clean, folded
from analysis.ratings_file.round_order import OrderBy, RoundsUnclear, in_order

INVISIBLE = st.sampled_from(["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u202e"])


@given(st.text(min_size=1), INVISIBLE, st.sampled_from([" ", "\u00a0", "\u2003", "\t"]))
def test_what_cannot_be_seen_makes_no_difference(name: str, sign: str, blank: str) -> None:
    known = clean(name)
    assert clean(blank + known + sign + blank) == known
    assert clean(unicodedata.normalize("NFD", known)) == known
    assert clean(known) == known


@pytest.mark.parametrize(("one", "two"), [("M01", "M1"), ("E1", "e1"), ("1", "1.0"), ("007", "7"), ("Ａ1", "a1")])
def test_what_is_most_likely_one_is_alike(one: str, two: str) -> None:
    assert clean(one) != clean(two) and folded(clean(one)) == folded(clean(two))


@pytest.mark.parametrize(("one", "two"), [("M10", "M1"), ("1.5", "1"), ("M1", "N1"), ("1.10", "1.1"), ("10", "1")])
def test_what_differs_is_not_alike(one: str, two: str) -> None:
    assert folded(one) != folded(two)


@pytest.mark.parametrize(
    "names",
    [
        ("1", "2", "10"),
        ("Round 1", "Round 2", "Round 10"),
        ("Round One", "Round Two", "Round Three"),
        ("first round", "second round", "third round"),
        ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"),
        ("round II", "round IX"),
        ("2019-wave", "2020-wave"),
    ],
)
def test_numbers_decide_in_any_order_of_rows(names: tuple[str, ...]) -> None:
    assert in_order(names[::-1]) == (list(names), OrderBy.NUMBERS)
    assert in_order(sorted(names)) == (list(names), OrderBy.NUMBERS)


@pytest.mark.parametrize("names", [("pre", "post"), ("before", "after"), ("spring", "autumn"), ("b", "a", "c")])
def test_without_numbers_the_first_met_is_first(names: tuple[str, ...]) -> None:
    assert in_order(names) == (list(names), OrderBy.APPEARANCE)


@pytest.mark.parametrize("names", [("post", "pre"), ("After the event", "Before the event"), ("follow-up", "baseline")])
def test_names_that_tell_another_order_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(RoundsUnclear) as refused:
        in_order(names)
    assert (refused.value.code, refused.value.rounds) == ("names_say_otherwise", list(names))
    assert in_order(names, names[::-1]) == (list(names[::-1]), OrderBy.DECLARED)


def test_an_order_that_is_not_that_of_the_file_is_refused() -> None:
    with pytest.raises(RoundsUnclear, match="undeclared: c"):
        in_order(("a", "c"), ("a", "b"))
    with pytest.raises(RoundsUnclear, match="not_there: b"):
        in_order(("a",), ("a", "b"))


@given(st.lists(st.text(st.sampled_from("0123ivxone ab"), min_size=1), unique=True, max_size=6))
def test_an_order_keeps_every_round(names: list[str]) -> None:
    names = list(dict.fromkeys(clean(name) for name in names if clean(name)))
    try:
        found, _ = in_order(names)
    except RoundsUnclear:
        return
    assert sorted(found) == sorted(names)
