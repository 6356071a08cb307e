"""The list of commands: complete, true, and printed without loading what they need."""

import json
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from consult.cli import ENTRIES, LazyGroup, main
from tests.sources import ROOT

HEAVY = {"alembic", "analysis", "flask", "numpy", "pandas", "plotly", "scipy", "sqlalchemy"}


def loaded_by(*words: str) -> set[str]:
    """Top-level modules that a command line loads, in a process of its own."""
    program = (
        "import json, sys\n"
        "from consult.cli import main\n"
        f"try: main({list(words)!r})\n"
        "except SystemExit: pass\n"
        "print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))\n"
    )
    finished = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(finished.stdout.splitlines()[-1]))


@pytest.mark.parametrize("words", [("--help",), (), ("nonsense",), ("--version",)])
def test_the_list_of_commands_loads_nothing(words: tuple[str, ...]) -> None:
    assert loaded_by(*words) & HEAVY == set()


@pytest.mark.parametrize("word", ["panel", "measures", "status", "open"])
def test_a_commands_help_loads_no_numbers_and_no_charts(word: str) -> None:
    assert loaded_by(word, "--help") & {"pandas", "plotly", "scipy"} == set()


def every_command() -> list[tuple[tuple[str, ...], click.Command]]:
    found: list[tuple[tuple[str, ...], click.Command]] = []

    def walk(words: tuple[str, ...], group: click.Group) -> None:
        context = click.Context(group)
        for word in group.list_commands(context):
            command = group.get_command(context, word)
            assert command is not None and command.name == word, (*words, word)
            found.append(((*words, word), command))
            if isinstance(command, click.Group):
                walk((*words, word), command)

    walk((), main)
    return found


def test_every_command_explains_itself() -> None:
    commands = list(every_command())
    assert len(commands) > 20
    for words, command in commands:
        assert command.help, words
        result = CliRunner().invoke(main, [*words, "--help"])
        assert result.exit_code == 0, words
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.name != "help":
                assert parameter.help or parameter.show_default, (words, parameter.name)


def test_every_command_stands_in_the_help() -> None:
    shown = CliRunner().invoke(main, ["--help"]).output
    for word, (_, words) in ENTRIES.items():
        assert f"  {word} " in shown and words in shown


def test_an_unknown_command_is_a_usage_error() -> None:
    result = CliRunner().invoke(main, ["nonsense"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nonsense" in result.stderr


def test_the_group_is_lazy() -> None:
    assert isinstance(main, LazyGroup)
