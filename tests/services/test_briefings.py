"""The briefing is made from what is released, and knows nobody."""

from collections.abc import Iterator

import pytest

from consult.briefing.html import render
from consult.models import Proposal
from consult.services.briefings import briefing_of, gather
from consult.services.measures import measures, proposals, revising
from tests.services import playing
from tests.services.conftest import World, town_library


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with playing.half_way(town_library(), tmp_path_factory.mktemp("played")) as world:
        yield world


def test_nobody_is_in_what_the_briefing_is_made_of(played: World) -> None:
    given = repr(gather(played.session, played.consultation, "en"))
    text = render(briefing_of(played.session, played.consultation, "en"), "en")
    for expert in played.experts:
        assert expert.pseudonym not in given + text
        assert f"'{expert.code}'" not in given and f">{expert.code}<" not in text
    assert "person1@" not in given + text and "Person 1" not in given + text


def test_only_frozen_stages_are_in_it(played: World) -> None:
    given = gather(played.session, played.consultation, "en")
    frozen = {stage.key for stage in given.stages if stage.numbers is not None}
    assert frozen == {"first-look", "round-1"}
    open_one = next(stage for stage in given.stages if stage.key == "round-2")
    assert (open_one.participation, open_one.texts, open_one.digest) == (None, {}, "")
    assert playing.EARLY not in repr(given)


def test_it_tells_wordings_rounds_and_the_registration(played: World) -> None:
    given = gather(played.session, played.consultation, "en")
    assert len(given.measures) == 7
    assert given.measures[0].asked == {"round-1": 1, "round-2": 1}
    assert given.registration is not None and len(given.registration["digest"]) == 64
    assert given.dates["{date first-look.opens}"] == "7 September 2026"
    assert sum(given.free_texts.values()) > 0
    assert "{date" not in render(briefing_of(played.session, played.consultation, "en"), "en")


def test_what_was_decided_is_read_in_the_briefings_language(played: World) -> None:
    session, consultation = played.session, played.consultation
    first = measures.live_wordings(session, consultation.id)[0]
    revising.reword_measure(
        session,
        consultation,
        first,
        {"title": {"en": "A room of its own"}},
        is_substantive=False,
        reason={"en": "Said shorter", "ru": "Сказано короче"},
        actor="t",
    )
    late = Proposal(
        consultation_id=consultation.id,
        stage_id=played.stage("round-1").id,
        expert_id=None,
        title="A pond",
        text="",
        language="en",
        fate="waiting",
    )
    session.add(late)
    session.flush()
    titles = {"en": "A small lake", "ru": "Озеро"}
    proposals.entitle_proposal(session, consultation, late, titles, actor="t")
    texts = {code: render(briefing_of(session, consultation, code), code) for code in ("en", "ru")}
    for words, code in (("Said shorter", "en"), ("Сказано короче", "ru"), ("A small lake", "en"), ("Озеро", "ru")):
        other = "ru" if code == "en" else "en"
        assert words in texts[code] and words not in texts[other]
    assert "A pond" not in "".join(texts.values())
