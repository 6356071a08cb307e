"""Refusals: every code is raised, has its words in every finished language, and fits its facts."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from itertools import product

import pytest

from consult.errors import ConsultError, NotPossible
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Facts, Named, OfStage, RolesApart
from consult.refusals.file_facts import FileForRole
from consult.roles import ROLES
from consult.web.languages import INTERFACE
from consult.words import catalogues
from consult.words.refusals import FATES, SENTENCES, in_english, refusal_sentence
from tests.sources import Module, modules
from tests.web.catalogues import NAMES

CLASSES = {kind.__name__: kind for kind in (ConsultError, *ConsultError.__subclasses__())}
CODED = ("consult/services", "consult/definition", "consult/models", "consult/briefing", "consult/web")


def _samples(code: Code) -> Iterator[Refusal]:
    """The refusal with made-up facts, which hold no Latin letters; one for each fate."""
    fates = [fate for known, fate in FATES if known is code] or [""]
    kinds = {"str": "ю", "int": 7, "tuple[str, ...]": ("ю", "я")}
    for fate in fates:
        values = {}
        for one in fields(code.facts):
            kind = getattr(one.type, "__name__", str(one.type))
            if kind == "tuple":
                kind = str(one.type)
            values[one.name] = (
                fate
                if one.name == "fate"
                else Refusal(Code.NOT_OPENED, OfStage("ю"))
                if kind == "Refusal"
                else kinds[kind]
            )
        yield Refusal(code, code.facts(**values))


@pytest.mark.parametrize(("code", "language"), list(product(Code, INTERFACE)))
def test_every_refusal_has_words_in_every_language(code: Code, language: str) -> None:
    """All facts stand in it, nothing is left unfilled, and no English is left in another one."""
    translate = catalogues.catalogue(language)
    samples = list(_samples(code))
    assert samples
    for refusal in samples:
        told = refusal_sentence(refusal, translate)
        assert told.strip() and "%" not in told and "{" not in told
        for one in fields(code.facts):
            if one.name != "fate":
                assert ("7" if one.type in (int, "int") else "ю") in told, one.name
        if language != "en":
            assert set(re.findall("[A-Za-z]{2,}", told)) - NAMES == set()
            assert told != refusal_sentence(refusal, catalogues.catalogue("en")) or (
                SENTENCES[code].startswith("%") and not re.search("[A-Za-z]{2,}", told)
            )


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_said_in_the_language_of_the_sentence(role: str) -> None:
    russian = catalogues.catalogue("ru")
    for refusal in (
        Refusal(Code.FILE_NOT_FOR_ROLE, FileForRole("ю", role)),
        Refusal(Code.ROLES_APART, RolesApart("ю", (role,), role)),
    ):
        assert role in in_english(NotPossible(refusal))
        assert russian.gettext(role) in refusal_sentence(refusal, russian)
        assert role not in refusal_sentence(refusal, russian)


def test_a_refusal_in_english_reads_as_it_is_written() -> None:
    assert in_english(NotPossible(Refusal(Code.OPENED_BEFORE, OfStage("round-1")))) == ("'round-1' was opened before")
    assert in_english(NotPossible("two lines\nof a command: 100 %")) == ("two lines\nof a command: 100 %")


def test_facts_of_another_code_are_no_refusal() -> None:
    with pytest.raises(TypeError, match="goes with OfStage"):
        Refusal(Code.OPENED_BEFORE, Named("round-1"))
    with pytest.raises(TypeError, match="goes with OfStage"):
        Refusal(Code.OPENED_BEFORE)
    assert Refusal(Code.SAME_WORDING).facts == Facts()


def test_every_code_is_given_somewhere() -> None:
    given = {
        node.attr
        for module in modules("consult")
        if module.name not in ("consult.words.refusals", "consult.refusals.codes")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Code"
    }
    assert {code.name for code in Code} - given == set()


def test_no_two_codes_say_the_same() -> None:
    told = [sentence for code, sentence in SENTENCES.items() if sentence != "%(problems)s"]
    assert len(told) == len(set(told))


def _raised(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call that makes a ConsultError: by a class of `consult.errors`, however imported."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in CLASSES and isinstance(node.func, ast.Name | ast.Attribute):
                yield node, name


def test_who_speaks_to_a_page_gives_a_code() -> None:
    """Words are for commands: no service, and nothing that a page uses, refuses in a sentence."""
    made = [(module, *found) for module in modules(*CODED) for found in _raised(module)]
    assert len(made) > 100
    offenders = [
        f"{module.at(call)} {ast.unparse(call)}"
        for module, call, name in made
        if name not in ("DefinitionInvalid", "PanelInvalid") and not _gives_a_code(call)
    ]
    assert offenders == []


def _gives_a_code(call: ast.Call) -> bool:
    """`Refusal(...)`, or the refusal of another error."""
    (given,) = call.args
    return ast.unparse(given).startswith("Refusal(") or (isinstance(given, ast.Attribute) and given.attr == "refusal")
