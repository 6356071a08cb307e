import pytest
from sqlalchemy import text

from consult import schema
from tests.commands.conftest import CommandLine


def test_upgrade_makes_a_database(nothing: CommandLine) -> None:
    assert "applied 0001" in nothing.out("db", "upgrade")
    assert "nothing to do" in nothing.out("db", "upgrade")
    assert "as the program expects" in nothing.out("db", "check")


def test_a_reading_command_makes_no_database(nothing: CommandLine) -> None:
    for words in (("list",), ("db", "check"), ("tick",), ("deliver",), ("status", "x")):
        assert "run `consult db upgrade`" in nothing.refused(*words)
    assert list(nothing.folder.iterdir()) == []


def test_a_database_behind_is_refused_in_words(nothing: CommandLine) -> None:
    made = nothing.database()
    with made.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TABLE something (number INTEGER)")
        connection.commit()
    made.dispose()
    for words in (("list",), ("db", "check"), ("serve",)):
        said = nothing.refused(*words)
        assert "at no revision" in said and ", ".join(schema.heads()) in said


def test_check_names_what_differs(consult: CommandLine) -> None:
    made = consult.database()
    with made.engine.connect() as connection:
        connection.execute(text("DROP TRIGGER tr_result_no_update"))
        connection.commit()
    made.dispose()
    assert consult.refused("db", "check") == "trigger tr_result_no_update of result is missing\n"


def test_unusable_settings_are_refused_in_words(consult: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONSULT_DATABSE_URL", "sqlite:///x.db")
    assert "CONSULT_DATABSE_URL is not a setting" in consult.refused("list")
    monkeypatch.delenv("CONSULT_DATABSE_URL")
    monkeypatch.setattr(CommandLine, "env", {"CONSULT_DATABASE_URL": "nonsense"})
    assert "CONSULT_DATABASE_URL cannot be used" in consult.refused("list")
    silent = "postgresql://nobody@127.0.0.1:9/nothing?connect_timeout=2"
    monkeypatch.setattr(CommandLine, "env", {"CONSULT_DATABASE_URL": silent})
    assert "the database does not answer" in consult.refused("list")
