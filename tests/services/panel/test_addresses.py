"""Addresses and names as people type them."""

import pytest

from consult.services.panel.addresses import in_ascii, is_address, name_refusal, refusal


@pytest.mark.parametrize("text", ["anna@example.org", "a.b+c@sub.example.co.uk", "x@xn--bcher-kva.example"])
def test_an_address_that_every_server_takes_is_one(text: str) -> None:
    assert is_address(text) and refusal(text) is None


@pytest.mark.parametrize("text", ["", "anna", "anna@", "@example.org", "anna berg@example.org", "anna@example"])
def test_what_is_no_address_is_told_how_to_mend_it(text: str) -> None:
    found = refusal(text)
    assert not is_address(text) and found is not None
    assert found[0] == "is not an e-mail address" and "anna@example.org" in found[1]


def test_an_address_is_as_long_as_the_column_that_keeps_it() -> None:
    """RFC 5321 allows 254 characters."""
    domain = ".".join(["x" * 60] * 3) + ".org"
    longest = "a" * (254 - len(domain) - 1) + "@" + domain
    assert len(longest) == 254 and is_address(longest) is (len(longest.partition("@")[0]) <= 64)
    assert not is_address("a" + longest)


def test_a_foreign_domain_is_offered_as_the_network_writes_it() -> None:
    """bücher is the example of RFC 3492."""
    assert in_ascii("anna@bücher.example") == "anna@xn--bcher-kva.example"
    assert refusal("anna@bücher.example") == ("has a domain in other letters", "write anna@xn--bcher-kva.example")
    assert in_ascii("anna@example.org") is None, "nothing to offer"
    assert in_ascii("änna@example.org") is None, "the name itself is foreign"
    assert in_ascii("anna@-bücher-.example") is None


def test_a_name_that_hides_something_says_what() -> None:
    assert name_refusal("Anna Berg") is None
    found = name_refusal("Anna\u202eBerg")
    assert found is not None and "202E" in found.upper()
