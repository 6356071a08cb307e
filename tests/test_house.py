"""Rules of the house that can be read off the files."""

import ast
import re
from collections.abc import Iterator

from tests.sources import CODE, ROOT, Module, modules, texts

MODULE_LINES = 400
FUNCTION_LINES = 40
VAGUE = frozenset({"common", "helper", "helpers", "misc", "util", "utils"})

# "module.function": why it is long. Empty is best.
LONG_FUNCTIONS: dict[str, str] = {}
# "path": why text is marked as safe HTML there, and where it comes from.
TRUSTED_HTML: dict[str, str] = {}

# A letter in brackets keeps this file from finding itself.
UNFINISHED = re.compile(r"\b(?:[T]ODO|[F]IXME|[N]otImplementedError)\b")
UNTESTED = re.compile(r"\b(?:mark|pytest|unittest)\.(?:importorskip|skip|skipif|xfail)\b|\b[S]kipTest\b")
UNESCAPED = re.compile(r"\|\s*safe\b|\bautoescape\s+false\b")

# An asset is what a browser fetches by itself; a link that a person follows is not.
ASSET = re.compile(
    r"""<(?:audio|embed|iframe|image|img|link|object|script|source|track|use|video)\b
        [^>]*?\b(?:data|href|poster|src|srcset)\s*=\s*["']?\s*(?:https?:)?//""",
    re.IGNORECASE | re.VERBOSE,
)
STYLE_ASSET = re.compile(r"""(?:url\(\s*|@import\s+)["']?\s*(?:https?:)?//""", re.IGNORECASE)
# Names of XML vocabularies look like addresses and are never fetched.
SCRIPT_ADDRESS = re.compile(r"""["'`](?:https?:)?//(?!www\.w3\.org/)""", re.IGNORECASE)


def _lines(content: str, pattern: re.Pattern[str], path: str) -> list[str]:
    return [
        f"{path}:{content.count(chr(10), 0, found.start()) + 1} {found.group().strip()}"
        for found in pattern.finditer(content)
    ]


def _functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement after the docstring to the last."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_module_is_too_long() -> None:
    """A migration is exempt: it is history, and is not split after the fact."""
    offenders = [
        f"{module.path.relative_to(ROOT)}: {len(module.lines)} lines"
        for module in modules("analysis", "consult")
        if len(module.lines) > MODULE_LINES
    ]
    assert offenders == []


def test_no_module_is_a_drawer() -> None:
    assert [m.name for m in modules(*CODE, "tests") if m.path.stem in VAGUE] == []


def test_no_function_is_too_long() -> None:
    offenders = [
        f"{module.at(function)} {function.name}: {_body_lines(function)} lines"
        for module in modules("analysis", "consult")
        for function in _functions(module)
        if _body_lines(function) > FUNCTION_LINES and f"{module.name}.{function.name}" not in LONG_FUNCTIONS
    ]
    assert offenders == []


def test_each_service_has_tests_under_its_name() -> None:
    """`consult/services/<room>/<module>.py` is tested in `tests/services/<room>/test_<module>.py`."""
    found = [
        module.path.relative_to(ROOT / "consult")
        for module in modules("consult/services")
        if any(_functions(module)) and module.path.name != "__init__.py"
    ]
    assert len(found) > 90
    assert [str(path) for path in found if not (ROOT / "tests" / path.parent / f"test_{path.name}").exists()] == []


def test_nothing_is_left_unfinished() -> None:
    suffixes = (".css", ".html", ".js", ".md", ".py", ".toml", ".txt", ".typ", ".xml", ".yaml")
    offenders = [
        line
        for folder in (*CODE, "questionnaires", "tests")
        for path, content in texts(folder, *suffixes)
        for line in _lines(content, UNFINISHED, path)
    ]
    assert offenders == []


def test_no_test_is_left_out() -> None:
    offenders = [line for path, content in texts("tests", ".py") for line in _lines(content, UNTESTED, path)]
    assert offenders == []


def test_templates_escape_everything() -> None:
    offenders = [
        line
        for path, content in texts("consult", ".html", ".txt", ".xml")
        for line in _lines(content, UNESCAPED, path)
        if path not in TRUSTED_HTML
    ]
    assert offenders == []


def test_code_marks_no_text_as_safe() -> None:
    offenders = [
        module.at(node)
        for module in modules("analysis", "consult")
        if str(module.path.relative_to(ROOT)) not in TRUSTED_HTML
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and _called(node) == "Markup"
    ]
    assert offenders == []


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def test_pages_fetch_nothing_from_elsewhere() -> None:
    offenders = [
        line
        for suffix, pattern in (
            (".html", ASSET),
            (".html", STYLE_ASSET),
            (".svg", ASSET),
            (".css", STYLE_ASSET),
            (".js", SCRIPT_ADDRESS),
        )
        for path, content in texts("consult", suffix)
        for line in _lines(content, pattern, path)
    ]
    assert offenders == []


def test_the_sweeps_find_what_they_look_for() -> None:
    """A pattern that matches nothing would pass every sweep."""
    assert ASSET.search('<script defer\n src="https://cdn.example/x.js">')
    assert ASSET.search("<img src=//cdn.example/x.png>")
    assert not ASSET.search('<a href="https://example.org/">notice</a><img src="/static/x.png">')
    assert STYLE_ASSET.search("src: url('https://fonts.example/x.woff2')")
    assert SCRIPT_ADDRESS.search('fetch("https://example.org/")')
    assert not SCRIPT_ADDRESS.search('createElementNS("http://www.w3.org/2000/svg", "rect")')
    assert UNESCAPED.search("{{ text | safe }}") and UNESCAPED.search("{% autoescape false %}")
    assert UNTESTED.search("@pytest.mark." + "skipif(True)")
    assert UNFINISHED.search("raise NotImplemented" + "Error")


def test_locks_name_versions_and_no_address() -> None:
    locks = sorted(ROOT.glob("requirements*.txt"))
    assert len(locks) == 5
    for path in locks:
        lock = path.read_text(encoding="utf-8")
        assert "==" in lock and "--hash=sha256:" in lock
        assert "://" not in lock
