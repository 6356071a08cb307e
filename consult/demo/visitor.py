"""Somebody who reads pages and fills in forms."""

from typing import Any, Protocol

from werkzeug.test import Client, TestResponse

from consult.demo.browser import Form, PageRefused, _read


class Sight(Protocol):
    """A page as somebody sees it, in whatever browser."""

    address: str
    form: Form
    text: str


class Visitor:
    """One person's browser: keeps cookies, follows redirects, sends forms with their token."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.address = ""
        self.form = Form()
        self.text = ""

    @property
    def page(self) -> str:
        """The address of the page that is open, without its query."""
        return self.address.partition("?")[0].partition("#")[0]

    def get(self, address: str) -> None:
        """Open a page."""
        self._arrive(address, self.client.get(address))

    def send(self, answers: dict[str, list[str]], address: str | None = None) -> None:
        """Send the page's form with these answers; names outside the form are refused here."""
        unknown = set(answers) - set(self.form.controls) - {name for name, _ in self.form.buttons}
        if unknown:
            raise PageRefused(f"{self.address} has no control {sorted(unknown)}")
        data: dict[str, list[str]] = {}
        for name, value in self.form.hidden:
            data.setdefault(name, []).append(value)
        target = address or self.address
        self._arrive(target, self.client.post(target, data={**data, **answers}))

    def _arrive(self, address: str, response: TestResponse) -> None:
        hops = 0
        while response.status_code in (301, 302, 303, 308) and hops < 10:
            address, hops = str(response.location), hops + 1
            response = self.client.get(address)
        self.address, self.text = address, response.text
        reader = _read(self.text)
        self.form = reader.form
        if response.status_code >= 400 or reader.errors:
            raise PageRefused(f"{address} answered {response.status_code}: {' | '.join(reader.errors)}")

    def has_button(self, name: str, value: str) -> bool:
        """Whether the page offers this button."""
        return (name, value) in self.form.buttons


def visitor(app: Any) -> Visitor:
    """A fresh browser at this application."""
    return Visitor(app.test_client())
