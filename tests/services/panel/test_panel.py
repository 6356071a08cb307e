"""The panel file is read whole or refused with every mistake; who has answered is told, no more."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from analysis.model.stage import Participation
from consult import clock
from consult.characters import hidden, plain_name
from consult.definition.consultation import Definition
from consult.definition.loader import load
from consult.errors import FileProblem, NotPossible, PanelInvalid
from consult.models import Consultation, Contact, Draft, Expert, JournalEntry, Registration, Submission
from consult.services.access import consents
from consult.services.panel import importing, panel, panel_row, participation
from consult.services.panel.panel_file import read_panel
from consult.services.running import leaving, publishing
from tests.services.conftest import BEFORE, MakeWorld, World, panel_file, reworked, town_library

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


# Reading


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


def test_the_ndpc_template_has_the_agreed_columns() -> None:
    header = importing.template(load(NDPC)).splitlines()[0].split(",")
    assert header[:3] == ["name", "email", "language"]
    assert sorted(header[3:]) == ["country", "group", "role", "team"]


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
    assert all(problem.message and problem.mend for problem in found)


def test_one_line_can_have_several_mistakes() -> None:
    found = problems(HEADER, ",x,fr,nowhere,nothing,")
    assert [problem.line for problem in found] == [2] * 5


@pytest.mark.parametrize(
    ("line", "message", "mend"),
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
        ("A,a@printer.local,en,harbour,School,", "is not an e-mail address", "one address"),
        ("A,a@192.168.0.1,en,harbour,School,", "is not an e-mail address", "one address"),
        ("A,a@xn--zz.org,en,harbour,School,", "is not an e-mail address", "one address"),
        (f"A,{'a' * 65}@example.org,en,harbour,School,", "is not an e-mail address", "one address"),
        (f"A,a@{'b.' * 125}org,en,harbour,School,", "is not an e-mail address", "one address"),
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
def test_a_mistake_is_named_and_how_to_mend_it(line: str, message: str, mend: str) -> None:
    found = only_problem(HEADER, line)
    assert found.line == 2
    assert message in found.message
    assert mend in found.mend


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
    ("header", "message", "mend"),
    [
        ("name,email,language,part", "'work' is missing", "add it"),
        ("name,e-mail,language,part,work", "'e-mail' is unknown", "'email'"),
        ("name,email,language,part,work,phone", "'phone' is unknown", "there are: name"),
        ("name,email,email,language,part,work", "'email' stands twice", "leave one"),
        ("name,,email,language,part,work", "column 2 has no name", "there are"),
    ],
)
def test_a_wrong_column_is_named(header: str, message: str, mend: str) -> None:
    found = problems(header, *(["x"] if "x" in header.split(",") else []))
    assert any(message in item.message and mend in item.mend for item in found)
    assert all(item.line == 1 for item in found)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", HEADER.encode(), b",,,\n"])
def test_a_file_without_experts_is_refused(data: bytes) -> None:
    with pytest.raises(PanelInvalid) as refused:
        read_panel(town_library(), data)
    assert refused.value.problems


@pytest.mark.parametrize(("encoding", "line"), [("latin-1", 3), ("cp1252", 3), ("utf-16", 1)])
def test_another_encoding_is_refused_in_clear_words(encoding: str, line: int) -> None:
    text = f"{HEADER}\n{GOOD}\n{GOOD.replace('Anna Berg', 'Zoë Øst')}\n"
    with pytest.raises(PanelInvalid) as refused:
        read_panel(town_library(), text.encode(encoding))
    (problem,) = refused.value.problems
    assert problem.line == line
    assert "UTF-8" in problem.message
    assert "UTF-8" in problem.mend


def test_a_message_shows_no_control_characters_and_no_endless_cell() -> None:
    found = problems(HEADER, f"A,{'x' * 5000},en,hill,School,", "B,\x1b[2J\x07@,en,hill,School,")
    for problem in found:
        assert len(problem.message) < 200
        assert all(sign.isprintable() for sign in str(problem))


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(data: bytes) -> None:
    try:
        read_panel(town_library(), data)
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


# Importing


def count(session: Session, table: type[Expert] | type[Contact]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_panel_is_taken_in(make_world: MakeWorld) -> None:
    world = make_world(25)
    assert {expert.code for expert in world.experts} == {f"E{n:02d}" for n in range(1, 26)}
    first = world.experts[0]
    assert first.attributes == {"part": "harbour", "work": "work_library"}
    assert first.reporting_group == "library"
    assert first.withdrawn_at is None
    pseudonyms = {expert.pseudonym for expert in world.experts}
    assert len(pseudonyms) == 25
    assert all(len(name) == 7 and name.startswith("P-") for name in pseudonyms)


def test_neither_codes_nor_pseudonyms_nor_rows_follow_the_file(make_world: MakeWorld) -> None:
    """Chance gives the file's order to 25 experts once in 10^25 times."""
    experts = make_world(25).experts
    for order in (
        [expert.code for expert in experts],
        [expert.pseudonym for expert in experts],
        [expert.id for expert in experts],
    ):
        assert order != sorted(order)
    by_code = sorted(experts, key=lambda expert: expert.code)
    assert [expert.pseudonym for expert in by_code] != sorted(e.pseudonym for e in experts)


