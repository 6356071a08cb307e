"""The bytes of a panel file: UTF-8 or refused in clear words."""

import pytest

from consult.errors import PanelInvalid
from consult.services.panel.decoding import decoded
from consult.services.panel.panel_file import read_panel
from tests.services.conftest import town_library
from tests.services.panel.test_panel_file import GOOD, HEADER


@pytest.mark.parametrize(("encoding", "line"), [("latin-1", 3), ("cp1252", 3), ("utf-16", 1)])
def test_another_encoding_is_refused_in_clear_words(encoding: str, line: int) -> None:
    text = f"{HEADER}\n{GOOD}\n{GOOD.replace('Anna Berg', 'Zoë Øst')}\n"
    with pytest.raises(PanelInvalid) as refused:
        read_panel(town_library(), text.encode(encoding))
    (problem,) = refused.value.problems
    assert problem.line == line
    assert "UTF-8" in problem.message
    assert "UTF-8" in problem.fix


def test_text_comes_back_with_and_without_a_mark_of_utf8() -> None:
    for data in ("Zoë;Øst\r\n".encode(), "Zoë;Øst\r\n".encode("utf-8-sig")):
        assert decoded(data) == "Zoë;Øst\r\n"


def test_a_file_is_as_large_as_two_megabytes_and_no_larger() -> None:
    assert len(decoded(b"x" * 2_000_000)) == 2_000_000
    with pytest.raises(PanelInvalid) as refused:
        decoded(b"x" * 2_000_001)
    (problem,) = refused.value.problems
    assert "larger than 2 MB" in problem.message


def test_the_line_of_the_first_wrong_byte_is_named() -> None:
    with pytest.raises(PanelInvalid) as refused:
        decoded(b"one\ntwo\nth\xf6ne\nfo\xfcr\n")
    (problem,) = refused.value.problems
    assert (problem.file, problem.line) == ("panel.csv", 3)
