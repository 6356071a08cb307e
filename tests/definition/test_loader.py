"""A folder is read strictly, its mistakes are reported all at once and in plain words."""

import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.definition.loader import load, load_text
from consult.errors import DefinitionInvalid
from tests.definition.overlays import BASE

TOWN_LIBRARY = Path(__file__).parents[1] / "consultations" / "town-library"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASE, tmp_path / "folder"))


def _change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def _said(folder: Path) -> list[str]:
    with pytest.raises(DefinitionInvalid) as refused:
        load(folder)
    return [str(problem) for problem in refused.value.problems]


QUESTION = "text: Where do you live?"
COMMA = "write a value, or delete the line; a text with a comma inside { } needs quotes"
QUOTE = "put the text in double quotes"

FILES = [
    # What is typed instead of the question's text, and what is said about line 10.
    ("text:", f"nothing is written after 'text:'; {COMMA}"),
    ("text: ''", f"nothing is written after 'text:'; {COMMA}"),
    ("text: null", f"nothing is written after 'text:'; {COMMA}"),
    ("text: {en: Well, where?}", f"nothing is written after 'where?:'; {COMMA}"),
    ("text: Where: do you live?", f"there is a second ': ' in the text of this line; {QUOTE}"),
    (
        "text: 'Where's home?'",
        "text goes on after the closing quotation mark (an apostrophe inside '…' ends the text); " + QUOTE,
    ),
    ('text: "Where?', "a quotation mark is opened here and never closed; close the quotation"),
    ("text: {date before.opens} it?", f"a text cannot begin with {{; {QUOTE}"),
    ("text: {date before.opens}", f"a text cannot begin with {{; {QUOTE}"),
    ("text: @home", f"a text cannot begin with @; {QUOTE}"),
    ("text: 50 % of it", None),
    ("text: %of it", f"a text cannot begin with %; {QUOTE}"),
    ("text Where?", "there is no colon after the key in this line; write 'key: value'"),
    ("\ttext: Where?", "the line is indented with a tab; use spaces"),
    ("text: Where?\x07", "there is an invisible control character in this line; type the line again"),
    (
        "text: Where\u2028do you live?",
        "there is an invisible line separator in this line; delete it or type the line again",
    ),
    ("text: &home Where?", "'&home' names this place; leave the name out, or put a text that starts with & in quotes"),
    (
        "text: *home",
        "'*home' refers to another place; write the content out here, or put a text that starts with * in quotes",
    ),
    (
        "text: !!str Where?",
        "the tag '!!str' is not used here; leave it out, or put a text that starts with ! in quotes",
    ),
    (
        "text: [one, two]",
        "'text' is a text for readers but a list is written; write plain text, or one text for "
        "each language like {en: …, ru: …}",
    ),
    ("txt: Where?", "'txt' is not a known key here; did you mean 'text'?"),
]


@pytest.mark.parametrize(("typed", "said"), FILES, ids=[typed for typed, _ in FILES])
def test_a_mistake_gives_one_line_that_says_how_to_mend_it(folder: Path, typed: str, said: str | None) -> None:
    _change(folder, "before.yaml", QUESTION, typed)
    if said is None:
        assert load(folder).questions
    else:
        assert _said(folder) == [f"before.yaml:10: {said}"]


