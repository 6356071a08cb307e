"""A token is found again behind whatever mail and people add to an address."""

from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from consult.services.access.tokens import LENGTH, bare, new_token, token_hash

BREAKS = st.text(alphabet="= \n\r\t\u00a0\u200b\u2060\ufeff\u00ad\u2028", max_size=4)
ALPHABET = st.text(alphabet="ABCXYZabcxyz0189_-", min_size=LENGTH, max_size=LENGTH)


def test_a_token_has_its_length_and_no_two_are_alike() -> None:
    drawn = {new_token() for _ in range(500)}
    assert len(drawn) == 500
    assert {len(token) for token in drawn} == {LENGTH}
    assert all(bare(token) == token for token in drawn)


@given(token=ALPHABET, cut=st.integers(0, LENGTH), inside=BREAKS, behind=st.text(max_size=30), twice=st.integers(0, 1))
def test_nothing_added_loses_the_token(token: str, cut: int, inside: str, behind: str, twice: int) -> None:
    spoilt = token[:cut] + inside + token[cut:] + behind.replace("%", "")
    for _ in range(twice):
        spoilt = quote(spoilt, errors="replace")
    assert bare(spoilt)[:LENGTH] == token


@given(st.text())
def test_whatever_stands_in_an_address_gives_a_token_or_none(text: str) -> None:
    found = bare(text)
    assert all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in found)
    assert len(token_hash(found)) == 64


def test_a_changed_character_is_another_token() -> None:
    """Mending leaves out; it never guesses."""
    token = new_token()
    assert bare(token[:-1]) != token
    assert bare(token.swapcase()) == token.swapcase()
