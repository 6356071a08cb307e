"""What was used last stays, and no more of it than was said."""

import threading

from hypothesis import given
from hypothesis import strategies as st

from consult.recent import Recent


def test_what_was_asked_for_longest_ago_goes_first() -> None:
    kept: Recent[str] = Recent(2)
    kept.put("a", "A")
    kept.put("b", "B")
    assert kept.get("a") == "A"
    kept.put("c", "C")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("A", None, "C")
    kept.put("a", "A again")
    assert kept.get("a") == "A again" and len(kept) == 2


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9))), st.integers(1, 5))
def test_it_is_as_if_only_the_last_used_had_ever_been_there(acts: list[tuple[bool, int]], at_most: int) -> None:
    kept: Recent[int] = Recent(at_most)
    used: list[int] = []
    for is_put, key in acts:
        if is_put:
            kept.put(key, -key)
        elif key not in used:
            assert kept.get(key) is None
            continue
        else:
            assert kept.get(key) == -key
        used = [*(one for one in used if one != key), key][-at_most:]
    assert len(kept) == len(used) <= at_most


def test_threads_do_not_disturb_each_other() -> None:
    kept: Recent[int] = Recent(50)
    wrong: list[int] = []

    def work() -> None:
        for number in range(2_000):
            kept.put(number % 100, number % 100)
            if kept.get(number % 70) not in (None, number % 70):
                wrong.append(number)

    several = [threading.Thread(target=work) for _ in range(4)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    assert wrong == [] and len(kept) == 50