FORM = [
    ("before.yaml", "type: rank", "type: ranc", 45, "there is no question type 'ranc'; did you mean 'rank'?"),
    (
        "before.yaml",
        "type: rank\n",
        "kind: rank\n",
        45,
        "the question has no type; add a line 'type: …', for instance 'type: single'",
    ),
    ("before.yaml", "total: 10", "total: ten", 55, "'total' must be a whole number, not 'ten'"),
    ("before.yaml", "total: 10", "total: 0", 55, "'total' cannot be '0'; it must be more than 0"),
    (
        "before.yaml",
        "required: false\n        repeat",
        "required: perhaps\n        repeat",
        69,
        "'required' must be true or false, not 'perhaps'",
    ),
    (
        "before.yaml",
        "disclosure: never",
        "disclosure: secret",
        13,
        "'disclosure' cannot be 'secret'; write one of: open, grouped, never",
    ),
    (
        "before.yaml",
        "options: {list: places}",
        "options: places",
        11,
        "'options' must be a block "
        "of 'key: value' lines, not 'places'; write a list in place, or a source like "
        "{list: name-of-the-list}",
    ),
    (
        "before.yaml",
        "{question: liking, at_least: 4}",
        "{question: liking}",
        61,
        "name one test beside 'question': is, in, includes, excludes, at_least or answered",
    ),
    (
        "before.yaml",
        "{key: name, type: text, text: A name for it}",
        "{key: name, type: text}",
        72,
        "'text' is missing; add a line 'text: …'",
    ),
    (
        "lists.yaml",
        "[dont_know]",
        "[dontknow]",
        27,
        "an entry of 'no_answer' cannot be 'dontknow'; did you mean 'dont_know'?",
    ),
    (
        "lists.yaml",
        "{1: Nothing",
        "{one: Nothing",
        22,
        "'one' must be a whole number, as a key of 'labels'; write a number",
    ),
    (
        "lists.yaml",
        "to: 2}",
        "to: 3}",
        19,
        "bands must follow each other from 1 to 5 without gap; 'middle' starts at 3 instead of 4",
    ),
    ("lists.yaml", "sources:", "source:", 28, "'source' does not belong into lists.yaml; did you mean 'sources'?"),
    ("consultation.yaml", "format: 1", "format: 2", 1, "'format' cannot be '2'; write 1"),
    (
        "consultation.yaml",
        "slug: small-garden",
        "slug: Small Garden",
        2,
        "'slug' cannot be 'Small Garden'; use small letters, digits and single hyphens, like town-library",
    ),
    (
        "consultation.yaml",
        '"2026-03-02 09:00"',
        "2026-03-02",
        40,
        "'opens' cannot be '2026-03-02'; write a local time like \"2020-07-02 11:00\"",
    ),
    (
        "consultation.yaml",
        "languages: [en]",
        "languages: en",
        9,
        "'languages' must be a list (lines that begin with '- ', or words in [ ]), not 'en'",
    ),
    (
        "consultation.yaml",
        "round: 1}",
        "minutes: 3}",
        33,
        "'round: <number>' belongs to every stage of kind round, and only there",
    ),
    (
        "consultation.yaml",
        "zone: Europe/Riga",
        "zone: Europe/Riga\nscales: {A: {min: 1}}",
        9,
        "'scales' does not belong into consultation.yaml; write it in lists.yaml",
    ),
    (
        "consultation.yaml",
        "stopping:",
        "consensus: {in: [{band: high, at_least: 75}]}\n  stopping:",
        46,
        "'75' is not between 0 and 1; a percentage needs its % sign",
    ),
    (
        "consultation.yaml",
        "stopping:",
        "consensus: {minimum_share: 1e999999999}\n  stopping:",
        46,
        "'1e999999999' is not a share; write 75%, 2/3 or 0.75",
    ),
    (
        "measures.yaml",
        "actors: [board]",
        "instrument: gift",
        11,
        "'instrument' cannot be 'gift'; write one of: money, rule, service",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "line", "said"), FORM, ids=[f"{case[0]}-{case[2]}" for case in FORM])
def test_a_wrong_form_is_said_in_plain_words(folder: Path, file: str, old: str, new: str, line: int, said: str) -> None:
    _change(folder, file, old, new)
    assert _said(folder) == [f"{file}:{line}: {said}"]


def test_all_problems_of_all_files_come_at_once(folder: Path) -> None:
    _change(folder, "before.yaml", QUESTION, "txt: Where?")
    _change(folder, "after.yaml", "title: After", "title: 'After")
    _change(folder, "lists.yaml", "[dont_know]", "[dontknow]")
    _change(folder, "consultation.yaml", "slug: small-garden\n", "")
    files = [line.split(":")[0] for line in _said(folder)]
    assert files == ["consultation.yaml", "lists.yaml", "after.yaml", "before.yaml"]


def test_what_follows_from_an_unreadable_file_is_not_reported(folder: Path) -> None:
    _change(folder, "consultation.yaml", "slug: small-garden", "slug: 'small-garden")
    assert len(_said(folder)) == 1


def test_scalars_stay_what_was_typed(folder: Path) -> None:
    odd = ["1.10", "2020-07-02", "010", "NO", "12:30", "1e3", "0x1F", ".inf", "yes"]
    lines = "".join(f"    - {{key: k{at}, label: {text}}}\n" for at, text in enumerate(odd))
    _change(folder, "lists.yaml", "  topic:", f"  odd:\n{lines}  topic:")
    options = load(folder).lists["odd"]
    assert [option.label["en"] for option in options] == odd


def test_a_repeated_key_names_its_first_line(folder: Path) -> None:
    _change(folder, "before.yaml", QUESTION, "text: Where?\n        text: Here?")
    said = "before.yaml:11: 'text' stands here a second time, first in line 10; keep one of the two"
    assert _said(folder) == [said]


def test_a_second_document_is_refused(folder: Path) -> None:
    with (folder / "after.yaml").open("a") as file:
        file.write("---\nkey: again\n")
    assert "a second document begins here" in _said(folder)[0]


@pytest.mark.parametrize("levels", [25, 900, 20_000])
def test_depth_is_limited(folder: Path, levels: int) -> None:
    _change(folder, "before.yaml", QUESTION, f"text: {'[' * levels}a{']' * levels}")
    assert _said(folder) == ["before.yaml:10: more than 20 levels deep; close a bracket or indent less"]


