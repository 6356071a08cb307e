"""The catalogues hold every text of the interface, translated, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.plurals import get_plural
from babel.messages.pofile import read_po

from consult.web.languages import INTERFACE
from consult.words.journal import ACTS
from tests.sources import Module, modules
from tests.web.catalogues import catalogue, make_messages, messages, pairs, path, said, speaks_alike

MARKS = {"_", "_l", "N_", "gettext", "lazy_gettext", "ngettext", "pgettext", "npgettext"}
TAG = re.compile(r"</?\w+|&\w+;")
WITHOUT_LETTERS = {"n", "%(part)d in %(whole)d", "%(point)s means"}
"""Messages that Russian says with signs only."""
pytestmark = pytest.mark.parametrize("language", [code for code in INTERFACE if code != "en"])


def test_make_messages_changes_nothing(language: str, tmp_path: Path) -> None:
    """Nothing in the code that is not in the catalogue, and the other way round."""
    _, copy = make_messages(tmp_path)
    made = copy / language / "LC_MESSAGES" / "messages.po"
    with made.open("rb") as file:
        again = read_po(file, locale=language)
    assert set(said(again)) ^ set(said(catalogue(language))) == set(), "run `make messages`"
    assert said(again) == said(catalogue(language))
    assert list(catalogue(language).obsolete) == []


def test_every_marked_text_is_in_the_catalogue(language: str) -> None:
    """By reading the syntax trees: extraction overlooks what is marked inside an f-string."""
    known = {(m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in messages(language)}
    offenders = [
        f"{module.at(call)}: {ast.unparse(call)}"
        for module in modules("consult")
        for call in _marked(module)
        if isinstance(call.args[0], ast.Constant) and _context_and_words(call) not in known
    ]
    assert offenders == []


def _marked(module: Module) -> Iterator[ast.Call]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in MARKS:
            yield node


def _context_and_words(call: ast.Call) -> tuple[object, object]:
    """Of `pgettext("tag of a stage", "started")` both, of any other mark the words alone."""
    said = [word.value for word in call.args[:2] if isinstance(word, ast.Constant)]
    return (said[0], said[-1]) if _name(call.func) in ("pgettext", "npgettext") else (None, said[0])


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def test_everything_is_translated(language: str) -> None:
    missing = [pair for pair in pairs(language) if not pair[1].strip()]
    assert missing == []
    assert [message.id for message in messages(language) if message.fuzzy] == []


def test_every_plural_form_is_there(language: str) -> None:
    """As many as the language has: Russian counts 1 ответ, 2 ответа, 5 ответов."""
    count = catalogue(language).num_plurals
    assert count == get_plural(language).num_plurals
    plurals = [message for message in messages(language) if not isinstance(message.id, str)]
    assert plurals
    assert [m.id for m in plurals if len(m.string) != count] == []


def test_placeholders_are_the_same(language: str) -> None:
    """Names, number of uses and percent signs: formatting must never fail in one language only."""
    offenders = [pair for pair in pairs(language) if not speaks_alike(*pair)]
    assert offenders == []


def test_markup_and_white_space_are_the_same(language: str) -> None:
    """Sentences are put together from parts: a lost space at an end would join two words."""
    offenders = [
        (english, other)
        for english, other in pairs(language)
        if TAG.findall(english) != TAG.findall(other)
        or english[:1].isspace() != other[:1].isspace()
        or english[-1:].isspace() != other[-1:].isspace()
        or "\n" in english + other
    ]
    assert offenders == []


def test_sentences_end_alike(language: str) -> None:
    """A full stop, a colon or a question mark is part of what is said."""
    ends = {".": ".!", ":": ":!", "?": "?", "…": "…"}
    offenders = [
        (english, other)
        for english, other in pairs(language)
        if (end := english[-1:]) in ends and " " in english and not other.endswith(tuple(ends[end]))
    ]
    assert offenders == []


def test_the_compiled_catalogue_is_this_one(language: str) -> None:
    with path(language, "mo").open("rb") as file:
        compiled = read_mo(file)
    assert said(compiled) == said(catalogue(language))
    with path(language, "mo").open("rb") as file:
        rule = dict(read_mo(file).mime_headers)["Plural-Forms"]
    assert f"nplurals={get_plural(language).num_plurals};" in rule


def test_acts_of_the_journal_have_words(language: str) -> None:
    """Whatever services and commands record is an act that the journal's page can name."""
    recorded = {
        value.value
        for module in modules("consult/services", "consult/commands", "consult/web")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "journal.record"
        for value in node.args[3:4]
        if isinstance(value, ast.Constant)
    }
    assert recorded
    assert recorded - set(ACTS) == set()
