"""Another consultation than the one this was made for, from its folder to its results.

Nothing of the program is changed for it: another scale, another rule, another zone. All experts
answer through the pages; the verdicts are counted again here, from what was typed.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from lxml import html
from sqlalchemy import select

from analysis.model.criterion import CriterionResult
from consult import clock, schema
from consult.config import Config
from consult.database import Database
from consult.definition.loader import load
from consult.demo.browser import Control
from consult.demo.visitor import Visitor, visitor
from consult.models import Consultation, Result, Stage
from consult.services.mail import delivering, inviting
from consult.services.measures import comments, moderation
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.rounds.results import frozen_content
from consult.services.running import publishing, stage_acts
from consult.services.staff import accounts, sign_in
from consult.web.application import make_app
from tests import postgres
from tests.services.conftest import BEFORE, TOWN_LIBRARY, panel_file

SIZE = 12
SLUG = "town-library"
FACILITATOR = "facilitator@library.example.org"
WITHHELD = ("no:dont_know", "no:abstained")
SHAPES: dict[str, tuple[str, str]] = {
    "L1": ("5 5 4 4 4 5 5 4 4 5 3 2", "5 5 4 4 4 5 5 4 4 5 4 2"),  # 10 of 12, then 11: in
    "L2": ("4 4 4 4 4 4 4 4 4 1 1 1", "4 4 4 4 4 4 4 4 4 1 1 1"),  # 9 of 12: no agreement
    "L3": ("1 2 1 2 1 2 1 2 1 2 5 1", "1 2 1 2 1 2 1 2 1 1 5 1"),  # 11 of 12 low: out
    "L4": ("5 4 3 2 1 5 4 3 2 1 3 3", "1 2 3 4 5 1 2 3 4 5 3 3"),  # moving
    "L5": ("4 4 4 4 4 4 4 4 ? ? ? ?", "4 4 4 4 4 4 4 ? ? ? ? ?"),  # 8 rate, then 7: not judged
    "L6": ("4 4 4 4 4 4 4 4 2 2 ? ?", "5 5 5 5 5 5 5 5 1 1 ? !"),  # 8 of 10: exactly 80 %
    "L7": ("1 1 1 1 1 5 5 5 5 5 1 5", "1 1 1 1 1 5 5 5 5 5 1 5"),  # split in two camps
}
"""What the twelve rate, in both rounds: a point, `?` does not know, `!` will not say."""


def rating(measure: str, person: int, round_number: int) -> str:
    typed = SHAPES[measure][round_number - 1].split()[person]
    return {"?": "no:dont_know", "!": "no:abstained"}.get(typed, typed)


@dataclass
class Answerer:
    """One person: how they fill in any page of this folder."""

    number: int
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"library {self.number}")

    def fill(self, page: Visitor, round_number: int | None) -> dict[str, list[str]]:
        key = page.address.partition("?")[0].rpartition("/")[2]
        if round_number is not None:
            found = {f"item-{key}.wish": [rating(key, self.number, round_number)]}
            return found | {f"item-{key}.wish.reason": [f"Thought of by {key} and me"]}
        found = {}
        for control in page.form.controls.values():
            if control.name.startswith("item-"):
                found |= self._answer(control)
        return found

    def _answer(self, control: Control) -> dict[str, list[str]]:
        if control.kind == "checkbox" and control.values:
            return {control.name: self.chance.sample(control.values, 2)}
        if control.kind == "radio":
            return {control.name: [self.chance.choice(control.values)]}
        shares = {
            "item-budget.building": "5",
            "item-budget.staff": "5",
            "item-budget.stock": "0",
            "item-reasons.other": "The quiet",
            "item-missing": "A garden",
        }
        return {control.name: [shares[control.name]]} if control.name in shares else {}


@dataclass(frozen=True)
class Held:
    """The whole consultation, held."""

    database: Database
    pages: dict[str, int]
    feedback: dict[str, str]
    results: dict[str, str]
    """What staff read of each stage once it was closed."""

    def measures(self, key: str) -> dict[str, CriterionResult]:
        with self.database.reading() as session:
            stage = session.scalars(select(Stage).filter_by(key=key)).one()
            found = frozen_content(session, stage).measures
        return {name: one.criteria["wish"] for name, one in found.items()}


def _hold(database: Database, folder: Path) -> Held:
    """Publish, import the panel, invite, let everyone answer everything, close."""
    schema.upgrade(database)
    config = Config(
        database_url=database.url.render_as_string(hide_password=False),
        mail_backend="file",
        mail_folder=str(folder / "mail"),
    )
    definition = load(TOWN_LIBRARY)
    with clock.set_to(BEFORE), database.writing() as session:
        consultation = publishing.publish(session, definition, actor="test")
        importing.import_panel(session, consultation, definition, panel_file(SIZE), "test")
        rows = inviting.invite_all(session, consultation, definition, config, "test")
        account = accounts.add(session, FACILITATOR, "Facilitator", None)
        accounts.grant(session, account, consultation, "facilitator")
    delivering.deliver(database, config)
    assert len(list((folder / "mail").iterdir())) == SIZE
    links = [row.link.removeprefix(config.public_url) for row in sorted(rows, key=lambda row: int(row.name.split()[1]))]
    app = make_app(config)
    people = [(visitor(app), Answerer(number), links[number]) for number in range(SIZE)]
    feedback, pages, results = {}, {}, {}
    with database.reading() as session:
        held = stages.stages_of(session, consultation.id)
    for stage in held:
        with clock.set_to(stage.opens_at):
            _tick(database)
        with clock.set_to(stage.opens_at + timedelta(hours=3)):
            for page, person, link in people:
                pages[stage.key] = _answer(page, person, link, stage, feedback)
        with clock.set_to(stage.closes_at + timedelta(seconds=definition.grace + 1)):
            results[stage.key] = _close(database, config, visitor(app), stage)
            _let_reasons_through(database)
    app.extensions["consult_database"].dispose()
    return Held(database, pages, feedback, results)


def _tick(database: Database) -> None:
    with database.writing() as session:
        for consultation in session.scalars(select(Consultation)):
            stage_acts.tick(session, consultation)


def _close(database: Database, config: Config, desk: Visitor, stage: Stage) -> str:
    """The facilitator signs in, closes a stage, and reads its results."""
    with database.writing() as session:
        account = accounts.find(session, FACILITATOR)
        link = sign_in.make_link(session, account, config)
    desk.get(link.removeprefix(config.public_url))
    desk.send({})
    desk.get(f"/c/{SLUG}/facilitate/stages/{stage.key}/close")
    desk.send({})
    assert desk.address.endswith("/facilitate"), desk.text
    desk.get(f"/c/{SLUG}/results/{stage.key}")
    return " ".join(html.fromstring(desk.text).xpath("string(//main)").split())


def _let_reasons_through(database: Database) -> None:
    with database.writing() as session:
        consultation = session.scalars(select(Consultation)).one()
        for comment in comments.comments(session, consultation, "waiting"):
            moderation.accept_comment(session, consultation, comment.handle, actor="test")


def _answer(page: Visitor, person: Answerer, link: str, stage: Stage, feedback: dict[str, str]) -> int:
    """Come in, answer every page of a stage, submit; returns how many pages there were."""
    page.get(link)
    page.send({})
    if page.address.endswith("/consent"):
        page.send({"consent": ["yes"]})
    page.get(f"/c/{SLUG}/stage/{stage.key}/")
    count = 0
    while not page.address.endswith("/review"):
        if person.number == 0 and stage.key == "round-2":
            feedback[page.address.partition("?")[0].rpartition("/")[2]] = " ".join(page.text.split())
        page.send({**person.fill(page, stage.round_number), "go": ["next"]})
        count += 1
        assert count < 20
    page.send({"go": ["submit"]})
    assert page.address.endswith("/receipt")
    return count


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def held(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    folder = tmp_path_factory.mktemp("held")
    if request.param == "sqlite":
        database = Database(f"sqlite:///{folder / 'consult.db'}")
        yield _hold(database, folder)
        database.dispose()
        return
    with postgres.database() as url:
        database = Database(url)
        yield _hold(database, folder)
        database.dispose()


def _ratings(measure: str, round_number: int) -> list[int]:
    typed = [rating(measure, person, round_number) for person in range(SIZE)]
    return [int(value) for value in typed if value not in WITHHELD]


def _verdict(ratings: list[int]) -> str:
    """The rule of the folder, from its words: 80 % in a band; at least 8 and two thirds rate."""
    if len(ratings) < 8 or Fraction(len(ratings), SIZE) < Fraction(2, 3):
        return "not_judged"
    high = Fraction(sum(point >= 4 for point in ratings), len(ratings))
    low = Fraction(sum(point <= 2 for point in ratings), len(ratings))
    return "in" if high >= Fraction(80, 100) else "out" if low >= Fraction(80, 100) else "none"


def test_the_shapes_cover_every_verdict() -> None:
    found = {_verdict(_ratings(measure, number)) for measure in SHAPES for number in (1, 2)}
    assert found == {"in", "out", "none", "not_judged"}


def test_everyone_saw_every_page(held: Held) -> None:
    assert held.pages == {"first-look": 3, "round-1": 7, "round-2": 7}


@pytest.mark.parametrize("round_number", [1, 2])
def test_ratings_are_counted_as_they_were_typed(held: Held, round_number: int) -> None:
    measures = held.measures(f"round-{round_number}")
    assert measures
    for measure, found in measures.items():
        ratings = _ratings(measure, round_number)
        assert found.counts == tuple(ratings.count(point) for point in range(1, 6)), measure
        assert found.n == len(ratings), measure


@pytest.mark.parametrize("round_number", [1, 2])
def test_verdicts_follow_the_folders_own_rule(held: Held, round_number: int) -> None:
    found = {measure: one.verdict.verdict for measure, one in held.measures(f"round-{round_number}").items()}
    assert found == {measure: _verdict(_ratings(measure, round_number)) for measure in SHAPES}


def test_staff_read_which_measure_the_panel_could_not_judge(held: Held) -> None:
    board = held.results["round-2"]
    after = board.partition("No fees for late books")[2].partition("Opening on Sundays")[0]
    assert "not judged" in board.lower() and after


def test_stability_is_judged_by_the_folders_own_rule(held: Held) -> None:
    """At least 8 pairs; 70 % with the very same rating; the median and the bands do not move."""
    states = {measure: one.stability.state for measure, one in held.measures("round-2").items()}
    for measure in ("L1", "L2", "L3", "L7"):
        assert states[measure] == "stable", measure
    assert states["L4"] == "moving", "only two in twelve rated as before"
    assert states["L6"] == "moving", "nobody rated as before"
    assert states["L5"] not in ("stable", "moving"), "seven pairs are too few"


def test_nobodys_answer_is_lost_on_the_way(held: Held) -> None:
    with held.database.reading() as session:
        stage = session.scalars(select(Stage).filter_by(key="first-look")).one()
        content = frozen_content(session, stage)
    assert content.participation.submitted == SIZE
    assert content.variables["budget.building"].n == SIZE


def _middle(ratings: list[int]) -> float:
    ordered, half = sorted(ratings), len(ratings) // 2
    return (ordered[half] + ordered[~half]) / 2


def test_round_2_shows_what_was_frozen_after_round_1(held: Held) -> None:
    assert set(held.feedback) == set(SHAPES)
    for measure, text in held.feedback.items():
        ratings = _ratings(measure, 1)
        assert f" of {len(ratings)} rated" in text and f"median {_middle(ratings):g}" in text, measure
        own = rating(measure, 0, 1)
        assert f"Keep {own}" in text, measure
        assert f"Thought of by {measure} and me" in text, measure


def test_the_results_do_not_depend_on_the_database(
    tmp_path_factory: pytest.TempPathFactory, held: Held, digests: dict[str, list[str]]
) -> None:
    with held.database.reading() as session:
        found = [row.digest for row in session.scalars(select(Result).order_by(Result.id))]
    digests[held.database.engine.dialect.name] = found
    assert len(found) == 3
    assert len({tuple(one) for one in digests.values()}) == 1


@pytest.fixture(scope="module")
def digests() -> dict[str, list[str]]:
    """The digests of each database, gathered over the runs of this module."""
    return {}