def test_size_is_limited(folder: Path) -> None:
    with (folder / "after.yaml").open("a") as file:
        file.write("#" * 1_000_000)
    said = "the file is larger than 1 MB; split the questionnaire or shorten the list"
    assert _said(folder) == [f"after.yaml:1: {said}"]


def test_another_encoding_is_named_with_its_line(folder: Path) -> None:
    path = folder / "after.yaml"
    path.write_bytes(path.read_bytes().replace(b"Looking back", "Rückblick".encode("latin-1")))
    said = "after.yaml:5: the file is not UTF-8 text; save it again with encoding UTF-8"
    assert _said(folder) == [said]


def test_a_byte_order_mark_and_windows_line_ends_are_no_problem(folder: Path) -> None:
    path = folder / "after.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(folder) == load(BASE)


def test_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    shutil.move(folder / "after.yaml", tmp_path / "elsewhere.yaml")
    (folder / "after.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert _said(folder) == ["after.yaml:1: the link leads out of the folder; copy the file into the folder"]


def test_a_link_within_the_folder_is_followed(folder: Path) -> None:
    (folder / ".kept").mkdir()
    shutil.move(folder / "after.yaml", folder / ".kept" / "after.yaml")
    (folder / "after.yaml").symlink_to(folder / ".kept" / "after.yaml")
    assert load(folder) == load(BASE)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("after.yml", "the file's name ends in .yml; rename it to after.yaml"),
        ("panel.csv", "the file does not belong to a consultation; move it out of the folder"),
        (
            "measure.yaml",
            "there is no file measure.yaml; did you mean measures.yaml? Any other name is read as a questionnaire",
        ),
    ],
)
def test_unknown_files_are_refused(folder: Path, name: str, said: str) -> None:
    (folder / name).write_text("criteria: []\n")
    assert _said(folder) == [f"{name}:1: {said}"]


def test_notes_and_hidden_files_are_left_alone(folder: Path) -> None:
    (folder / "README.md").write_text("# Notes\n")
    (folder / ".directory").write_text("")
    assert load(folder) == load(BASE)


def test_a_folder_inside_the_folder_is_refused(folder: Path) -> None:
    (folder / "old").mkdir()
    assert _said(folder) == ["old:1: a folder inside the folder is not read; move it out"]


def test_a_missing_folder_or_file_is_named(folder: Path, tmp_path: Path) -> None:
    assert _said(tmp_path / "nowhere")[0].endswith(":1: there is no such folder")
    (folder / "consultation.yaml").unlink()
    said = "consultation.yaml:1: the file is missing; every consultation has this file"
    assert _said(folder) == [said]


def test_a_file_name_and_its_key_agree(folder: Path) -> None:
    _change(folder, "after.yaml", "key: after", "key: later")
    assert _said(folder) == [
        "after.yaml:1: the questionnaire 'later' stands in a file named after.yaml; "
        "write 'key: after' or rename the file to later.yaml"
    ]


@pytest.mark.parametrize("path", [BASE, TOWN_LIBRARY], ids=lambda path: str(path.name))
def test_a_stored_definition_is_the_one_that_was_published(path: Path) -> None:
    first = load(path)
    again = load_text(first.canonical())
    assert again == first
    assert again.canonical() == first.canonical()
    assert again.digest() == first.digest()


def test_the_same_content_in_another_order_has_the_same_digest(folder: Path) -> None:
    path = folder / "consultation.yaml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    assert lines[1].startswith("slug")
    path.write_text("".join([lines[1], lines[0], *lines[2:]]), "utf-8")
    assert load(folder).digest() == load(BASE).digest()


TYPED = st.one_of(
    st.sampled_from(["{", "}", "[", "]", ": ", "- ", "\n", "'", '"', " #", "&a", "*a", "!x", "|"]),
    st.sampled_from(["null", "-1", "9" * 30, "1e9", "{date x.opens}", "type: text", "key: key", "…"]),
    st.text(max_size=5),
)


@settings(max_examples=80, deadline=None)
@given(
    name=st.sampled_from(sorted(path.name for path in BASE.glob("*.yaml"))),
    where=st.floats(0, 1),
    length=st.integers(0, 20),
    typed=TYPED,
)
def test_whatever_is_typed_gives_problems_with_a_line(
    tmp_path_factory: pytest.TempPathFactory, name: str, where: float, length: int, typed: str
) -> None:
    folder = Path(shutil.copytree(BASE, tmp_path_factory.mktemp("typed") / "folder"))
    text = (folder / name).read_text("utf-8")
    at = int(where * len(text))
    (folder / name).write_text(text[:at] + typed + text[at + length :], "utf-8")
    try:
        assert load(folder).stages
    except DefinitionInvalid as refused:
        assert refused.problems
        for problem in refused.problems:
            lines = (folder / problem.file).read_text("utf-8").count("\n") + 1
            assert 1 <= problem.line <= lines
            assert problem.message
