import json
from datetime import timedelta

from sqlalchemy import text

from analysis.canonical import canonical_json
from consult import clock
from tests.commands.conftest import BEFORE, CommandLine

SLUG = "town-library"


def digest_of(rated: CommandLine, stage: str) -> str:
    return rated.out("results", SLUG, stage).split()[-1]


def test_verdicts_with_reasons_and_digest(rated: CommandLine) -> None:
    shown = rated.out("results", SLUG, "round-1")
    assert shown.startswith("12 invited, 12 consented, 10 started, 10 submitted\n\n")
    assert "measure  criterion" in shown and "L1 wish: " in shown
    assert "Stability not known: rated in one round only." in shown
    assert len(digest_of(rated, "round-1")) == 64


def test_a_questionnaire_shows_its_answers(rated: CommandLine) -> None:
    shown = rated.out("results", SLUG, "first-look")
    assert "visits" in shown and "never: " in shown


def test_json_is_canonical_and_holds_nothing_hidden(rated: CommandLine) -> None:
    line = rated.out("results", SLUG, "round-1", "--json").strip()
    whole = json.loads(line)
    assert canonical_json(whole) == line
    assert whole["digest"] == digest_of(rated, "round-1")
    assert "hidden" not in whole["numbers"] and whole["texts"] is None


def test_a_stage_that_is_not_frozen(rated: CommandLine) -> None:
    assert "no frozen result yet" in rated.refused("results", SLUG, "round-2")
    assert "there are: first-look, round-1" in rated.refused("results", SLUG, "round-8")


def test_a_stage_nobody_answered_withholds_nothing(library: CommandLine) -> None:
    library("open", SLUG, "first-look", "--reason", "a try")
    with clock.set_to(BEFORE + timedelta(hours=1)):
        library("close", SLUG, "first-look", "--reason", "a try")
        shown = library.out("results", SLUG, "first-look")
        assert "Nobody answered this, or nobody was asked." in shown


def test_results_are_reproduced(rated: CommandLine) -> None:
    lines = rated.out("verify", SLUG).splitlines()
    assert [line.split()[-1] for line in lines[1:]] == ["reproduced", "reproduced"]


def test_nothing_to_verify(library: CommandLine) -> None:
    assert "no stage is frozen yet" in library.out("verify", SLUG)


def test_after_erasure_a_result_is_not_reproducible(rated: CommandLine) -> None:
    rated("withdraw", SLUG, "E02")
    assert rated.out("verify", SLUG).count("reproduced") == 2, "frozen is frozen"
    rated("erase", SLUG, "E01", "--yes")
    assert "not reproducible: 1 erased" in rated.out("verify", SLUG)


def test_changed_answers_are_found(rated: CommandLine) -> None:
    made = rated.database()
    with made.engine.connect() as connection:
        connection.execute(text("DROP TRIGGER tr_answer_no_update"))
        connection.execute(text("UPDATE answer SET value = 1 WHERE value = 4"))
        connection.commit()
    made.dispose()
    result = rated("verify", SLUG, code=1)
    assert "the answers give another result" in result.stdout


def test_a_changed_result_is_found(rated: CommandLine) -> None:
    made = rated.database()
    with made.engine.connect() as connection:
        connection.execute(text("DROP TRIGGER tr_result_no_update"))
        connection.execute(text("UPDATE result SET content = replace(content, '\"in\"', '\"out\"')"))
        connection.commit()
    made.dispose()
    assert "its content was changed" in rated("verify", SLUG, code=1).stdout
