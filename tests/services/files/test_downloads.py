"""Files to download: who may have which, what is never in them, and no formula anywhere."""

import csv
import hashlib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from sqlalchemy import select

from consult import clock
from consult.characters import readable
from consult.definition.consultation import Definition
from consult.errors import NotAllowed, NotFound
from consult.models import Consultation, Contact, Expert, Submission
from consult.roles import ROLES
from consult.services.files import csvfile, downloads
from consult.services.frozen.k_anonymity import SUPPRESSED, k_anonymous
from consult.services.rounds.results import released_json
from consult.services.running import publishing
from tests.services import playing
from tests.services.conftest import BEFORE, World, town_library

ROW_FILES = {f"{kind}-{form}.csv" for kind in ("ratings", "answers") for form in ("long", "wide")}
TEXT = "=1+1 Nobody else writes like this; =2"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with playing.half_way(town_library(), tmp_path_factory.mktemp("played"), TEXT) as world:
        yield world


def guarded() -> Definition:
    """The town library with a question for the secretariat, a grouped one and a hidden one."""
    content = town_library().model_dump(mode="json", by_alias=True, exclude_none=True)
    first = content["questionnaires"]["first-look"]["sections"][0]["questions"]
    for question in first:
        question["disclosure"] = {"visits": "grouped", "satisfied": "never"}.get(question["key"], "open")
    first.append(
        {
            "key": "help",
            "type": "text",
            "text": {"en": "Do you need help?"},
            "recipient": "secretariat",
            "disclosure": "never",
        }
    )
    return Definition.model_validate(content)


