"""Pages have types: templates read what views have, views have what templates read."""

import dataclasses
import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import render_template_string
from jinja2 import Environment, UndefinedError, nodes

import consult.web
from consult.definition.text import Shown
from consult.models import Account, Stage
from consult.services.panel.panel import Member
from consult.web.access import StaffContext
from consult.web.expert.parties import Party
from consult.web.languages import Site
from tests.sources import ROOT
from tests.web.visiting import Library

TEMPLATES = ROOT / "consult/web/templates"
DICTS = ("results/", "public/results.html")
"""Pages that are drawn from released numbers, not from views alone."""
NOT_DRAWN = {"Frame.has_drafts": "says whether languages in draft are offered"}
"""Fields of views that no template reads by their name, and what for they are there."""
WTFORMS = frozenset(
    {
        "description",
        "errors",
        "flags",
        "html_tag",
        "input_type",
        "inputs",
        "option_widget",
        "password",
        "required",
        "text",
        "widget",
    }
)
MACROS = frozenset({"m", "parts", "card"})
"""As what templates import the files of macros."""
JINJA = frozenset({"append", "first", "get", "index", "index0", "items", "last", "previtem", "update"})


@cache
def _views() -> dict[str, type]:
    """Every frozen class that a module of the web defines and that is no service of its own."""
    found = {}
    for info in pkgutil.walk_packages(consult.web.__path__, "consult.web."):
        if info.name.startswith("consult.web.results"):
            continue
        module = importlib.import_module(info.name)
        for name, kind in vars(module).items():
            is_own = getattr(kind, "__module__", "") == info.name
            if is_own and isinstance(kind, type) and dataclasses.is_dataclass(kind):
                found[name] = kind
    return found


def _drawn() -> dict[str, type]:
    """The views whose home is a module of views, or beside the code that makes them."""
    inside = (
        "RequestContext",
        "ExpertContext",
        "StaffContext",
        "RenderContext",
        "StageProgress",
        "RatedMeasure",
        "Refused",
        "Beside",
        "RatingPage",
        "Asset",
    )
    return {name: kind for name, kind in _views().items() if name not in inside}


def _trees() -> Iterator[tuple[str, nodes.Template]]:
    environment = Environment(extensions=["jinja2.ext.i18n"])
    for path in sorted(TEMPLATES.rglob("*.html")):
        yield str(path.relative_to(TEMPLATES)), environment.parse(path.read_text("utf-8"))


def _read(tree: nodes.Template) -> set[str]:
    """Names read of something in a template; those of macros of another file are none."""
    return {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if not (isinstance(node.node, nodes.Name) and node.node.name in MACROS)
    }


def _names(kind: type) -> set[str]:
    own = (
        {one.name for one in dataclasses.fields(kind)}
        if dataclasses.is_dataclass(kind)
        else {name for name in dir(kind) if not name.startswith("_")}
    )
    properties = {name for name, one in vars(kind).items() if isinstance(one, property)}
    return own | properties | set(getattr(kind, "__annotations__", ()))


def test_templates_read_only_names_that_some_view_has() -> None:
    """A branch on a name that nothing ever has would be a text that nobody ever reads."""
    others = (Account, Member, Party, Shown, Site, Stage, StaffContext)
    known = {name for kind in (*_views().values(), *others) for name in _names(kind)}
    strange = {
        f"{path}: {name}"
        for path, tree in _trees()
        if not path.startswith(DICTS)
        for name in _read(tree) - known - WTFORMS - JINJA
    }
    assert strange == set()


def test_every_field_of_a_view_is_read_by_a_template() -> None:
    read = {name for _path, tree in _trees() for name in _read(tree)}
    fields = {f"{name}.{one.name}": one.name for name, kind in _drawn().items() for one in dataclasses.fields(kind)}
    assert len(fields) > 150
    assert {path for path, name in fields.items() if name not in read} == set(NOT_DRAWN)


def test_views_do_not_change_once_made() -> None:
    loose = {
        name
        for name, kind in _drawn().items()
        if not kind.__dataclass_params__.frozen or not hasattr(kind, "__slots__")  # type: ignore[attr-defined]
    }
    assert loose == set()


def test_a_name_that_is_not_there_fails(first_look: Library) -> None:
    with first_look.app.test_request_context("/"), pytest.raises(UndefinedError, match="nothing"):
        render_template_string("{% if site.nothing %}a{% endif %}")


def test_the_sweeps_read_templates() -> None:
    (tree,) = [tree for path, tree in _trees() if path == str(Path("expert/receipt.html"))]
    assert {"code", "reopen_href", "parts", "answers"} <= _read(tree)
    assert "paragraphs" not in _read(tree) and "when" not in _read(tree)
