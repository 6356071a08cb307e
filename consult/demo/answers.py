"""What the synthetic panel answers in the questionnaires. Invented, seeded."""

import random

from consult.demo.browser import Control
from consult.demo.opinions import SHAPES, chance
from consult.demo.people import Person

SECTORS = {
    "ps_health": (1.4, 0.1, 2.6),
    "ps_social": (1.3, 0.0, 2.1),
    "ps_edu_school": (2.0, 0.2, 2.8),
    "ps_tourism": (3.0, -0.95, 1.7),
    "ps_ict": (2.0, 0.75, 3.0),
    "ps_public": (2.3, -0.2, 2.5),
    "ps_textile": (1.5, -0.4, 1.6),
}
"""Cooperation before, change so far, expected: tourism falls, health, schools and ICT rise."""

MEANS = {
    "dim_digital": 3.0,
    "dim_economic": 2.2,
    "dim_environmental": 1.6,
    "dim_social": 2.7,
    "dim_educational": 2.6,
    "D03": 4.2,
    "D05": 4.4,
    "D06": 4.0,
    "D09": 3.9,
    "D01": 3.8,
    "D07": 3.6,
    "B02": 4.3,
    "B03": 4.0,
    "B13": 3.8,
    "B05": 3.7,
    "B09": 3.6,
    "B06": 3.5,
    "B01": 3.2,
    "B14": 2.4,
    "B08": 2.6,
    "B11": 2.7,
}

TEXTS: dict[str, tuple[str, ...]] = {
    "PRE-23": (
        "A design studio and a clinic rebuilt the admission ward together; waiting became shorter.",
        "A games team and a museum made a trail for school classes. It failed for lack of upkeep.",
        "Musicians worked in a care home for six months. Staff asked for it to go on.",
    ),
    "PRE-27": ("Pressure from young audiences.", "A crisis that both sides share."),
    "PRE-30": (
        "The partner changed its manager and the new one saw no use in it.",
        "The call accepted costs of one ministry only, so the second partner had to leave.",
        "We never agreed who owned the result.",
    ),
    "POST-06": ("How small organisations are paid for the time before a project begins.",),
    "POST-15": ("The example of the hospital showed me that procurement can be done.",),
    "POST-21": ("A contact person for partners outside culture.",),
    "POST-24": ("Thank you, good moderation.",),
    "FU-05": ("Two of the measures were discussed in our ministry.",),
}

PROPOSALS = (
    ("Match-making desk", "One contact point that answers within two weeks and names a partner."),
    (
        "Paid preparation time",
        "Pay small creative organisations for the weeks of preparing a joint project before any contract exists.",
    ),
    ("Joint procurement workshop", "Bring buyers of three cities and designers to one table for two days."),
    ("Open lab days", "Let hospitals and schools open their doors for one day to creative teams."),
    (
        "Bridge fund for freelancers",
        "Give freelancers in cross-sector work a small bridge payment between two projects.",
    ),
)


def answer(person: Person, control: Control, chosen: dict[str, list[str]]) -> list[str]:
    """Values for one control of a questionnaire page."""
    name = control.name.removeprefix("item-")
    question, _, rest = name.partition(".")
    source = chance(person, name)
    if rest.isdigit() and control.kind in ("radio", "select"):
        return _place(person, question, control, chosen)
    if control.kind == "radio":
        return [_choice(person, question, rest, control.values, source)]
    if control.kind == "checkbox":
        return _ticked(person, question, control.values, source)
    return _typed(person, question, rest, source)


def _choice(person: Person, question: str, rest: str, values: list[str], source: random.Random) -> str:
    points = [value for value in values if value.lstrip("-").isdigit()]
    if not points:
        return _option(person, question, values, source)
    if "no:dont_know" in values and source.random() < 0.04:
        return "no:dont_know"
    low, high = int(points[0]), int(points[-1])
    mean = _mean(question, rest, low, high)
    lift = 0.25 * (chance(person, "temper").random() - 0.5) * (high - low)
    value = round(source.gauss(mean + lift, 0.16 * (high - low)))
    return str(max(low, min(high, value)))


