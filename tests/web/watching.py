"""Consultations watched minute by minute by somebody who runs them, and who wrote what in truth."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from click.testing import CliRunner
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult import clock
from consult.cli import main
from consult.models import Consultation, Draft, Expert, Stage
from consult.services.answering import saving
from consult.services.answering.responding import Respondent, find_respondent
from consult.services.answering.submitting import submit
from consult.services.files import downloads
from consult.services.measures import comments, moderation, proposals
from consult.services.panel import importing, panel
from consult.services.rounds import stages
from consult.services.running import leaving, publishing, stage_acts
from consult.services.staff import accounts
from tests.services import playing
from tests.services.conftest import BEFORE, panel_file
from tests.services.samples import three_rounds
from tests.web.staffing import House

SIZE, STAGE = 16, "round-1"
MEASURES = [f"L{number}" for number in range(1, 8)]


@dataclass
class Watched:
    """What one consultation showed its facilitator. Texts tell nothing; `truth` is for the judge.

    `submitted`: everybody who did, in the order of their first time. `orders`: by where they
    stood, texts in the order in which they stood there.
    """

    submitted: list[str] = field(default_factory=list)
    panel: list[str] = field(default_factory=list)
    orders: dict[str, list[str]] = field(default_factory=dict)
    measure_of: dict[str, str] = field(default_factory=dict)
    appeared: dict[str, str] = field(default_factory=dict)
    vanished: set[str] = field(default_factory=set)
    visits: list[list[str]] = field(default_factory=list)
    truth: dict[str, str] = field(default_factory=dict)


class Watcher:
    """Plays one consultation, and looks at every page that shows what was written."""

    def __init__(self, house: House, number: int) -> None:
        self.house, self.slug = house, f"watched-{number}"
        self.chance = random.Random(number)
        self.definition = three_rounds()
        self.watched = Watched()

    def play(self) -> Watched:
        """A round in which some submit twice, in the grace or after an extension; then its end."""
        with self.house.database.writing() as session, clock.set_to(BEFORE):
            consultation, experts = self._publish(session)
            stage = stages.find_stage(session, consultation.id, STAGE)
            opens, closes = stage.opens_at, stage.closes_at + timedelta(days=1)
            with clock.set_to(opens):
                stage_acts.open_stage(session, consultation, stage, actor="test")
                stage_acts.extend_stage(session, consultation, stage, closes, actor="t", reason="Ill")
        for moment, expert in self._moments(experts, opens, closes):
            with clock.set_to(moment):
                self._answer(expert)
                self._look(expert.code)
        with clock.set_to(closes + timedelta(hours=1)):
            self._look("")
            self._act(
                lambda session, held: stage_acts.close_stage(
                    session, held, stages.find_stage(session, held.id, STAGE), actor="t"
                )
            )
            self._look("")
        with clock.set_to(closes + timedelta(days=2)):
            self._after(experts)
        return self.watched

    def _publish(self, session: Session) -> tuple[Consultation, list[Expert]]:
        held = publishing.publish(session, self.definition, actor="test", slug=self.slug)
        importing.import_panel(session, held, self.definition, panel_file(SIZE), "test")
        accounts.grant(session, accounts.find(session, "facilitator@staff.example.org"), held, "facilitator")
        experts = session.scalars(select(Expert).filter_by(consultation_id=held.id)).all()
        experts = sorted(experts, key=lambda expert: expert.code)
        self.watched.panel = [expert.code for expert in experts]
        for expert in experts:
            playing.agree(session, self.definition, expert)
        return held, experts

    def _moments(
        self, experts: Sequence[Expert], opens: datetime, closes: datetime
    ) -> Iterator[tuple[datetime, Expert]]:
        """Who submits when: most once, some again, one in the grace after the close."""
        there = self.chance.sample(experts, SIZE - 2)
        late = there.pop()
        minutes = sorted(self.chance.sample(range(60, 15_000), len(there)))
        acts = list(zip(minutes, there, strict=True))
        for expert in self.chance.sample(there, self.chance.randrange(3)):
            first = minutes[there.index(expert)]
            acts.append((self.chance.randrange(first + 1, 16_000), expert))
        for minute, expert in sorted(acts, key=lambda act: act[0]):
            yield opens + timedelta(minutes=minute), expert
        yield closes + timedelta(seconds=30), late

    def _act(self, act: Callable[[Session, Consultation], object]) -> None:
        with self.house.database.writing() as session:
            act(session, session.scalars(select(Consultation).filter_by(slug=self.slug)).one())

    def _answer(self, expert: Expert) -> None:
        def act(session: Session, held: Consultation) -> None:
            stage = stages.find_stage(session, held.id, STAGE)
            writer = session.get_one(Expert, expert.id)
            given = find_respondent(session, held, self.definition, writer, stage)
            if not given.drafts:
                self._write(session, given, stage)
            else:
                self._change(session, given)
            session.flush()
            submit(session, given, idempotency_key=self._words())

        self._act(act)

    def _write(self, session: Session, given: Respondent, stage: Stage) -> None:
        typed = {f"{key}.wish": self.chance.choice("12345") for key in MEASURES}
        for key in MEASURES:
            if self.chance.random() < 0.8:
                typed[f"{key}.wish.reason"] = self._said(given.expert, key)
        for number in range(1, self.chance.randrange(3) + 1):
            idea = f"ideas.{number}"
            typed |= {f"{idea}.title": "An idea", f"{idea}.what": self._said(given.expert, "")}
        for name, value in typed.items():
            draft = Draft(
                consultation_id=given.consultation.id,
                stage_id=stage.id,
                name=name,
                expert_id=given.expert.id,
                values=[value],
                revision=1,
            )
            session.add(draft)
            given.drafts[name] = draft

    def _change(self, session: Session, given: Respondent) -> None:
        """Submitted again: nothing is changed, or one comment."""
        said = [name for name in given.drafts if name.endswith(".reason")]
        if said and self.chance.random() < 0.5:
            name = self.chance.choice(said)
            saving.put(session, given, name, [self._said(given.expert, name.partition(".")[0])])

    def _said(self, expert: Expert, measure: str) -> str:
        text = self._words()
        self.watched.truth[text], self.watched.measure_of[text] = expert.code, measure
        return text

    def _words(self) -> str:
        return f"{self.chance.getrandbits(64):016x}"

    def _look(self, code: str) -> None:
        """The board says who has submitted; whatever is new on the pages came just then."""
        with self.house.reading() as session:
            held = session.scalars(select(Consultation).filter_by(slug=self.slug)).one()
            stage = stages.find_stage(session, held.id, STAGE)
            waiting = {one.code for one in panel.not_answered(session, held, stage)}
            shown = [one.view.text for one in comments.closed_comments(session, held)]
            shown += [one.text for one in proposals.proposals(session, held)]
        if code and code not in waiting and code not in self.watched.submitted:
            self.watched.submitted.append(code)
        for text in shown:
            self.watched.appeared.setdefault(text, code)

    def _after(self, experts: Sequence[Expert]) -> None:
        """The pages once the stage is frozen, again after some acts, and once somebody left."""
        client, orders = self.house.client("facilitator"), self.watched.orders
        links = dict(_comments(client, self.slug))
        orders["comments page"] = list(links)
        orders["comments' addresses"] = sorted(links, key=links.__getitem__)
        orders["comments command"] = self._printed("comments", set(links))
        ideas = dict(_rows(client.get(f"/c/{self.slug}/measures").text))
        orders["proposals page"] = list(ideas)
        orders["proposals' addresses"] = sorted(ideas, key=ideas.__getitem__)
        orders["proposals command"] = self._printed("proposals", set(ideas))
        orders["free texts"] = self._file("free-texts.csv", set(ideas))
        self.watched.visits.append(list(links))
        self._act(
            lambda session, held: [
                moderation.accept_comment(session, held, view.handle, actor="t")
                for view in self.chance.sample(comments.comments(session, held), len(links))
            ]
        )
        self.watched.visits.append(list(dict(_comments(client, self.slug))))
        leaver = next(one for one in experts if one.code in self.watched.truth.values())
        self._act(lambda session, held: leaving.withdraw(session, session.get_one(Expert, leaver.id), "t"))
        later = list(dict(_comments(client, self.slug)))
        self.watched.vanished = {text for text in links if text not in later}
        self.watched.visits.append(later)
        self._act(lambda session, held: self._open_next(session, held))
        orders["reasons.csv"] = self._file("reasons.csv", set(links))

    def _open_next(self, session: Session, held: Consultation) -> None:
        following = stages.find_stage(session, held.id, "round-2")
        stage_acts.open_stage(session, held, following, actor="t", reason="All is read")

    def _printed(self, command: str, known: set[str]) -> list[str]:
        url = self.house.database.url.render_as_string()
        done = CliRunner().invoke(main, [command, "list", self.slug], None, {"CONSULT_DATABASE_URL": url})
        return [line.strip() for line in done.output.splitlines() if line.strip() in known]

    def _file(self, name: str, known: set[str]) -> list[str]:
        with self.house.reading() as session:
            held = session.scalars(select(Consultation).filter_by(slug=self.slug)).one()
            lines = list(downloads.write(session, held, name, "analyst"))
        return [text for line in lines for text in known if text in line]


def _comments(client: FlaskClient, slug: str) -> Iterator[tuple[str, str]]:
    """Texts and addresses of all comments, page after page."""
    address, seen = f"/c/{slug}/measures/comments?show=all", 0
    for page in range(1, 9):
        found = list(_rows(client.get(f"{address}&page={page}").text))
        if page > 1 and seen < 50:
            return
        yield from found
        seen = len(found)


def _rows(page: str) -> Iterator[tuple[str, str]]:
    for row in html.fromstring(page).xpath("//main//li[.//p[@class='pre']]"):
        links = row.xpath(".//p[@class='acts']/a/@href")
        yield row.xpath("string(.//p[@class='pre'])").strip(), str(links[0]) if links else ""
