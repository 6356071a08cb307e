"""The panel file is read whole or refused with every mistake; who has answered is told, no more."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.characters import hidden, plain_name
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.errors import FileProblem, PanelInvalid
from consult.services.panel import importing, panel_row
from consult.services.panel.panel_file import read_panel
from tests.services.conftest import panel_file, reworked, town_library

HEADER = "name,email,language,part,work,group"
GOOD = "Anna Berg,anna@example.org,en,harbour,work_library,library"
NDPC = Path(__file__).parents[3] / "questionnaires" / "ndpc-2020"


def two_languages() -> Definition:
    """The town library in English and Russian, with a team that may be left out."""
    base = town_library()
    content = base.panel.model_dump(mode="json", by_alias=True, exclude_none=True)
    content["attributes"].append({"key": "team", "label": "Team", "list": "teams", "required": False})
    groups = content["reporting_groups"]["groups"]
    groups[0]["label"] = {"en": "Libraries and schools", "ru": "Библиотеки и школы"}
    lists = {
        key: [option.model_dump(mode="json", by_alias=True, exclude_none=True) for option in found]
        for key, found in base.lists.items()
    }
    lists["parts"][1]["label"] = {"en": "Hill", "ru": "Холм"}
    lists["teams"] = [{"key": "team_a", "label": "Team A"}, {"key": "team_b", "label": "Team A"}]
    return reworked(base, languages=["en", "ru"], panel=content, lists=lists)


def read(*lines: str, definition: Definition | None = None) -> list[panel_row.PanelRow]:
    data = "\n".join(lines).encode()
    return read_panel(definition or town_library(), data)


def problems(*lines: str, definition: Definition | None = None) -> list[FileProblem]:
    with pytest.raises(PanelInvalid) as refused:
        read(*lines, definition=definition)
    return refused.value.problems


def only_problem(*lines: str, definition: Definition | None = None) -> FileProblem:
    found = problems(*lines, definition=definition)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def test_a_good_line_is_read() -> None:
    (row,) = read(HEADER, GOOD)
    assert (row.line, row.name, row.email, row.language) == (2, "Anna Berg", "anna@example.org", "en")
    assert dict(row.attributes) == {"part": "harbour", "work": "work_library"}
    assert row.group == "library"


@pytest.mark.parametrize(
    "definition", [town_library(), two_languages(), load(NDPC)], ids=["library", "two languages", "ndpc"]
)
def test_the_template_can_be_read_back(definition: Definition) -> None:
    (row,) = read_panel(definition, importing.template(definition).encode())
    assert set(row.attributes) == {item.key for item in definition.panel.attributes}
    assert row.group is not None


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("sign", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_spreadsheets_ways_of_writing_are_read(mark: str, sign: str, end: str) -> None:
    lines = [HEADER, GOOD, ",,,,,", "", GOOD.replace("anna", "bo")]
    text = mark + end.join(lines).replace(",", sign)
    rows = read_panel(town_library(), text.encode())
    assert [row.email for row in rows] == ["anna@example.org", "bo@example.org"]
    assert [row.line for row in rows] == [2, 5]


def test_columns_may_stand_in_any_order_and_case_and_optional_ones_be_left_out() -> None:
    (row,) = read("EMAIL,Work,part,Language,name", "anna@example.org,work_council,hill,EN,Anna")
    assert (row.name, row.language, row.group) == ("Anna", "en", "town")


@pytest.mark.parametrize("cell", ["hill", "HILL", "Hill", " hill ", "Холм", "холм"])
def test_an_attribute_is_known_by_key_and_by_label_in_any_language(cell: str) -> None:
    definition = two_languages()
    (row,) = read("name,email,language,part,work", f"A,a@example.org,ru,{cell},School", definition=definition)
    assert dict(row.attributes) == {"part": "hill", "work": "work_school"}


@pytest.mark.parametrize("cell", ["", "library", "Libraries and schools", "Библиотеки и школы"])
def test_a_group_may_confirm_what_follows_from_the_role(cell: str) -> None:
    (row,) = read(HEADER, f"A,a@example.org,ru,hill,School,{cell}", definition=two_languages())
    assert row.group == "library"


@pytest.mark.parametrize("name", ["=HYPERLINK(A1)", "+cmd|' /C calc'!A0", "@SUM(1)", "-2+3"])
def test_a_name_that_looks_like_a_formula_stays_text(name: str) -> None:
    (row,) = read(HEADER, f'"{name}",anna@example.org,en,harbour,work_library,')
    assert row.name == name


def test_a_comma_in_quotes_belongs_to_the_cell() -> None:
    (row,) = read(HEADER, '"Berg, Anna ""Zoë""",anna@example.org,en,harbour,work_library,')
    assert row.name == 'Berg, Anna "Zoë"'


