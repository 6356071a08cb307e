"""A person at a browser, without a browser: reads the application's pages and sends its forms."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


class PageRefused(AssertionError):
    """The application did not accept what the synthetic person sent."""


@dataclass(slots=True)
class Control:
    """One named control of a form: its kind, and what it offers (exclusive options left out)."""

    name: str
    kind: str
    values: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Form:
    """The main form of a page."""

    hidden: list[tuple[str, str]] = field(default_factory=list)
    controls: dict[str, Control] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the controls of the forms inside `<main>`."""

    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self.in_main = False
        self.select: str | None = None
        self.errors: list[str] = []
        self._listening = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {key: value or "" for key, value in attrs}
        if tag == "main":
            self.in_main = True
        if not self.in_main:
            return
        if known.get("class") == "errors":
            self._listening = 1
        if tag == "input":
            self._input(known)
        elif tag == "textarea":
            self.form.controls[known["name"]] = Control(known["name"], "text")
        elif tag == "select":
            self.select = known["name"]
            self.form.controls[self.select] = Control(self.select, "select")
        elif tag == "option" and self.select and known.get("value"):
            self.form.controls[self.select].values.append(known["value"])
        elif tag == "button" and known.get("name"):
            self.form.buttons.append((known["name"], known.get("value", "")))

    def _input(self, known: dict[str, str]) -> None:
        kind, name = known.get("type", "text"), known.get("name", "")
        if kind == "hidden":
            self.form.hidden.append((name, known.get("value", "")))
        elif name:
            kind = "text" if kind in ("text", "email", "number") else kind
            control = self.form.controls.setdefault(name, Control(name, kind))
            if kind in ("radio", "checkbox") and "data-exclusive" not in known:
                control.values.append(known.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self.in_main = False
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self._listening and data.strip() and len(self.errors) < 6:
            self.errors.append(data.strip())


def read_form(text: str) -> Form:
    """The main form of a page."""
    return _read(text).form


def _read(text: str) -> _Reader:
    reader = _Reader()
    start, end = text.find("<main"), text.rfind("</main>")
    reader.feed(text[start:end] if 0 <= start < end else "")
    return reader
