"""The synthetic panel: twenty-five fictitious people. None of them exists."""

import csv
import io
from dataclasses import dataclass

COLUMNS = ("name", "email", "language", "country", "role", "team", "group")


@dataclass(frozen=True, slots=True)
class Person:
    """One fictitious expert and how far they come."""

    number: int
    name: str
    country: str
    role: str
    group: str
    team: str
    language: str
    stages: frozenset[str]

    @property
    def email(self) -> str:
        return f"expert{self.number:02d}@demo.example"


SEATS = (
    ("Astrid Holm", "DK", "role_practitioner", "creative", "team_drivers", "en"),
    ("Mikkel Bro", "DK", "role_policy", "policy", "team_interventions", "en"),
    ("Liina Saar", "EE", "role_broker", "creative", "team_barriers", "en"),
    ("Oleg Tamm", "EE", "role_host", "policy", "team_covid", "ru"),
    ("Aino Laine", "FI", "role_practitioner", "creative", "team_interventions", "en"),
    ("Eero Niemi", "FI", "role_research", "creative", "team_covid", "en"),
    ("Sofia Berg", "FI", "role_funder", "policy", "team_drivers", "en"),
    ("Jonas Winter", "DE", "role_manager", "creative", "team_barriers", "en"),
    ("Greta Sommer", "DE", "role_policy", "policy", "team_drivers", "en"),
    ("Paul Anders", "DE", "role_broker", "creative", "team_interventions", "en"),
    ("Hildur Vik", "IS", "role_practitioner", "creative", "team_covid", "en"),
    ("Einar Dal", "IS", "role_policy", "policy", "team_barriers", "en"),
    ("Ilze Kalna", "LV", "role_manager", "creative", "team_interventions", "en"),
    ("Marta Liepa", "LV", "role_host", "policy", "team_covid", "en"),
    ("Igor Lesnoy", "LV", "role_research", "creative", "team_drivers", "ru"),
    ("Rasa Vilke", "LT", "role_practitioner", "creative", "team_barriers", "en"),
    ("Tomas Girnis", "LT", "role_funder", "policy", "team_interventions", "en"),
    ("Ingrid Fjell", "NO", "role_broker", "creative", "team_covid", "en"),
    ("Lars Sund", "NO", "role_policy", "policy", "team_drivers", "en"),
    ("Zofia Lipska", "PL", "role_manager", "creative", "team_barriers", "en"),
    ("Adam Dolny", "PL", "role_host", "policy", "team_interventions", "en"),
    ("Vera Ozerova", "RU", "role_practitioner", "creative", "team_covid", "ru"),
    ("Pavel Reka", "RU", "role_policy", "policy", "team_barriers", "ru"),
    ("Elsa Strand", "SE", "role_practitioner", "creative", "team_drivers", "en"),
    ("Nils Ek", "SE", "role_broker", "creative", "team_interventions", "en"),
)

ABSENT: dict[str, tuple[int, ...]] = {
    "pre-event": (7, 12, 20),
    "post-event": (4, 7, 12, 20),
    "round-1": (3, 7, 12, 20, 21),
    "round-2": (3, 7, 10, 12, 15, 20, 21),
    "round-3": (2, 3, 7, 10, 11, 12, 15, 20, 21),
    "follow-up": (21,),
}
"""Who does not submit a stage, by number: 22, 21, 20, 18 and 16 of 25 do."""

STOPPED_HALF_WAY = {"pre-event": (20,), "round-1": (12,)}
"""Who begins a stage and does not submit it."""


def panel() -> list[Person]:
    """The whole panel, in the order of their numbers."""
    return [
        Person(
            number,
            name,
            country,
            role,
            group,
            team,
            language,
            frozenset(stage for stage, absent in ABSENT.items() if number not in absent),
        )
        for number, (name, country, role, group, team, language) in enumerate(SEATS, start=1)
    ]


def panel_file() -> bytes:
    """The panel as the CSV that `consult panel import` reads."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for person in panel():
        writer.writerow(
            [person.name, person.email, person.language, person.country, person.role, person.team, person.group]
        )
    return out.getvalue().encode()