def test_more_lines_than_seats_are_no_mistake() -> None:
    assert len(read_panel(town_library(), panel_file(400))) == 400


# Refusing


def test_every_mistake_is_reported_at_once_with_its_line() -> None:
    found = problems(
        HEADER,
        "Anna,anna@example.org,en,harbour,work_library,",
        ",bo@example.org,en,harbour,work_library,",
        "Cy,cy.example.org,en,harbour,work_library,",
        "Di,di@example.org,fr,harbour,work_library,",
        "Ed,ed@example.org,en,harbuor,work_library,",
        "Fa,ANNA@example.org,en,harbour,work_library,",
        "Gil,gil@example.org,en,harbour,work_council,library",
        "Hal,hal@example.org,en,harbour,,",
    )
    assert [problem.line for problem in found] == [3, 4, 5, 6, 7, 8, 9]
    assert all(problem.message and problem.fix for problem in found)


def test_one_line_can_have_several_mistakes() -> None:
    found = problems(HEADER, ",x,fr,nowhere,nothing,")
    assert [problem.line for problem in found] == [2] * 5


@pytest.mark.parametrize(
    ("line", "message", "fix"),
    [
        (",a@example.org,en,harbour,School,", "'name' is empty", "needs it"),
        ("A,,en,harbour,School,", "'email' is empty", "needs it"),
        ("A,a@example.org,,harbour,School,", "'language' is empty", "needs it"),
        ("A,a@example.org,en,,School,", "'part' is empty", "needs it"),
        ("A,a@example,en,harbour,School,", "'a@example' is not an e-mail", "anna@example.org"),
        ("A,ä@example.org,en,harbour,School,", "is not an e-mail address", "Latin"),
        ("A,a@@example.org,en,harbour,School,", "is not an e-mail address", "one address"),
        ("A,.a@example.org,en,harbour,School,", "is not an e-mail address", "one address"),
        ("A,a..b@example.org,en,harbour,School,", "is not an e-mail address", "one address"),
        ("A,Anna <a@example.org>,en,harbour,School,", "is not an e-mail address", "one address"),
        ("A,a@example.org,sv,harbour,School,", "'sv' is not offered", "en"),
        ("A,a@example.org,en,Harbor,School,", "'Harbor' is not known as 'part'", "'harbour'"),
        ("A,a@example.org,en,Xyzzy,School,", "not known as 'part'", "harbour, hill, mills"),
        ("A,a@example.org,en,hill,School,town", "'group' says 'town'", "leave 'group' empty"),
        ("A,a@example.org,en,hill,School,towns", "not known as 'group'", "'town'"),
        ("A,a@example.org,en,hill,School,,surplus", "has 7 cells", "quotes"),
        ('"A\nB",a@example.org,en,hill,School,', "U+000A LINE FEED", "one line"),
        ("A\x00B,a@example.org,en,hill,School,", "invisible", "one line"),
        ("\u202ennA,a@example.org,en,hill,School,", "U+202E RIGHT-TO-LEFT OVERRIDE", "by hand"),
        ("An\u200bna,a@example.org,en,hill,School,", "U+200B ZERO WIDTH SPACE", "by hand"),
        ("Anna\u3164,a@example.org,en,hill,School,", "U+3164 HANGUL FILLER", "by hand"),
        ("Anna,a\u200b@example.org,en,hill,School,", "'email' holds", "by hand"),
        ("A,anna@bücher.example,en,hill,School,", "in other letters", "anna@xn--bcher-kva.example"),
        ("A,anna@почта.рф,en,hill,School,", "in other letters", "anna@xn--80a1acny.xn--p1ai"),
        ("A,анна@почта.рф,en,hill,School,", "is not an e-mail address", "Latin"),
        ("A,anna@-bü-.example,en,hill,School,", "is not an e-mail address", "Latin"),
        ("A" * 201 + ",a@example.org,en,hill,School,", "more than 200", "shorten"),
        ('A"B,a@example.org,"en"x,hill,School,', "cannot be read", "quotation mark"),
        ('"A,a@example.org,en,hill,School,', "cannot be read", "quotation mark"),
    ],
)
def test_a_mistake_is_named_and_how_to_mend_it(line: str, message: str, fix: str) -> None:
    found = only_problem(HEADER, line)
    assert found.line == 2
    assert message in found.message
    assert fix in found.fix


