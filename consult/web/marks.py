"""Whose form it is: the mark that stands beside the token of every form.

A browser sends a form under whatever session it has by then. The mark says for whom the form was
drawn and on which page; the guards hold it against who is signed in when the form comes back.
"""

import hmac
import json
from base64 import b32encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request
from werkzeug.exceptions import Conflict

from consult.database import get_session
from consult.models import Account, Expert
from consult.services.panel import people

FIELD = "mark"
TAG_LENGTH = 16
MAC_BYTES = 24

Person = Expert | Account


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is: the name it shows, and the one a device keeps what they type under."""

    name: str
    device: str


class DrawnForAnother(Conflict):
    """A form came back under another session than it was drawn for, or shows none.

    `drawn_for` is empty unless the mark of another person held; the names are for that page only.
    """

    def __init__(self, *, is_known: bool, drawn_for: str, signed_in_as: str) -> None:
        super().__init__()
        self.is_known = is_known
        self.drawn_for = drawn_for
        self.signed_in_as = signed_in_as


class DrawnForNobody(RuntimeError):
    """A form to a guarded view stands on a page that was drawn for nobody: a mistake of ours."""


def register(app: Flask) -> None:
    """Let templates draw marks."""
    app.jinja_env.globals["form_mark"] = form_mark


def recognise(person: Person, name: str) -> None:
    """This request is by that person of that name: forms are drawn for them from here on."""
    g.person, g.person_name = person, name
    g.person_tag = _tag(person)  # also for the page that says that the session has failed


def recognised() -> Person | None:
    """Whose request this is, as far as it was found out."""
    found: Person | None = g.get("person")
    return found


def form_mark(address: str = "") -> str:
    """The mark of a form sent to this address, or to the page it stands on; none for a public one.

    Raises DrawnForNobody.
    """
    endpoint, values = _target(address) if address else (request.endpoint, request.view_args)
    guard = getattr(current_app.view_functions[endpoint or ""], "guard", "")
    if guard == "public":
        return ""
    person = recognised()
    if person is None or isinstance(person, Expert) is not (guard == "expert"):
        raise DrawnForNobody(f"a form to {address or request.path}")
    return _mark(person, g.person_tag, endpoint or "", values or {})


def reader() -> Reader | None:
    """For whom a page is; None when that is nobody, or the database cannot be asked."""
    person = recognised()
    if person is None or g.get("has_failed"):
        return None
    return Reader(g.person_name, device_tag(person))


def device_tag(person: Person) -> str:
    """What stands before everything a device keeps of this person; nobody is found by it."""
    return _digest("what a device keeps", _kind(person), _tag(person))[:TAG_LENGTH]


def require_own(person: Person, place: int | None = None) -> None:
    """Let through what sends nothing, and forms drawn for this person and this page.

    `place` is the consultation in which another expert is looked for. Raises DrawnForAnother.
    """
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    sent = request.form.get(FIELD, "")
    if _holds(sent, person, _tag(person)):
        return
    session = get_session()
    tag = sent[:TAG_LENGTH]
    is_known = _holds(sent, person, tag)
    other: Person | None = None
    if is_known and isinstance(person, Account):
        other = people.account_like(session, lambda one: _tag(one) == tag)
    elif is_known and place is not None:
        other = people.expert_of_handle(session, place, tag)
    raise DrawnForAnother(
        is_known=is_known,
        drawn_for=people.name_of(session, other) if other else "",
        signed_in_as=people.name_of(session, person),
    )


def _target(address: str) -> tuple[str, Mapping[str, Any]]:
    """The view behind an address of ours, and the parts of the address."""
    path = address.partition("?")[0].partition("#")[0]
    adapter = current_app.create_url_adapter(request)
    assert adapter is not None
    return adapter.match(path, method="POST")


def _holds(sent: str, person: Person, tag: str) -> bool:
    drawn = _mark(person, tag, request.endpoint or "", request.view_args or {})
    return hmac.compare_digest(drawn.encode("utf-8", "replace"), sent.encode("utf-8", "replace"))


def _mark(person: Person, tag: str, endpoint: str, values: Mapping[str, Any]) -> str:
    """Who it is in clear, and what proves it: consultation, stage and page stand in the address.

    Where an address names no page, its view is one; saving while one types is of the page itself.
    """
    page = json.dumps({"page": endpoint, **values}, sort_keys=True)
    return tag + _digest("mark of a form", _kind(person), tag, page)


def _kind(person: Person) -> str:
    return "expert" if isinstance(person, Expert) else "account"


def _tag(person: Person) -> str:
    """An expert's handle; of an account, which has none, what tells nothing of its number."""
    if isinstance(person, Expert):
        return person.handle
    return b32encode(_mac("tag of an account", str(person.id)))[:TAG_LENGTH].decode().lower()


def _digest(*told: str) -> str:
    return urlsafe_b64encode(_mac(*told)[:MAC_BYTES]).decode()


def _mac(purpose: str, *told: str) -> bytes:
    key: str = current_app.config["SECRET_KEY"]
    return hmac.digest(key.encode(), json.dumps([purpose, *told]).encode(), "sha256")
