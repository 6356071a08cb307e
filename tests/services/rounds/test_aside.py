"""A round without some of its raters: their ratings are counted, the others' are the tables."""

from analysis.protocol.protocol import Band, Scale
from consult.services.rounds.aside import Pairs, is_rated, paired, set_aside

SCALE = Scale("s", 1, 5, (Band("low", 1, 2), Band("high", 4, 5)), ("dont_know",), "ordinal")
PAIRS: Pairs = {
    1: ((5, None), (4, None)),
    2: ((1, None), (1, None)),
    3: (None, (2, None)),
    4: ((3, None), (None, "dont_know")),
}


def test_the_others_stay() -> None:
    found = set_aside(PAIRS, {1, 4}, SCALE)
    assert (found.ratings, found.people) == (1, 2)
    assert found.others.counts.tolist() == [1, 1, 0, 0, 0]
    assert found.pairs is not None and found.pairs.n == 1


def test_without_an_earlier_round_there_are_no_pairs() -> None:
    assert set_aside(PAIRS, {1}, SCALE, is_compared=False).pairs is None


def test_who_answered_in_one_round_only_is_paired_with_nothing() -> None:
    found = paired({1: {"a": (5, None)}}, {2: {"a": (3, None)}}, "a")
    assert found == {1: ((5, None), None), 2: (None, (3, None))}


def test_a_no_answer_is_no_rating() -> None:
    assert [is_rated(given) for given in (None, (None, "dont_know"), (3, None))] == [False, False, True]
