"""What is compared, counted from the rows once more; words are in the language of the file."""

import csv
import io
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from analysis.model.stage import PairResult
from consult import clock
from consult.models import Expert
from consult.services.files import downloads
from consult.services.frozen.codebook import CodebookVariable, codebook, reader
from consult.services.panel import importing
from consult.services.running import publishing
from consult.words.catalogues import catalogue, in_every_language
from consult.words.pairs import compared_words
from tests.services import playing
from tests.services.conftest import BEFORE, World, fresh_database, panel_file
from tests.services.files.reading import read
from tests.services.leaving import STAGES, long_inquiry
from tests.services.package.packing import checked, contents, packed, written
from tests.services.samples import every_type

BLANK = PairResult(**dict[str, Any](dict.fromkeys(field.name for field in fields(PairResult))))


@pytest.fixture(scope="module")
def repeated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A consultation that asks a question before its rounds and again after them."""
    definition, start = long_inquiry(), BEFORE.replace(month=6)
    with (
        fresh_database("sqlite", tmp_path_factory.mktemp("repeated")) as database,
        database.open_session(writes=True) as session,
        clock.set_to(start),
    ):
        consultation = publishing.publish(session, definition, actor="test")
        importing.import_panel(session, consultation, definition, panel_file(9), "test")
        experts = list(session.query(Expert).order_by(Expert.id))
        world = World(session, definition, consultation, experts)
        for expert in experts:
            playing.agree(session, definition, expert)
        for key in STAGES:
            playing.play(session, definition, consultation, experts, world.stage(key))
        yield world


def compared(world: World, language: str) -> set[str]:
    text = "".join(downloads.write(world.session, world.consultation, "before-after.csv", "analyst", language))
    return {row["compared"] for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_who_moved_is_what_the_rows_say(repeated: World) -> None:
    """Counted from the long file by hand, each person's later answer against the earlier one."""
    answers: dict[tuple[str, str], dict[str, int]] = {}
    for row in read(repeated, "answers-long.csv"):
        if row["value"].isdigit():
            answers.setdefault((row["stage"], row["variable"]), {})[row["pseudonym"]] = int(row["value"])
    rows = [row for row in read(repeated, "before-after.csv") if row["n"]]
    assert rows
    for row in rows:
        before = answers[row["earlier_stage"], row["earlier_variable"]]
        after = answers[row["stage"], row["variable"]]
        both = before.keys() & after.keys()
        moved = [(after[one] > before[one]) - (after[one] < before[one]) for one in both]
        told = {name: int(row[name]) for name in ("n", "up", "same", "down", "only_earlier", "only_later")}
        assert told == {
            "n": len(both),
            "up": moved.count(1),
            "same": moved.count(0),
            "down": moved.count(-1),
            "only_earlier": len(before.keys() - after.keys()),
            "only_later": len(after.keys() - before.keys()),
        }, row["variable"]


def test_what_is_compared_is_said_in_the_language_of_the_file(repeated: World) -> None:
    assert compared(repeated, "en") == {"asked in two questionnaires"}
    assert compared(repeated, "ru") == {"вопрос из двух анкет"}
    assert compared(repeated, "de") == compared(repeated, "en")


@pytest.mark.parametrize(("words", "is_sound"), [("asked in two questionnaires", True), ("asked at two times", False)])
def test_a_package_that_says_it_in_english_is_as_it_was_written(
    repeated: World, words: str, is_sound: bool, tmp_path: Path
) -> None:
    """Packages of earlier versions have English there, whatever their language; nothing else."""
    files = contents(packed(repeated, "ru"))
    table = "data/before-after.csv"
    assert "вопрос из двух анкет" in files[table]
    files[table] = files[table].replace("вопрос из двух анкет", words)
    problems = checked(written(files, tmp_path / "package.zip")).problems
    assert problems == ([] if is_sound else [f"{table} is not what the results give"])


@pytest.mark.parametrize(
    ("is_in_one", "is_brief", "language", "words"),
    [
        (True, False, "en", "recalled and expected, in one questionnaire"),
        (True, False, "ru", "по памяти и ожидаемое, в одной анкете"),
        (True, True, "en", "recalled and expected"),
        (False, True, "en", "asked in two questionnaires"),
    ],
)
def test_what_a_pair_sets_side_by_side(is_in_one: bool, is_brief: bool, language: str, words: str) -> None:
    said = catalogue(language)
    assert compared_words(BLANK, is_in_one, said, is_brief=is_brief) == words
    assert compared_words(replace(BLANK, label="March to May"), is_in_one, said, is_brief=is_brief) == "March to May"


def test_one_questionnaire_asks_both_where_a_stage_does(repeated: World) -> None:
    known = codebook(repeated.session, repeated.consultation)
    again = known["satisfied-now.books"]
    before: CodebookVariable = known["satisfied.books"]
    assert before.is_asked_with(before) and not again.is_asked_with(before)
    assert again.is_asked_with(replace(before, stages=("first-look", "last-look")))


def test_an_option_that_was_ticked_is_labelled_in_the_language_of_the_file(world: World) -> None:
    with clock.set_to(BEFORE):
        other = publishing.publish(world.session, every_type(), actor="test", slug="another")
    ticked = codebook(world.session, other)["sectors.health"]
    for language, words in (("en", ["no", "yes"]), ("ru", ["нет", "да"]), ("de", ["no", "yes"]), ("xx", ["no", "yes"])):
        said = reader(world.session, other, language)
        assert [said(ticked.values[code]) for code in ("0", "1")] == words, language


def test_a_text_is_there_in_every_language_english_first() -> None:
    found = in_every_language("yes")
    assert next(iter(found)) == "en" and {"en", "ru", "de", "sv"} <= set(found)
    assert all(found.values()) and found["ru"] == "да"
