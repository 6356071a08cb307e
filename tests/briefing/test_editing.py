"""An editor's words are merged into every form, cited like all others, and never lost."""

import pytest

from consult.briefing import html
from consult.briefing.contents import build
from consult.briefing.editing import read_notes, skeleton
from consult.briefing.model import Briefing, Heading, Listing, Paragraph
from consult.errors import NotPossible
from consult.words.refusals import in_english
from tests.briefing.made import made

KEY = "round-3 M01 importance n=18"
NOTES = f"""<!-- a comment
over two lines -->
## summary
The ministry asked for this: 15 of 18 [{KEY}] said so,
see [S1].

- one
- two [{KEY}]

### In short

## measures ru
Только по-русски.

## accord
I1: Votes would have hidden the reasons.

O3: The Union, 100 000 euro.
"""


def merged(notes: str = NOTES, language: str = "en") -> Briefing:
    return build(made("ndpc-2020", language=language), notes)


def test_words_open_their_section() -> None:
    blocks = merged().sections[0].blocks
    first, bullets, title = blocks[:3]
    assert isinstance(first, Paragraph) and first.kind == "editor"
    assert [run.source for run in first.line] == [KEY, ""]
    assert "".join(run.text for run in first.line) == ("The ministry asked for this: 15 of 18 said so, see [S1].")
    assert isinstance(bullets, Listing) and len(bullets.items) == 2
    assert title == Heading("In short")
    assert blocks[3:] == build(made("ndpc-2020")).sections[0].blocks


def test_sources_that_are_cited_resolve() -> None:
    assert KEY in {entry.key for entry in merged().sources}
    assert "Votes would have hidden the reasons." in html.render(merged(), "en")


def test_words_for_one_language_stay_there() -> None:
    assert "Только по-русски." in html.render(merged(language="ru"), "ru")
    assert "Только по-русски." not in html.render(merged(), "en")


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ("Nowhere\n", "line 1: words before the first section"),
        ("## summary\nx\n\n## nothing\ny\n", "line 4: there is no section 'nothing'"),
        ("## accord\nnot a line\n", "line 2: a line of the checklist"),
    ],
)
def test_words_that_fit_nowhere_are_refused(notes: str, words: str) -> None:
    with pytest.raises(NotPossible) as refused:
        merged(notes)
    assert in_english(refused.value).startswith(words)


def test_the_empty_file_changes_nothing_and_names_every_section() -> None:
    plain = build(made("ndpc-2020"))
    empty = skeleton(plain)
    assert merged(empty) == plain
    assert all(f"## {section.key}\n" in empty for section in plain.sections)
    assert f"[{KEY}]" in empty
    assert read_notes(empty, "en").pieces == {}
