"""One may object to what the consent calls optional, take it back, and it acts from the next release and freeze."""

import pytest
from sqlalchemy import select

from consult import clock
from consult.definition.consultation import Definition
from consult.errors import NotFound, Withdrawn
from consult.models import Comment, Objection, Submission
from consult.optional_uses import OptionalUse
from consult.services.access import objections
from consult.services.access.consents import consent_hash
from consult.services.files.table_source import TableSource
from consult.services.frozen.row_files import Withheld
from consult.services.rounds.releasing import release_texts
from consult.services.running import leaving, own_data
from tests.services.conftest import MakeWorld, World, reworked
from tests.services.playing import play
from tests.services.reasons import by_place, decide
from tests.services.rounds.holding import hold
from tests.services.samples import three_rounds

USES = [
    {"key": "counted", "text": "My answers are counted."},
    {"key": "quoted", "text": "My reasons may be printed.", "optional": "reasons"},
    {"key": "rows", "text": "My answers may stand in files of rows.", "optional": "rows"},
]


def optional() -> Definition:
    consent = three_rounds().consent.model_dump(mode="json", exclude_none=True)
    return reworked(three_rounds(), consent={**consent, "uses": USES})


@pytest.fixture
def panel(make_world: MakeWorld) -> World:
    return make_world(11, definition=optional())


def say(world: World, expert: int, use: str, *, objects: bool = True) -> None:
    with clock.set_to(world.stage("round-1").opens_at):
        objections.say(world.session, world.experts[expert], world.definition, use, objects=objects)


def test_said_twice_is_said_once_and_taken_back_is_gone(panel: World) -> None:
    for _ in range(2):
        say(panel, 0, "quoted")
    say(panel, 1, "rows")
    found = [objections.objections_of(panel.session, expert) for expert in panel.experts[:3]]
    assert found == [{OptionalUse.REASONS}, {OptionalUse.ROWS}, set()]
    for _ in range(2):
        say(panel, 0, "quoted", objects=False)
    assert [one.use for one in panel.session.scalars(select(Objection))] == ["rows"]


@pytest.mark.parametrize("use", ["counted", "nothing"])
def test_what_is_a_condition_of_taking_part_cannot_be_objected_to(panel: World, use: str) -> None:
    with pytest.raises(NotFound):
        say(panel, 0, use)


def test_who_left_says_nothing_more(panel: World) -> None:
    with clock.set_to(panel.stage("round-1").opens_at):
        leaving.withdraw(panel.session, panel.experts[0], "expert")
    with pytest.raises(Withdrawn):
        say(panel, 0, "quoted")


def test_it_is_part_of_what_one_agrees_to_and_of_ones_own_data(panel: World) -> None:
    plain = [{key: part for key, part in use.items() if key != "optional"} for use in USES]
    consent = three_rounds().consent.model_dump(mode="json", exclude_none=True)
    assert consent_hash(optional(), "en") != consent_hash(
        reworked(three_rounds(), consent={**consent, "uses": plain}), "en"
    )
    say(panel, 0, "quoted")
    assert [one["use"] for one in own_data.own_data(panel.session, panel.experts[0])["objections"]] == ["reasons"]


def test_erasing_somebody_erases_what_they_objected_to(panel: World) -> None:
    say(panel, 0, "quoted")
    with clock.set_to(panel.stage("round-1").opens_at):
        leaving.withdraw(panel.session, panel.experts[0], "expert")
        leaving.erase(panel.session, panel.experts[0], "expert")
    assert panel.session.scalars(select(Objection)).all() == []


def test_reasons_of_who_objects_are_released_to_nobody(panel: World) -> None:
    """Of eleven all but three object: what is released is what those three wrote."""
    play(panel.session, panel.definition, panel.consultation, panel.experts, panel.stage("round-1"), rate=by_place())
    decide(panel)
    for expert in range(3, 11):
        say(panel, expert, "quoted")
    release = release_texts(panel.session, panel.stage("round-1"))
    assert release is not None
    told = [
        words["en"]
        for measure in release.content["reasons"].values()
        for sides in measure.values()
        for said in sides.values()
        for words in said
    ]
    free = {one.id for one in panel.experts[:3]}
    rows = panel.session.execute(
        select(Comment.moderated, Submission.expert_id).join(Submission, Submission.id == Comment.submission_id)
    )
    theirs = {words["en"] for words, expert in rows if words and expert in free}
    assert told and set(told) <= theirs


def test_what_was_released_before_stays(panel: World) -> None:
    play(panel.session, panel.definition, panel.consultation, panel.experts, panel.stage("round-1"), rate=by_place())
    decide(panel)
    before = release_texts(panel.session, panel.stage("round-1"))
    say(panel, 0, "quoted")
    after = release_texts(panel.session, panel.stage("round-1"))
    assert before is not None and after is not None and after.digest == before.digest


def test_no_rows_of_a_stage_in_which_somebody_counts_who_objects(panel: World) -> None:
    """Those of the round before stay, those of the round after come when it is taken back."""
    withheld = []
    for number in (1, 2, 3):
        if number == 2:
            say(panel, 0, "rows")
        if number == 3:
            say(panel, 0, "rows", objects=False)
        hold(panel, number)
        source = TableSource(panel.session, panel.consultation, None)
        withheld = [source.standings[item.result.id].withheld for item in source.frozen]
    assert withheld == [None, Withheld.OBJECTED, None]