@pytest.fixture(scope="module")
def careful(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with playing.half_way(guarded(), tmp_path_factory.mktemp("careful"), TEXT) as world:
        yield world


def read(world: World, name: str) -> list[dict[str, str]]:
    text = "".join(downloads.write(world.session, world.consultation, name, "analyst", "en"))
    return list(csv.DictReader(io.StringIO(text, newline="")))


def everything(world: World) -> dict[str, str]:
    return {
        name: "".join(downloads.write(world.session, world.consultation, name, sorted(spec.roles)[0]))
        for name, spec in downloads.FILES.items()
    }


def test_each_role_has_its_files_and_no_other(played: World) -> None:
    rows = {"free-texts.csv", *ROW_FILES}
    names = {role: {spec.name for spec in downloads.FILES.values() if role in spec.roles} for role in ROLES}
    assert names["facilitator"] == names["rapporteur"] == set()
    assert not names["secretariat"] & rows and rows < names["analyst"]
    assert names["secretariat"] - names["analyst"] == {"secretariat-answers.csv"}
    for role in (*ROLES, "expert", ""):
        for name in set(downloads.FILES) - names.get(role, set()):
            with pytest.raises(NotAllowed):
                downloads.write(played.session, played.consultation, name, role)
    with pytest.raises(NotFound):
        downloads.write(played.session, played.consultation, "../consult.db", "analyst")


def test_files_are_rfc_4180_and_the_same_bytes_twice(played: World) -> None:
    first, second = everything(played), everything(played)
    assert first == second
    for name, text in first.items():
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert len({len(row) for row in rows}) == 1, name
        assert text.endswith("\r\n") and text.count("\r\n") == len(rows), name


def test_checksums_are_of_the_bytes(played: World) -> None:
    for name, text in everything(played).items():
        role = sorted(downloads.FILES[name].roles)[0]
        found = downloads.checksum(played.session, played.consultation, name, role)
        data = text.encode()
        assert (found.sha256, found.bytes) == (hashlib.sha256(data).hexdigest(), len(data))


def test_nothing_of_a_stage_before_it_is_frozen(played: World) -> None:
    for name, text in everything(played).items():
        assert playing.EARLY not in text
        if name not in ("participation.csv", "codebook.csv"):
            assert "round-2" not in text, name
    shown = {row["stage"]: row for row in read(played, "participation.csv")}
    assert shown["round-1"]["frozen"] == "true" and shown["round-2"]["frozen"] == "false"
    assert shown["round-1"]["submitted"] == "11"


def test_rows_hold_no_name_code_time_or_text(played: World) -> None:
    files = everything(played)
    hidden = [expert.code for expert in played.experts]
    hidden += list(played.session.scalars(select(Contact.name)))
    hidden += list(played.session.scalars(select(Contact.email)))
    for name, text in files.items():
        cells = {cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row}
        assert not cells & set(hidden), name
        if name != "codebook.csv":
            assert not re.search(r"\d\d:\d\d|20\d\d-\d\d-\d\d", text), name
    assert "Nobody else" not in files["ratings-long.csv"] + files["answers-long.csv"]
    pseudonyms = {expert.pseudonym for expert in played.experts}
    for name in set(files) - ROW_FILES:
        assert not any(pseudonym in files[name] for pseudonym in pseudonyms), name


def test_rows_add_up_to_the_frozen_tables(played: World) -> None:
    frozen = released_json(played.session, played.stage("round-1"))
    assert frozen is not None
    ratings: dict[str, Counter[int]] = defaultdict(Counter)
    for row in read(played, "ratings-long.csv"):
        assert (row["rating"] == "") != (row["state"] == "")
        if row["rating"]:
            ratings[f"{row['measure']}.{row['criterion']}"][int(row["rating"])] += 1
    for key, measure in frozen["measures"].items():
        for name, block in measure["criteria"].items():
            found = ratings[f"{key}.{name}"]
            assert [found[point] for point in range(1, 6)] == block["counts"]


def test_values_are_option_keys_and_numbers(played: World) -> None:
    rows = read(played, "answers-long.csv")
    visits = {row["value"] for row in rows if row["variable"] == "visits" and not row["state"]}
    assert visits <= {"never", "rarely", "monthly", "weekly"}
    skipped = {row["state"] for row in rows if row["variable"] == "reasons.borrow"}
    assert skipped <= {"", "skipped"}


def test_the_order_of_rows_says_nothing_about_time(played: World) -> None:
    """The same seed gives the same order; it is neither that of codes nor of submissions."""
    order = list(dict.fromkeys(row["pseudonym"] for row in read(played, "ratings-long.csv")))
    other = list(dict.fromkeys(row["pseudonym"] for row in read(played, "answers-long.csv")))
    submitted = [
        row.pseudonym
        for row in played.session.execute(
            select(Expert.pseudonym)
            .join(Submission, Submission.expert_id == Expert.id)
            .where(Submission.stage_id == played.stage("round-1").id)
            .order_by(Submission.id)
        )
    ]
    assert set(order) == set(other) == set(submitted)
    assert order != submitted and order != other and order != submitted[::-1]


def test_a_group_that_is_too_small_is_hidden_with_its_complement(played: World) -> None:
    groups = Counter(
        row["reporting_group"] for row in {row["pseudonym"]: row for row in read(played, "ratings-long.csv")}.values()
    )
    assert set(groups) == {"library", "town"} and sum(groups.values()) == 11
    groups = {expert.id: expert.reporting_group for expert in played.experts[:11]}
    few = [person for person, group in groups.items() if group == "town"][2:]
    by = k_anonymous(groups | dict.fromkeys(few, "library"), {}, 3)
    assert {by.group(group) for group in ("library", "town")} == {SUPPRESSED}


def test_free_texts_stand_alone(played: World) -> None:
    rows = read(played, "free-texts.csv")
    assert set(rows[0]) == {"stage", "question", "question_text", "item", "text"}
    assert {row["question"] for row in rows} <= {"missing", "reasons.other"}
    assert all((row["text"].startswith("'=1+1") and "; '=2" in row["text"]) or len(row["text"]) > 9 for row in rows)


def test_reasons_are_the_released_ones(played: World) -> None:
    rows = read(played, "reasons.csv")
    assert rows and {row["stage"] for row in rows} == {"round-1"}
    assert set(rows[0]) == {"stage", "round", "measure", "title", "side", "number", "reason"}


def test_the_consensus_table_says_why(played: World) -> None:
    rows = read(played, "consensus-table.csv")
    assert len(rows) == 7
    for row in rows:
        assert row["n"] and row["verdict"] in ("in", "out", "none", "not_judged")
        assert row["verdict_reason"].endswith(".") and "%" not in row["verdict_reason"]
        points = [int(row[f"count_{point}"]) for point in range(1, 6)]
        assert sum(points) == int(row["n"])


def test_every_variable_in_a_file_is_in_the_codebook(played: World) -> None:
    book = {row["variable"]: row for row in read(played, "codebook.csv")}
    for row in read(played, "answers-long.csv"):
        assert book[row["variable"]]["file"] == "answers-long.csv"
    for row in read(played, "distributions.csv"):
        assert row["variable"] in book
    assert book["L1.wish"]["file"] == "ratings-long.csv"
    assert book["missing"]["file"] == "free-texts.csv"
    assert "1 = Not at all" in book["L1.wish"]["values"]


def test_another_consultation_is_never_in_a_file(played: World) -> None:
    with clock.set_to(BEFORE):
        other: Consultation = publishing.publish(played.session, played.definition, actor="test", slug="another")
    for name, spec in downloads.FILES.items():
        text = "".join(downloads.write(played.session, other, name, sorted(spec.roles)[0]))
        assert name == "codebook.csv" or text.count("\r\n") == 1, name


# No text is ever a formula

STARTS = st.sampled_from(
    [*"=+-@＝＋－＠", "\t", "\r", "\n", "\0", " =", "\ufeff=", "\u200b+", '"=', ";=", "a;=", "a\n=", 'a;"=', "a\t@"]
)
HOSTILE = st.builds(lambda start, rest: start + rest, STARTS, st.text(max_size=20)) | st.text()
DANGEROUS = tuple("=+-@\t\r\0＝＋－＠")


@given(HOSTILE)
def test_no_text_becomes_a_formula(text: str) -> None:
    line = "".join(csvfile.lines(["first", "text"], [["P-1", text]]))
    for delimiter in (",", ";", "\t"):
        for row in csv.reader(io.StringIO(line, newline=""), delimiter=delimiter):
            for cell in row:
                bare = cell.strip().strip('"\ufeff\u200b').strip()
                assert not bare.startswith(DANGEROUS), (delimiter, cell)
    cell = next(csv.reader(io.StringIO(line.partition("\r\n")[2], newline="")))[1]
    assert not cell.startswith(DANGEROUS)
    assert cell.replace("'", "") == readable(text).replace("'", "")


@given(HOSTILE.filter(lambda text: not re.search("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", text)))
def test_a_spreadsheet_program_sees_text(text: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([csvfile.written(text)])
    assert sheet["A1"].data_type != "f"
    data = io.BytesIO()
    book.save(data)
    opened = load_workbook(io.BytesIO(data.getvalue())).active
    assert opened is not None and opened["A1"].data_type != "f"


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_left_alone(number: int | float) -> None:
    assert not csvfile.written(number).startswith("'")
    assert float(csvfile.written(number)) == pytest.approx(number)


def test_a_row_as_long_as_its_header() -> None:
    with pytest.raises(ValueError, match="2 cells"):
        list(csvfile.lines(["one"], [["a", "b"]]))


def test_no_path_of_this_machine_in_a_file(played: World) -> None:
    assert not any(str(Path.cwd()) in text for text in everything(played).values())


def test_answers_to_the_secretariat_are_in_its_list_only(careful: World) -> None:
    files = everything(careful)
    rows = list(csv.DictReader(io.StringIO(files["secretariat-answers.csv"], newline="")))
    assert len(rows) == 11 and {row["question"] for row in rows} == {"help"}
    assert all(row["name"].startswith("Person") and row["answer"] for row in rows)
    for name, text in files.items():
        assert name == "secretariat-answers.csv" or "help" not in text.split(","), name


def test_what_is_never_disclosed_is_in_no_row_file(careful: World) -> None:
    variables = {row["variable"] for row in read(careful, "answers-long.csv")}
    assert "budget.staff" in variables
    assert not any(key.startswith("satisfied") for key in variables)
    book = {row["variable"]: row for row in read(careful, "codebook.csv")}
    assert book["satisfied.books"]["disclosure"] == "never" and not book["satisfied.books"]["file"]


def test_a_grouped_answer_that_few_share_is_shown_for_nobody(careful: World) -> None:
    """Eleven people over four answers and two groups: some combination is always rare."""
    rows = [row for row in read(careful, "answers-long.csv") if row["variable"] == "visits"]
    assert {(row["value"], row["state"]) for row in rows} == {("", "suppressed")}
    assert {row["state"] for row in read(careful, "answers-long.csv") if row["variable"] == "budget.staff"} == {""}


def test_every_file_can_be_written_on_postgresql(tmp_path: Path) -> None:
    with playing.half_way(guarded(), tmp_path, TEXT, "postgresql") as world:
        first = everything(world)
        assert first == everything(world)
        bare = {name for name, text in first.items() if text.count("\r\n") == 1}
        assert bare == {"before-after.csv"}  # this definition asks nothing twice
