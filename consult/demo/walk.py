"""One synthetic person's way through a stage, page by page."""

import re

from consult.demo.answers import answer
from consult.demo.browser import PageRefused
from consult.demo.opinions import played, rating, reason
from consult.demo.people import Person
from consult.demo.visitor import Sight, Visitor

MAX_PAGES = 120


def enter(visitor: Visitor, link: str, person: Person) -> None:
    """Open the personal link, press the button, agree."""
    visitor.get(link)
    visitor.send({})
    if visitor.address.endswith("/consent"):
        visitor.send({"language": [person.language], "consent": ["yes"]})


def walk_stage(
    visitor: Visitor,
    slug: str,
    stage: str,
    person: Person,
    round_number: int | None,
    *,
    pages: int = MAX_PAGES,
    submit: bool = True,
) -> int:
    """Answer a stage and submit it; returns how many pages were answered.

    With `pages` the person stops after so many. A page the application refuses raises PageRefused.
    """
    visitor.get(f"/c/{slug}/stage/{stage}/")
    count = 0
    while not visitor.page.endswith("/review"):
        if f"/stage/{stage}/" not in visitor.address or count >= pages:
            return count
        before = visitor.page
        visitor.send(page_answers(visitor, person, round_number))
        if visitor.page == before and "reason_asked" in dict(visitor.form.hidden):
            visitor.send(page_answers(visitor, person, round_number))
        if visitor.page == before:
            raise PageRefused(f"{before} does not lead on")
        count += 1
        if count > MAX_PAGES:
            raise PageRefused(f"{stage} has no end")
    if submit:
        visitor.send({"go": ["submit"]})
    return count


def page_answers(visitor: Sight, person: Person, round_number: int | None) -> dict[str, list[str]]:
    """What this person answers on the page that is open: control name -> values."""
    page = visitor.address.split("?")[0].rsplit("/", 1)[1]
    if round_number is not None and re.fullmatch(r"M\d+", page):
        return {**_ratings(visitor, page, person, round_number), "go": ["next"]}
    chosen: dict[str, list[str]] = {}
    for control in visitor.form.controls.values():
        if not control.name.startswith("item-"):
            continue
        values = answer(person, control, chosen)
        if values:
            chosen[control.name] = values
    _complete_groups(chosen)
    return {**chosen, "go": ["next"]}


def _complete_groups(chosen: dict[str, list[str]]) -> None:
    """A person who starts no instance of a group leaves all of it empty."""
    for question in ("PRE-31", "POST-16", "POST-19", "R1-01", "R2-01"):
        for number in ("1", "2", "3"):
            prefix = f"item-{question}.{number}."
            first = f"{prefix}title"
            if first not in chosen:
                for name in [name for name in chosen if name.startswith(prefix)]:
                    del chosen[name]


def _ratings(visitor: Sight, measure: str, person: Person, round_number: int) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for criterion in ("importance", "feasibility"):
        former = _former(visitor.text, f"item-{measure}.{criterion}")
        found[f"item-{measure}.{criterion}"] = [rating(measure, criterion, person, round_number, former)]
    found |= _played(visitor, measure, person, found)
    words = reason(person, measure, found[f"item-{measure}.importance"][0])
    if words:
        found[f"item-{measure}.importance.reason"] = [words]
    return found


def _played(visitor: Sight, measure: str, person: Person, given: dict[str, list[str]]) -> dict[str, list[str]]:
    """What played a part, where the page asks it."""
    name = f"item-{measure}.why"
    if name not in visitor.form.controls:
        return {}
    has_changed = any(
        former is not None and [str(former)] != values
        for criterion, values in given.items()
        for former in (_former(visitor.text, criterion),)
    )
    if not has_changed and "data-stayed" not in visitor.text:
        return {}
    named = played(person, measure, has_changed=has_changed)
    return {name: named} if named else {}


def _former(text: str, name: str) -> int | None:
    """The own former rating that the page marks, if any."""
    pattern = rf'class="point[^"]*\bmine\b[^"]*">\s*<input type="radio" name="{re.escape(name)}"'
    match = re.search(pattern + r'[^>]*value="(\d)"', text)
    return int(match.group(1)) if match else None
