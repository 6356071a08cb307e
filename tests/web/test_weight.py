"""An expert's page with everything it loads is at most 15 KB gzipped, and all of it from here."""

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from consult import clock
from consult.config import Config
from consult.database import Database
from consult.definition.loader import load
from consult.demo.people import panel_file
from consult.demo.visitor import Visitor
from consult.demo.walk import enter
from consult.schema import upgrade
from consult.services.mail import inviting
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from consult.web.application import make_app
from tests.sources import ROOT

LIMIT = 15 * 1024
SLUG = "ndpc-2020"
ASSET = re.compile(r'(?:src|href)="(/assets/[^"]+)"')
LINK = re.compile(rf'href="(/c/{SLUG}/[^"#]*)')


@pytest.fixture(scope="module", params=["en", "ru"])
def expert(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    """An expert of the largest consultation, with a questionnaire and a round open."""
    url = f"sqlite:///{tmp_path_factory.mktemp('weight') / 'consult.db'}"
    database = Database(url)
    upgrade(database)
    definition = load(ROOT / "questionnaires" / SLUG)
    config = Config(database_url=url, mail_backend="file")
    with database.writing() as session:
        consultation = publishing.publish(session, definition, actor="test", schedule="plan-b")
        importing.import_panel(session, consultation, definition, panel_file(), "test")
        links = inviting.invite_all(session, consultation, definition, config, "test")
        moment = stages.find_stage(session, consultation.id, "round-1").opens_at
    wanted = "expert01@" if request.param == "en" else "expert22@"
    link = next(row.link for row in links if row.email.startswith(wanted))
    with clock.set_to(moment - timedelta(hours=1)), database.writing() as session:
        stage_acts.tick(session, session.merge(consultation))
    with clock.set_to(moment + timedelta(hours=1)):
        with database.writing() as session:
            stage_acts.tick(session, session.merge(consultation))
        app = make_app(config)
        visitor = Visitor(app.test_client())
        enter(visitor, link.removeprefix(config.public_url), _Reader(request.param))
        yield visitor
    app.extensions["consult_database"].dispose()
    database.dispose()


class _Reader:
    """As much of a person as the consent page asks for."""

    def __init__(self, language: str) -> None:
        self.language = language


def _pages(visitor: Visitor) -> Iterator[str]:
    """The tasks, every page linked from there and every page of the two open stages."""
    visitor.get(f"/c/{SLUG}/")
    found = sorted(set(LINK.findall(visitor.text)))
    yield from (link for link in found if not link.endswith((".json", ".ics")))
    definition = load(Path(ROOT / "questionnaires" / SLUG))
    for question in definition.questionnaires["pre-event"].questions():
        yield f"/c/{SLUG}/stage/pre-event/{question.key}"
    assert definition.measures is not None
    for measure in definition.measures.measures:
        yield f"/c/{SLUG}/stage/round-1/{measure.key}"
    yield f"/c/{SLUG}/stage/pre-event/review"


def _load(visitor: Visitor, asset: str) -> bytes:
    with visitor.client.get(asset) as response:
        return response.data


def test_every_page_is_light_and_loads_from_here_only(expert: Visitor) -> None:
    heavy, seen = [], 0
    for address in _pages(expert):
        response = expert.client.get(address)
        if response.status_code != 200:
            continue
        seen += 1
        assets = set(ASSET.findall(response.text))
        loaded = [response.data, *(_load(expert, asset) for asset in assets)]
        weight = sum(len(gzip.compress(part)) for part in loaded)
        if weight > LIMIT:
            heavy.append((address, weight))
        outside = re.findall(r'(?:src|action)="(?:https?:)?//[^"]*', response.text)
        assert not outside, (address, outside)
    assert seen > 40
    assert heavy == [], sorted(heavy, key=lambda one: -one[1])[:60]
