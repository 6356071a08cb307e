"""What the format's description shows is what the loader takes: its examples are one folder."""

import re
from collections import defaultdict
from pathlib import Path
from textwrap import indent
from typing import get_args

import pytest

from consult.definition.consultation import Definition
from consult.definition.loader import load_with_warnings
from consult.definition.question import AnyQuestion
from consult.definition.rules import ProtocolText
from consult.definition.scale import Condition
from consult.services.panel.panel_file import read_panel

README = Path(__file__).parents[2] / "questionnaires" / "README.md"
EXAMPLE = re.compile(r"<!-- example: (\S+) -->\n```(?:yaml|csv)\n(.*?)```", re.S)


def _examples() -> dict[str, list[str]]:
    found = defaultdict(list)
    for kind, block in EXAMPLE.findall(README.read_text("utf-8")):
        found[kind].append(block)
    return found


def _folder(path: Path) -> Path:
    """The page's files as a folder, its single questions added to the first questionnaire."""
    path.mkdir()
    examples = _examples()
    for name, blocks in examples.items():
        if name.endswith(".yaml"):
            (path / name).write_text("".join(blocks), "utf-8")
    with (path / "before.yaml").open("a", encoding="utf-8") as file:
        for block in examples["question"]:
            file.write(indent(block, " " * 6))
    return path


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    found, warnings = load_with_warnings(_folder(tmp_path_factory.mktemp("readme") / "town-garden"))
    assert warnings == []
    return found


def test_every_example_loads(definition: Definition) -> None:
    assert definition.slug == "town-garden"
    assert len(definition.questionnaires["before"].sections[0].questions) > 10


def test_every_question_type_has_an_example(definition: Definition) -> None:
    types = {get_args(model.model_fields["type"].annotation)[0] for model in get_args(AnyQuestion)}
    assert {question.type for question in definition.questions.values()} == types


def test_the_protocol_written_out_is_the_default(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "town-garden")
    path = folder / "consultation.yaml"
    head, _, _ = path.read_text("utf-8").partition("protocol:")
    (written,) = _examples()["protocol"]
    assert "rounds: 3 " in written
    path.write_text(head + written.replace("rounds: 3 ", "rounds: 2 "), "utf-8")
    protocol = load_with_warnings(folder)[0].protocol
    stopping = protocol.stopping.model_copy(update={"rounds": 3})
    assert protocol.model_copy(update={"stopping": stopping}) == ProtocolText()


def test_the_panel_file_is_taken(definition: Definition) -> None:
    (text,) = _examples()["panel.csv"]
    (row,) = read_panel(definition, text.encode())
    assert (row.name, row.group) == ("Anna Example", "trade")


def test_every_rule_on_show_if_is_in_the_table(definition: Definition) -> None:
    text = README.read_text("utf-8")
    fields = Condition.model_fields.items()
    rules = {field.alias or name for name, field in fields} - {"question", "all", "any", "not"}
    assert {"is", "in", "answered"} <= rules
    for rule in rules:
        assert f"{{question: Q, {rule}: " in text, rule
