"""Any text leaves readable: encodable, XML can hold it, nothing in it hides or turns around."""

import csv
import io
import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.characters import MOST_MARKS, REPLACEMENT, boxed, clusters, hidden, one_line, plain_name, readable

ANY = st.text(
    st.characters(codec=None, categories=None)
    | st.sampled_from("\x00\x1b\x7f\x85\u2028\u202e\u2066\u200b\u200d\ufeff\ud800\udc00\ufffe\uffff\uf0b7\u0301😀ب")
)
TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(ANY)
def test_every_text_leaves_readable(text: str) -> None:
    found = readable(text)
    found.encode()
    assert ElementTree.fromstring(ElementTree.tostring(_element(found))).text in (found, None)
    assert not set(found) & (TURNING | {"\u200b", "\ufeff", "\r"})
    assert not [sign for sign in found if unicodedata.category(sign) == "Cc" and sign not in "\t\n"]
    assert readable(found) == found


def _element(text: str) -> ElementTree.Element:
    element = ElementTree.Element("text")
    element.text = text
    return element


@given(ANY)
def test_one_line_is_one_line(text: str) -> None:
    found = one_line(text)
    assert len(found.splitlines()) <= 1
    assert found == found.strip()
    assert len(next(csv.reader(io.StringIO(f'"{found.replace(chr(34), "")}"')), [""])) == 1


@given(st.text(st.characters(categories=["L", "N", "P", "Zs", "Sm", "Sc"]), max_size=60))
def test_letters_of_every_script_stay(text: str) -> None:
    assert readable(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("\uf0b7 first\n\uf0a7 second \uf0e0 third", "• first\n▪ second → third"),
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
        ("ill\u202etxt.exe\u202c", "illtxt.exe"),
        ("a\u200bb\ufeffc\u2060d\u200de", "abcde"),
        ("half \ud83d and never \ufffe", f"half {REPLACEMENT} and never {REPLACEMENT}"),
        ("NUL \x00, escape \x1b[2J", "NUL , escape [2J"),
        ("👩‍👩‍👧 и क्‍ष می‌خواهم", "👩‍👩‍👧 и क्‍ष می‌خواهم"),
        ("Z" + "\u0315" * 300, "Z" + "\u0315" * MOST_MARKS),
        ("a\u0301 ế 中文 한국어", "a\u0301 ế 中文 한국어"),
        ("tab\tstays", "tab\tstays"),
    ],
)
def test_what_becomes_of(text: str, left: str) -> None:
    assert readable(text) == left


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Anna Müller", []),
        ("Zoë O’Neill-Čapek", []),
        ("نرگس می‌خواهد", []),
        ("Анна\u00a0Петрова", []),
        ("\u202eannA", ["U+202E RIGHT-TO-LEFT OVERRIDE"]),
        ("An\u200bna", ["U+200B ZERO WIDTH SPACE"]),
        ("An\u200dna", ["U+200D ZERO WIDTH JOINER"]),
        ("An\u00adna\u3164", ["U+00AD SOFT HYPHEN", "U+3164 HANGUL FILLER"]),
        ("Anna\ud800", ["U+D800"]),
        ("Anna\nBcc: x", ["U+000A LINE FEED"]),
        ("Anna \uf0b7", ["U+F0B7"]),
    ],
)
def test_a_name_that_hides_something_is_told_by_it(name: str, found: list[str]) -> None:
    assert hidden(name) == found


def test_a_name_in_two_spellings_is_one() -> None:
    assert plain_name(" Zoe\u0308  \u00a0Smith ") == plain_name("Zo\u00eb Smith") == "Zoë Smith"


@given(ANY)
def test_clusters_are_the_text_cut(text: str) -> None:
    assert "".join(clusters(text)) == text
    assert all(clusters(text))


def test_a_cluster_is_not_torn() -> None:
    assert list(clusters("ae\u0301👩‍👩‍👧🤝🏽")) == ["a", "e\u0301", "👩‍👩‍👧", "🤝🏽"]


def test_what_no_font_holds_becomes_a_box_with_its_code() -> None:
    assert boxed("good \U0010fffd day", {"\U0010fffd"}) == "good ▯U+10FFFD day"
    assert boxed("a\u0903b", {"a\u0903"}) == "a▯U+0903b"
    assert boxed("nothing odd", {"x"}) == "nothing odd"
