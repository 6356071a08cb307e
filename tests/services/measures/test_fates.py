"""What became of a measure: every wording, and every fate with the stage it follows."""

from consult.services.measures.fates import fates, versions
from tests.services.conftest import World
from tests.services.measures.changing import add, drop, find, hold, merge, reword


def told(world: World, key: str) -> list[tuple[str, str | None, str | None]]:
    return [(one.fate.fate, one.stage, one.into) for one in fates(world.session, find(world, key))]


def test_wordings_come_the_newest_first(few: World) -> None:
    reword(few, "L3", "Second", is_substantive=False)
    reword(few, "L3", "Third", is_substantive=True)
    found = versions(few.session, find(few, "L3"))
    assert [(one.number, one.content["text"]["en"], one.is_pairable) for one in found] == [
        (3, "Third", False),
        (2, "Second", True),
        (1, found[-1].content["text"]["en"], True),
    ]
    assert [one.number for one in versions(few.session, find(few, "L4"))] == [1]


def test_fates_come_the_oldest_first_each_after_its_stage(few: World) -> None:
    assert told(few, "L3") == []
    reword(few, "L3", "Before any round", is_substantive=True)
    hold(few, 1)
    reword(few, "L3", "After the first", is_substantive=False)
    hold(few, 2)
    drop(few, "L3")
    assert told(few, "L3") == [
        ("reworded", None, None),
        ("reworded", "round-1", None),
        ("carried", "round-1", None),
        ("dropped", "round-2", None),
    ]


def test_a_merger_is_told_of_both(few: World) -> None:
    merge(few, "L4", "L1")
    assert (told(few, "L4"), told(few, "L1")) == ([("merged", None, "L1")], [("reworded", None, None)])
    added = add(few)
    assert told(few, added.key) == [("added", None, None)]
