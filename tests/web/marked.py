"""Sweeps over forms: each carries a mark, and no view takes one that carries none."""

from collections.abc import Iterable, Iterator, Mapping

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from consult.models import Account, Expert
from consult.services.access import sessions
from consult.services.staff import sign_in
from consult.web.marks import form_mark, recognise

PUBLIC = {
    "accounts.login": "who signs in is nobody yet; the password says who it is",
    "accounts.link": "the link in the address says whose account it opens",
    "enter.landing": "the link in the address says for whom, whoever is signed in",
    "links.ask": "the address typed says for whom",
    "links.ask_here": "the address typed says for whom",
    "links.again": "the link in the address says for whom",
    "links.write": "whoever got the link of somebody else writes, and touches nothing of theirs",
    "correspondence.no_reminders": "posted by mail programs; the address says for whom",
}
"""Views that take a form from anybody, and what says there whose it is."""
REFUSED = (401, 404, 409)


def unmarked(app: Flask, address: str, text: str) -> list[str]:
    """Forms of a page that are sent to a guarded view without a mark and a token."""
    found = []
    for form in html.fromstring(text).xpath("//form[@method='post']"):
        target = form.get("action") or address
        path = target.partition("?")[0]
        endpoint, _ = app.url_map.bind("localhost").match(path, method="POST")
        for name in ("csrf_token", *(() if endpoint in PUBLIC else ("mark",))):
            values = form.xpath(".//input[@type='hidden'][@name=$name]/@value", name=name)
            if len(values) != 1 or not values[0]:
                found.append(f"{address}: the form to {endpoint} carries {len(values)} {name}")
    return found


def takers(app: Flask) -> Iterator[Rule]:
    """Every address that takes a form from somebody in particular."""
    return (rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ()) and rule.endpoint not in PUBLIC)


def open_doors(
    addresses: Iterable[str], people: Mapping[str, FlaskClient], tokens: Mapping[str, str]
) -> tuple[list[str], int]:
    """Addresses that take a form without a mark, and how many refused one for want of it."""
    found, refusals = [], 0
    for address in addresses:
        for who, client in people.items():
            data = {"csrf_token": tokens[who], "item-reason": "because", "consent": "yes"}
            answer = client.post(address, data=data)
            refusals += answer.status_code == 409
            if answer.status_code not in REFUSED:
                found.append(f"{who} at {address} ({answer.status_code})")
    return found, refusals


def mark_for(client: FlaskClient, address: str) -> str:
    """The mark that a page drawn for whoever uses this browser would carry; empty where none is."""
    app = client.application
    with client.session_transaction() as cookie:
        known = dict(cookie)
    path = address.partition("?")[0]
    with app.test_request_context(path), app.extensions["consult_database"].reading() as session:
        try:
            endpoint, values = app.url_map.bind("localhost").match(path, method="POST")
        except HTTPException:
            return ""
        guard = getattr(app.view_functions[endpoint], "guard", "")
        if guard == "public":
            return ""
        person: Expert | Account | None = None
        name = ""
        if guard == "expert":
            held = known.get("experts", {}).get(values["slug"], "")
            visit = sessions.visit_of(session, values["slug"], held)
            person, name = (visit.expert, visit.name) if visit is not None else (None, "")
        elif known.get("_user_id"):
            person = sign_in.account_of_session(session, known["_user_id"])
        if person is None:
            return ""
        recognise(person, name)
        return form_mark(path)
