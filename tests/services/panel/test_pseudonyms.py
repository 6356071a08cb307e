"""Pseudonyms: random, readable, and given once."""

import re

import pytest

from consult.services.panel import pseudonyms
from consult.services.panel.pseudonyms import new_pseudonym, new_pseudonyms
from tests.services.conftest import MakeWorld, World


def test_a_pseudonym_has_five_letters_that_are_not_mistaken(world: World) -> None:
    found = {new_pseudonym(world.session, world.consultation.id) for _ in range(300)}
    assert len(found) > 290, "27^5 are fourteen millions"
    assert all(re.fullmatch(r"P-[2-9BCDFGHJKMNPQRSTVWXZ]{5}", one) for one in found)


def test_one_that_is_taken_here_is_drawn_again(make_world: MakeWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = make_world(1), make_world(1, slug="other")
    one.experts[0].pseudonym = "P-BBBBB"
    one.session.flush()
    drawn = iter("BBBBB" + "CCCCC" + "BBBBB")
    monkeypatch.setattr(pseudonyms.secrets, "choice", lambda letters: next(drawn))
    assert new_pseudonym(one.session, one.consultation.id) == "P-CCCCC"
    assert new_pseudonym(other.session, other.consultation.id) == "P-BBBBB", "names are of one consultation"


def test_many_at_once_are_all_different_and_none_is_given_already(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.experts[0].pseudonym = "P-BBBBB"
    world.session.flush()
    drawn = iter("BBBBB" + "CCCCC" + "CCCCC" + "DDDDD")
    monkeypatch.setattr(pseudonyms.secrets, "choice", lambda letters: next(drawn))
    assert new_pseudonyms(world.session, world.consultation.id, 2) == ["P-CCCCC", "P-DDDDD"]
