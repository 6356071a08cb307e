"""What is said of measures that are rated no more: words that are true of each criterion."""

from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel
from sqlalchemy import select

from analysis.protocol.states import Verdict
from consult import clock
from consult.definition.consultation import Definition
from consult.definition.text import Shown
from consult.fates import StableVerdicts
from consult.models import Expert
from consult.services.access import invitations
from consult.services.measures import revising
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from consult.web.forms.words import verdict_text
from tests.services import playing
from tests.services.conftest import BEFORE, panel_file, reworked, town_library
from tests.web.visiting import Browser, Library, enter, open_library

IN = StableVerdicts((("wish", "in"),))
OWN = {"agreed": {"en": "Worth doing"}, "agreed_low": {"en": "Not worth doing"}}


def _definition(**words: object) -> Definition:
    """The town library, whose one criterion has words of its own."""
    measures = town_library().measures
    assert measures is not None
    content = measures.model_dump(mode="json", by_alias=True, exclude_none=True)
    content["criteria"] = [{**criterion, **words} for criterion in content["criteria"]]
    return reworked(town_library(), measures=content)


def _settled_in_round_1(library: Library, slug: str, definition: Definition) -> Browser:
    """Everybody gives the highest rating in round 1; the first expert in round 2."""
    with library.database.writing() as session:
        with clock.set_to(BEFORE):
            made = publishing.publish(session, definition, actor="test", slug=slug)
            importing.import_panel(session, made, definition, panel_file(9), "test")
        experts = list(session.scalars(select(Expert).filter_by(consultation_id=made.id)))
        for expert in experts:
            playing.agree(session, definition, expert)
        first, second = (stages.find_stage(session, made.id, f"round-{n}") for n in (1, 2))
        playing.play(session, definition, made, experts, first, rate=lambda name, chance: "5")
        revising.settle(session, first, {"L1": IN})
        stage_acts.open_stage(session, made, second, actor="test")
        token = invitations.create_invitation(session, experts[0])
    browser = library.browser()
    enter(browser, f"/i/{token}")
    return browser


@pytest.mark.parametrize(("words", "said"), [({}, "rated high, agreed"), (OWN, "Worth doing")])
def test_the_list_says_agreement_in_the_words_of_the_criterion(
    tmp_path: Path, words: dict[str, object], said: str
) -> None:
    with open_library(tmp_path, "round-2") as library:
        browser = _settled_in_round_1(library, "other", _definition(**words))
        browser.open("/c/other/stage/round-2/ratings")
        items = browser.tree.xpath("//h2[.='Measures whose rating is finished']/following-sibling::ul[1]/li")
        assert f"A quiet reading room: Wish: {said}" in [item.text_content() for item in items]
        browser.open("/c/other/stage/round-2/ratings?lang=lv")
        marked = browser.tree.xpath("//main//ul/li//*[@lang='en'][.='Worth doing']")
        assert bool(marked) is bool(words), "the folder's own words are marked as English"


def test_no_words_speak_of_importance() -> None:
    """They stand behind “Feasibility:” as well."""
    app = Flask(__name__)
    Babel(app, default_locale="en")
    with app.test_request_context():
        found = {verdict: str(verdict_text(verdict, None, None)) for verdict in Verdict}
        own = Shown("en", "Can be done"), Shown("en", "Cannot be done")
        said = {verdict: verdict_text(verdict, *own) for verdict in Verdict}
    assert not any("important" in words or "priorit" in words for words in found.values())
    assert len(set(found.values())) == len(Verdict)
    assert (said[Verdict.IN], said[Verdict.OUT]) == own
    assert said[Verdict.NONE] == found[Verdict.NONE] and said[Verdict.NOT_JUDGED] == found[Verdict.NOT_JUDGED]