def test_a_file_with_one_mistake_brings_in_nobody(world: World) -> None:
    before = count(world.session, Expert), count(world.session, Contact)
    data = panel_file(3, start=10) + b"Nobody,,en,harbour,work_library,\n"
    with pytest.raises(PanelInvalid):
        importing.import_panel(world.session, world.consultation, world.definition, data, "test")
    assert (count(world.session, Expert), count(world.session, Contact)) == before


def test_somebody_in_the_panel_already_is_refused_with_line_and_code(world: World) -> None:
    data = panel_file(1, start=10) + panel_file(1).splitlines()[1].upper().replace(
        b",EN,HARBOUR,WORK_LIBRARY,LIBRARY", b",en,harbour,work_library,library"
    )
    with pytest.raises(PanelInvalid) as refused:
        importing.import_panel(world.session, world.consultation, world.definition, data, "test")
    (problem,) = refused.value.problems
    assert problem.line == 3
    assert world.experts[0].code in problem.message
    assert count(world.session, Expert) == 3


def test_a_second_file_adds_experts_under_further_codes(world: World) -> None:
    data = panel_file(2, start=10)
    added = importing.import_panel(world.session, world.consultation, world.definition, data, "test")
    assert added == 2
    codes = [member.code for member in panel.members(world.session, world.consultation)]
    assert codes == ["E01", "E02", "E03", "E04", "E05"]


def test_nobody_is_added_after_the_protocol_is_registered(world: World) -> None:
    world.session.add(
        Registration(consultation_id=world.consultation.id, digest="0" * 64, protocol={}, locked_at=BEFORE)
    )
    world.session.flush()
    data = panel_file(1, start=10)
    with pytest.raises(NotPossible, match="panel_is_fixed"):
        importing.import_panel(world.session, world.consultation, world.definition, data, "test")
    assert count(world.session, Expert) == 3


def test_the_same_person_can_be_in_two_consultations(make_world: MakeWorld) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    assert len(panel.members(one.session, one.consultation)) == 3
    assert len(panel.members(two.session, two.consultation)) == 3


def test_the_database_holds_an_address_once(world: World) -> None:
    contact = Contact(
        consultation_id=world.consultation.id, expert_id=world.experts[0].id, name="X", email="person2@example.org"
    )
    world.session.add(contact)
    with pytest.raises(IntegrityError):
        world.session.flush()


def test_the_journal_knows_how_many_came_and_nobodys_name(world: World) -> None:
    entry = world.session.scalars(select(JournalEntry).where(JournalEntry.act == "import panel")).one()
    assert entry.facts == {"experts": 3}


# Who has answered


def draft(world: World, expert: Expert, stage: str) -> None:
    world.session.add(
        Draft(
            consultation_id=world.consultation.id,
            stage_id=world.stage(stage).id,
            expert_id=expert.id,
            name="visits",
            values=["weekly"],
            revision=1,
        )
    )
    world.session.flush()


def submission(world: World, expert: Expert, stage: str, number: int = 1) -> None:
    world.session.add(
        Submission(
            consultation_id=world.consultation.id,
            stage_id=world.stage(stage).id,
            expert_id=expert.id,
            number=number,
            idempotency_key=str(number),
            receipt=f"{expert.code}-{stage}-{number}"[:20],
            channel="web",
            is_late=False,
            submitted_at=clock.utc_now(),
        )
    )
    world.session.flush()


def agree(world: World, expert: Expert, is_given: bool = True) -> None:
    consents.say_consent(world.session, expert, world.definition, "en", is_given)


