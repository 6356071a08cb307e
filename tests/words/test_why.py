"""What played a part is told of those who answered, and by a dash where too few did."""

from analysis.model.stage import WhyCounts, WhyResult
from analysis.protocol.states import WhyChanged
from consult.words.catalogues import catalogue
from consult.words.why import WHY_CHANGED, heads, rows

ENGLISH = catalogue("en")


def why(people: int, named: dict[WhyChanged, int] | None) -> WhyResult:
    return WhyResult(
        changed=WhyCounts(people=9, named={WhyChanged.SLIP: 9}), stayed=WhyCounts(people=people, named=named)
    )


def test_every_answer_has_words_and_a_row() -> None:
    assert set(WHY_CHANGED) == set(WhyChanged)
    found = rows(why(8, {WhyChanged.REASON_READ: 8}), ENGLISH)
    assert [row.label for row in found] == list(WHY_CHANGED.values())
    counted = {row.label: (row.changed, row.stayed) for row in found if (row.changed, row.stayed) != ("0", "0")}
    assert counted == {"A reason I read here": ("0", "8"), "One of the two ratings was a slip": ("9", "0")}


def test_what_is_withheld_is_a_dash_in_its_column_only() -> None:
    found = rows(why(7, None), ENGLISH)
    assert {row.stayed for row in found} == {"–"}
    assert {row.changed for row in found} == {"0", "9"}


def test_the_heads_count_who_answered() -> None:
    assert heads(why(8, {}), ENGLISH) == ("changed rating: of 9 who answered", "kept rating: of 8 who answered")
