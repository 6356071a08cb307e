"""What keeping a former answer would say again."""

import pytest

from consult.services.answering.feedback_types import CriterionFeedback


@pytest.mark.parametrize(
    ("own", "words", "kept"), [(7, None, "7"), (None, "dont_know", "no:dont_know"), (None, None, None)]
)
def test_what_can_be_kept_is_told_as_it_is_typed(own: int | None, words: str | None, kept: str | None) -> None:
    one = CriterionFeedback(n=9, median=7, q1=6, q3=8, counts=None, own=own, own_words=words)
    assert one.kept == kept