def test_a_name_is_stored_in_one_spelling() -> None:
    """Composed, with single plain blanks: what Excel and the web leave in between is no letter."""
    (row,) = read(HEADER, "Zoe\u0308\u00a0 van\u2009Dam,a@example.org,en,harbour,School,")
    assert row.name == "Zo\u00eb van Dam"


def test_a_repeated_address_names_both_lines() -> None:
    found = only_problem(HEADER, GOOD, GOOD.replace("anna@", "bo@"), GOOD.replace("anna", "ANNA"))
    assert found.line == 4
    assert "line 2" in found.message
    assert "line 4" in found.message


def test_a_label_that_fits_two_options_asks_for_the_key() -> None:
    found = only_problem(
        "name,email,language,part,work,team", "A,a@example.org,en,hill,School,Team A", definition=two_languages()
    )
    assert "team_a, team_b" in found.message


def test_an_optional_attribute_may_stay_empty() -> None:
    (row,) = read("name,email,language,part,work,team", "A,a@example.org,en,hill,School,", definition=two_languages())
    assert "team" not in row.attributes


@pytest.mark.parametrize(
    ("header", "message", "fix"),
    [
        ("name,email,language,part", "'work' is missing", "add it"),
        ("name,e-mail,language,part,work", "'e-mail' is unknown", "'email'"),
        ("name,email,language,part,work,phone", "'phone' is unknown", "there are: name"),
        ("name,email,email,language,part,work", "'email' stands twice", "leave one"),
        ("name,,email,language,part,work", "column 2 has no name", "there are"),
    ],
)
def test_a_wrong_column_is_named(header: str, message: str, fix: str) -> None:
    found = problems(header, *(["x"] if "x" in header.split(",") else []))
    assert any(message in item.message and fix in item.fix for item in found)
    assert all(item.line == 1 for item in found)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", HEADER.encode(), b",,,\n"])
def test_a_file_without_experts_is_refused(data: bytes) -> None:
    with pytest.raises(PanelInvalid) as refused:
        read_panel(town_library(), data)
    assert refused.value.problems


def test_a_message_shows_no_control_characters_and_no_endless_cell() -> None:
    found = problems(HEADER, f"A,{'x' * 5000},en,hill,School,", "B,\x1b[2J\x07@,en,hill,School,")
    assert len(found) > 1
    for problem in found:
        assert len(problem.message) < 200
        assert all(sign.isprintable() for sign in str(problem))


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    try:
        assert read_panel(town_library(), data)
    except PanelInvalid as refused:
        assert refused.problems


CELL = st.text(st.one_of(st.sampled_from('",;\n\r\t\x00\ufeff=@'), st.characters(codec="utf-8")), max_size=12)


@given(st.lists(CELL, min_size=1, max_size=14), st.sampled_from([",", ";"]))
def test_no_cells_crash_the_reader(cells: list[str], sign: str) -> None:
    text = HEADER.replace(",", sign) + "\n" + sign.join(cells)
    try:
        rows = read_panel(town_library(), text.encode())
    except PanelInvalid as refused:
        assert refused.problems
        assert all(problem.line >= 1 for problem in refused.problems)
    else:
        assert rows


NAMES = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Cs"]), min_size=1, max_size=30)
    .map(str.strip)
    .filter(lambda name: name and not hidden(name))
)


@given(st.lists(NAMES, min_size=1, max_size=8), st.sampled_from([",", ";"]))
def test_whatever_a_csv_writer_wrote_comes_back(names: list[str], sign: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=sign)
    writer.writerow(HEADER.split(","))
    for number, name in enumerate(names):
        writer.writerow([name, f"p{number}@example.org", "en", "hill", "work_school", "library"])
    rows = read_panel(town_library(), text.getvalue().encode("utf-8-sig"))
    assert [row.name for row in rows] == list(map(plain_name, names))
