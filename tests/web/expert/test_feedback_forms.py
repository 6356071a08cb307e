"""The form of feedback is the protocol's: what each form shows and hides, and the lot."""

import re
from pathlib import Path

import pytest
from sqlalchemy import select

from consult import clock
from consult.definition.consultation import Definition
from consult.models import Consultation, Expert, FeedbackShown
from consult.services.access import invitations
from consult.services.answering import feedback, responding
from consult.services.panel import importing
from consult.services.rounds import stages
from consult.services.running import publishing, stage_acts
from tests.services import playing
from tests.services.conftest import BEFORE, panel_file, reworked, town_library
from tests.web.visiting import Browser, Library, enter, open_library

SIZE = 9
MEDIAN = re.compile(r"; median [\d.]+\.")


def _definition(**feedback_rule: object) -> Definition:
    protocol = town_library().protocol.model_dump(mode="json", by_alias=True, exclude_none=True)
    protocol["feedback"] = {**protocol["feedback"], **feedback_rule}
    return reworked(town_library(), protocol=protocol)


def _round_2(library: Library, slug: str, definition: Definition) -> list[Browser]:
    """Play round 1 with everyone, open round 2, and give each expert a browser."""
    with library.database.writing() as session:
        with clock.set_to(BEFORE):
            made = publishing.publish(session, definition, actor="test", slug=slug)
            importing.import_panel(session, made, definition, panel_file(SIZE), "test")
        experts = list(session.scalars(select(Expert).filter_by(consultation_id=made.id)))
        for expert in experts:
            playing.agree(session, definition, expert)
        first, second = (stages.find_stage(session, made.id, f"round-{n}") for n in (1, 2))
        playing.play(session, definition, made, experts, first)
        stage_acts.open_stage(session, made, second, actor="test")
        tokens = [invitations.create_invitation(session, expert) for expert in experts]
    browsers = []
    for token in tokens:
        browser = library.browser()
        enter(browser, f"/i/{token}")
        browser.open(f"/c/{slug}/stage/round-2/L1")
        browsers.append(browser)
    return browsers


@pytest.mark.parametrize(
    ("form", "has_median", "has_bars", "has_chart"),
    [
        ("reasons", False, False, False),
        ("words", True, False, False),
        ("bars_beside", True, False, True),
        ("bars_on_scale", True, True, False),
    ],
)
def test_each_form_shows_its_own_and_no_more(
    tmp_path: Path, form: str, has_median: bool, has_bars: bool, has_chart: bool
) -> None:
    with open_library(tmp_path, "round-2") as library:
        browser = _round_2(library, "other", _definition(form=form))[0]
        assert bool(MEDIAN.search(browser.main)) is has_median
        assert ('class="col"' in browser.text) is has_bars
        assert ('class="beside"' in browser.text) is has_chart
        browser.press("go", "next", {"L1.wish": "4"})
        assert {row.form for row in library.rows(FeedbackShown)} == {form}


def test_the_list_of_all_measures_shows_no_numbers_where_the_form_has_none(tmp_path: Path) -> None:
    """Nor does narrowing it to those where one differs tell on which side the panel is."""
    with open_library(tmp_path, "round-2") as library:
        for slug, form in (("bare", "reasons"), ("told", "words")):
            browser = _round_2(library, slug, _definition(form=form))[0]
            seen = []
            for show in ("all", "differ"):
                browser.open(f"/c/{slug}/stage/round-2/ratings?show={show}")
                seen.append(len(browser.tree.xpath("//table[@class='listed']/tbody/tr")))
            panels = browser.tree.xpath("//*[@class='panels']")
            assert (bool(panels), seen[0] == seen[1]) == (form == "words", False), (form, seen)
            assert seen[1] == 0 or form == "words"


def test_a_round_can_have_a_form_of_its_own(tmp_path: Path) -> None:
    with open_library(tmp_path, "round-2") as library:
        definition = _definition(form="bars_on_scale", rounds={"2": "reasons"})
        browser = _round_2(library, "other", definition)[0]
        assert not MEDIAN.search(browser.main)


def test_the_lot_gives_each_expert_one_form_and_the_panel_both(tmp_path: Path) -> None:
    with open_library(tmp_path, "round-2") as library:
        definition = _definition(randomise=["words", "reasons"])
        browsers = _round_2(library, "other", definition)
        shown = [bool(MEDIAN.search(browser.main)) for browser in browsers]
        assert set(shown) == {True, False}
        for browser, had_numbers in zip(browsers, shown, strict=True):
            browser.open(browser.path)
            assert bool(MEDIAN.search(browser.main)) is had_numbers


def test_medians_of_groups_are_shown_only_if_the_protocol_says_so(tmp_path: Path) -> None:
    label = "Libraries and schools: median"
    with open_library(tmp_path, "round-2") as library:
        assert label not in _round_2(library, "without", _definition())[0].main
        loose = _definition(groups=True)
        protocol = loose.protocol.model_dump(mode="json", by_alias=True, exclude_none=True)
        protocol["disclosure"]["subgroup"] = 4
        wide = reworked(loose, protocol=protocol)
        assert label in _round_2(library, "with", wide)[0].main


def test_the_form_is_known_to_the_service(tmp_path: Path) -> None:
    """The ledger records what the lot gave, not what the protocol would give by default."""
    with open_library(tmp_path, "round-2") as library:
        definition = _definition(form="bars_on_scale", randomise=["words", "reasons"])
        _round_2(library, "other", definition)
        with library.database.reading() as session:
            made = session.scalars(select(Consultation).filter_by(slug="other")).one()
            stage = stages.find_stage(session, made.id, "round-2")
            forms = {
                feedback.form_for(responding.find_respondent(session, made, definition, expert, stage))
                for expert in session.scalars(select(Expert).filter_by(consultation_id=made.id))
            }
        assert forms <= {"words", "reasons"}


@pytest.mark.parametrize(
    ("rule", "said", "is_shown"),
    [
        ({}, "Evidence from elsewhere is left out on purpose", False),
        ({"evidence": "on_request"}, "Evidence (1)", True),
        ({"evidence": "after_first_rating"}, "Evidence (1)", True),
    ],
)
def test_the_reader_is_told_what_becomes_of_evidence(
    tmp_path: Path, rule: dict[str, str], said: str, is_shown: bool
) -> None:
    """In the second round, of a measure rated in the first."""
    with open_library(tmp_path, "round-2") as library:
        browser = _round_2(library, "other", _definition(**rule))[0]
        assert said in browser.main
        assert ("quiet was the first wish" in browser.main) is is_shown