def test_members_tell_who_they_are_and_what_they_said(world: World) -> None:
    agree(world, world.experts[0])
    agree(world, world.experts[1])
    agree(world, world.experts[1], is_given=False)
    by_mail = {item.email: item for item in panel.members(world.session, world.consultation)}
    assert [by_mail[f"person{n}@example.org"].consent for n in (1, 2, 3)] == [True, False, None]
    first = by_mail["person1@example.org"]
    assert (first.name, first.code, first.group) == ("Person 1", world.experts[0].code, "library")


def test_not_answered_leaves_out_who_submitted_declined_or_left(make_world: MakeWorld) -> None:
    world = make_world(5)
    done, declined, left, begun, silent = world.experts
    submission(world, done, "first-look")
    agree(world, declined, is_given=False)
    leaving.withdraw(world.session, left, "expert")
    draft(world, begun, "first-look")
    stage = world.stage("first-look")
    found = panel.not_answered(world.session, world.consultation, stage)
    assert {(item.expert_id, item.has_started) for item in found} == {(begun.id, True), (silent.id, False)}


def test_not_answered_is_about_one_stage(world: World) -> None:
    submission(world, world.experts[0], "first-look")
    found = panel.not_answered(world.session, world.consultation, world.stage("round-1"))
    assert len(found) == 3


def test_participation_counts_each_expert_once(make_world: MakeWorld) -> None:
    with clock.set_to(BEFORE + timedelta(days=7)):
        world = make_world(4)
        done, begun, agreed, _silent = world.experts
        for expert in (done, begun, agreed):
            agree(world, expert)
        draft(world, done, "first-look")
        submission(world, done, "first-look")
        submission(world, done, "first-look", number=2)
        draft(world, begun, "first-look")
        counts = participation.by_stage(world.session, world.consultation)
    assert list(counts) == ["first-look", "round-1", "round-2"]
    assert counts["first-look"].steps() == {"invited": 4, "consented": 3, "started": 2, "submitted": 1}
    assert counts["round-1"] == Participation(invited=4, consented=3, started=0, submitted=0)


def test_a_closed_stage_keeps_its_participation(make_world: MakeWorld) -> None:
    """Who leaves afterwards counts where they took part, and is not invited to later stages."""
    with clock.set_to(BEFORE + timedelta(days=7)):
        world = make_world(3)
        for expert in world.experts:
            agree(world, expert)
            submission(world, expert, "first-look")
    stage = world.stage("first-look")
    stage.opened_at, stage.closed_at = stage.opens_at, stage.closes_at
    world.session.flush()
    with clock.set_to(stage.closes_at + timedelta(days=1)):
        leaving.withdraw(world.session, world.experts[0], "expert")
        agree(world, world.experts[1], is_given=False)
        counts = participation.by_stage(world.session, world.consultation)
    assert counts["first-look"].steps() == {"invited": 3, "consented": 3, "started": 3, "submitted": 3}
    assert counts["round-1"] == Participation(invited=2, consented=1, started=0, submitted=0)


def test_who_leaves_during_a_stage_no_longer_counts_as_submitted(make_world: MakeWorld) -> None:
    with clock.set_to(BEFORE + timedelta(days=7)):
        world = make_world(3)
        agree(world, world.experts[0])
        submission(world, world.experts[0], "first-look")
        leaving.withdraw(world.session, world.experts[0], "expert")
        counts = participation.by_stage(world.session, world.consultation)["first-look"]
    assert counts == Participation(invited=3, consented=0, started=0, submitted=0)


def test_another_consultations_panel_is_not_told(make_world: MakeWorld) -> None:
    one, two = make_world(slug="one"), make_world(2, slug="two")
    submission(one, one.experts[0], "first-look")
    counts = participation.by_stage(two.session, two.consultation)["first-look"]
    assert counts.submitted == 0
    assert panel.not_answered(two.session, two.consultation, one.stage("first-look"))
    assert {item.expert_id for item in panel.members(two.session, two.consultation)} == {
        expert.id for expert in two.experts
    }


def test_publishing_alone_has_no_panel(session: Session, definition: Definition) -> None:
    consultation: Consultation = publishing.publish(session, definition, actor="test")
    assert panel.members(session, consultation) == []
    assert participation.by_stage(session, consultation)["round-1"].invited == 0