def _mean(question: str, rest: str, low: int, high: int) -> float:
    if rest in SECTORS:
        before, change, expected = SECTORS[rest]
        return {"PRE-16": before, "PRE-17": change, "PRE-18": expected, "FU-03": change / 2}.get(question, before)
    if rest in MEANS:
        mean = MEANS[rest]
        later = {"PRE-19": -0.5, "POST-09": 0.3}
        return mean + later.get(question, 0.0)
    return {"PRE-21": 0.9, "POST-10": 1.2}.get(question, low + 0.62 * (high - low))


def _option(person: Person, question: str, values: list[str], source: random.Random) -> str:
    fixed = {
        "PRE-03": person.country,
        "POST-02": person.team,
        "PRE-07": "in_gov"
        if person.role in ("role_policy", "role_funder")
        else "in_other"
        if person.role == "role_host"
        else "between"
        if person.role == "role_broker"
        else "in_cci",
        "PRE-13": "yes" if person.number % 3 else "planned",
        "PRE-24": "use_anon",
        "POST-23": "yes" if person.number % 4 else "no",
    }
    if fixed.get(question) in values:
        return str(fixed[question])
    plain = [value for value in values if "other" not in value and not value.startswith("no:")]
    return source.choice(plain or values)


def _ticked(person: Person, question: str, values: list[str], source: random.Random) -> list[str]:
    plain = [
        value
        for value in values
        if not value.endswith(("other", "none", "_none")) and not value.startswith("no:") and value != person.country
    ]
    if question == "PRE-15":
        known = [value for value in plain if value in SECTORS]
        return [value for value in known if chance(person, value).random() < 0.8] or known[:2]
    if question == "POST-01":
        return [value for value in plain if value.startswith("part_")]
    if question == "POST-20":
        return plain
    if question == "R3-01":
        ranked = sorted(plain, key=lambda key: -_liking(person, key))
        return ranked[:5]
    if question == "PRE-32":
        return []
    return source.sample(plain, min(len(plain), source.randint(1, 2)))


def _liking(person: Person, measure: str) -> float:
    shape = SHAPES.get(measure)
    base = shape.importance + 0.25 * shape.feasibility if shape else 9.2
    return base + chance(person, measure, "pick").gauss(0, 0.6)


def _place(person: Person, question: str, control: Control, chosen: dict[str, list[str]]) -> list[str]:
    taken = {value for name, values in chosen.items() for value in values if name.startswith(f"item-{question}.")}
    free = [value for value in control.values if value not in taken and value != "own"]
    stage = question.partition("-")[0]
    return [max(free, key=lambda key: MEANS.get(key, 3.0) + chance(person, key, "rank", stage).gauss(0, 0.7))]


def _typed(person: Person, question: str, rest: str, source: random.Random) -> list[str]:
    if question == "PRE-32" and rest:
        shares = {"lev_national": "4", "lev_ndpc": "3", "lev_local": "2", "lev_eu": "1"}
        return [shares.get(rest, "0")]
    if question in ("PRE-31", "POST-16", "R1-01", "R2-01"):
        return _proposed(person, question, rest)
    numbers = {
        "PRE-10": str(5 + chance(person, "years").randint(0, 25)),
        "PRE-14": str(person.number % 6),
        "POST-07": str(1 + person.number % 5),
        "FU-02": str(person.number % 3),
    }
    if question in numbers and not rest:
        return [numbers[question]]
    texts = TEXTS.get(question, ())
    if rest or not texts or source.random() > 0.5:
        return []
    return [source.choice(texts)]


def _proposed(person: Person, question: str, rest: str) -> list[str]:
    number, _, part = rest.partition(".")
    writes = {
        "PRE-31": person.number % 4 == 0,
        "POST-16": person.number in (5, 18),
        "R1-01": person.number == 13,
        "R2-01": person.number == 16,
    }
    if number != "1" or not writes[question]:
        return []
    title, text = PROPOSALS[(person.number + len(question)) % len(PROPOSALS)]
    return {"title": [title], "what": [text]}.get(part, [])
