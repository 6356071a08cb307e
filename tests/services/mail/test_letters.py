"""Letters that came by somebody's link: kept for the secretariat, a few of each link, and deleted."""

import pytest

from consult.errors import NotFound, NotPossible
from consult.models import Expert, Letter
from consult.services import journal
from consult.services.mail import letters
from tests.services.conftest import MakeWorld, World


def write(world: World, expert: Expert, text: str = "Please ask Berta too") -> Letter:
    return letters.write(world.session, expert, "message", name="Berta", email="berta@example.org", text=text)


def acts(world: World) -> list[tuple[str, dict[str, object]]]:
    return [(entry.act, entry.facts) for entry in journal.entries(world.session, world.consultation.id)]


def test_letters_are_received_the_oldest_first_with_whose_link_it_was(world: World) -> None:
    first, second, _ = world.experts
    for expert, text in ((second, "One"), (first, "Two")):
        write(world, expert, text)
    found = letters.received(world.session, world.consultation)
    assert [(one.letter.text, one.code) for one in found] == [("One", second.code), ("Two", first.code)]
    assert (found[0].letter.name, found[0].letter.email, found[0].letter.kind) == (
        "Berta",
        "berta@example.org",
        "message",
    )
    assert letters.waiting(world.session, world.consultation) == 2
    assert acts(world)[-1] == ("letter", {"kind": "message"}), "the journal names nobody"


def test_of_one_link_only_five_wait(world: World) -> None:
    one, other, _ = world.experts
    for _ in range(5):
        write(world, one)
    with pytest.raises(NotPossible, match="too_many_letters"):
        write(world, one)
    write(world, other)
    assert letters.waiting(world.session, world.consultation) == 6
    handle = letters.received(world.session, world.consultation)[0].letter.handle
    letters.delete_letter(world.session, world.consultation, handle, "anna")
    write(world, one, "There is room again")


def test_a_letter_is_deleted_once_and_in_its_consultation(make_world: MakeWorld) -> None:
    one, other = make_world(1), make_world(1, slug="other")
    handle = write(one, one.experts[0]).handle
    write(other, other.experts[0])
    with pytest.raises(NotFound, match="no_such_letter"):
        letters.delete_letter(one.session, other.consultation, handle, "anna")
    letters.delete_letter(one.session, one.consultation, handle, "anna")
    assert letters.received(one.session, one.consultation) == []
    assert letters.waiting(one.session, other.consultation) == 1
    assert acts(one)[-1] == ("delete letter", {"kind": "message"})
    with pytest.raises(NotFound):
        letters.delete_letter(one.session, one.consultation, handle, "anna")
