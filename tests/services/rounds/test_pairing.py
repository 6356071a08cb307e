"""What is compared: wordings that did not change in substance, and questions asked again."""

from sqlalchemy import select

from consult.models import Answer, Submission, VariableRow
from consult.services.answering import feedback
from consult.services.answering.responding import find_respondent
from consult.services.measures import measures, revising
from consult.services.rounds import results
from consult.services.rounds.releasing import FORMAT
from tests.services.conftest import MakeWorld, World, reworked
from tests.services.playing import play
from tests.services.rounds.holding import KEYS, frozen, hold, opened, reword
from tests.services.samples import every_type, options


def test_an_editorial_change_keeps_the_pairs_and_a_substantive_one_breaks_them(panel: World) -> None:
    hold(panel, 1)
    reword(panel, "L1", is_substantive=False)
    reword(panel, "L2", is_substantive=True)
    reword(panel, "L3", is_substantive=True)
    reword(panel, "L3", is_substantive=False)
    hold(panel, 2)
    content = frozen(panel, 2)
    assert set(content.hidden.transitions) == set(KEYS) - {"L2", "L3"}
    for key, times in (("L1", 2), ("L2", 1), ("L3", 1), ("L4", 2)):
        one = content.measures[key]
        assert one.rounds_rated == times
        assert (one.criteria["wish"].stability.numbers is not None) == (times == 2)
        assert one.settled == (times == 2)
    assert opened(panel, 3) == ["L2", "L3"]


def test_after_a_substantive_change_the_old_wording_and_rating_are_shown_but_cannot_be_kept(panel: World) -> None:
    hold(panel, 1)
    reword(panel, "L1", is_substantive=False)
    reword(panel, "L2", is_substantive=True)
    opened(panel, 2)
    given = find_respondent(
        panel.session, panel.consultation, panel.definition, panel.experts[0], panel.stage("round-2")
    )
    known = {w.key: feedback.feedback_for(panel.session, given, w) for w in given.wordings}
    first, second, third = known["L1"], known["L2"], known["L4"]
    assert first is not None and first.is_pairable and first.former is not None
    assert second is not None and not second.is_pairable and second.former is not None
    assert second.former.text["en"].startswith("Sewing machines")
    assert second.criteria["wish"].own == 1
    assert third is not None and third.former is None and third.is_pairable


def test_a_merger_inherits_no_ratings(panel: World) -> None:
    hold(panel, 1)
    one, into = (measures.find_measure(panel.session, panel.consultation.id, key) for key in ("L6", "L1"))
    revising.merge_measure(
        panel.session,
        panel.consultation,
        one,
        into,
        reason="The same idea",
        actor="test",
        content={"text": {"en": "Both."}},
    )
    hold(panel, 2)
    content = frozen(panel, 2)
    assert "L6" not in content.measures
    assert content.measures["L1"].rounds_rated == 1
    assert "L1" not in content.hidden.transitions
    assert not content.measures["L1"].settled
    assert opened(panel, 3) == ["L1", "L3"]
    surviving = measures.surviving_wordings(panel.session, panel.consultation.id)
    assert "L6" not in [wording.key for wording in surviving]
    texts = results.released_texts(panel.session, panel.stage("round-1"))
    assert texts is not None
    assert texts["format"] == FORMAT
    assert texts["fates"]["L6"] == {
        "fate": "merged",
        "code": None,
        "facts": {},
        "reason": "The same idea",
        "into": "L1",
    }
    assert texts["fates"]["L1"]["fate"] == "reworded", "that it is rated again says less"
    assert texts["fates"]["L4"] == {
        "fate": "carried",
        "code": "goes_into",
        "facts": {"stage": "round-2"},
        "reason": None,
        "into": None,
    }


def test_a_question_asked_again_is_paired_by_person(make_world: MakeWorld) -> None:
    questions = [
        {"key": "again", "type": "scale", "text": "And now?", "scale": "WISH5", "reask": "mood"},
        {
            "key": "closer",
            "type": "matrix",
            "text": "Now?",
            "scale": "WISH5",
            "reask": "closeness",
            "rows": options("health", "trade"),
        },
    ]
    content = every_type().model_dump(mode="json", by_alias=True, exclude_none=True)
    later = {
        "key": "second-look",
        "title": "Second look",
        "sections": [{"key": "s", "title": "S", "questions": questions}],
    }
    stage = {"key": "second-look", "kind": "survey", "title": "Again", "questionnaire": "second-look"}
    window = {"opens": "2026-12-01 08:00", "closes": "2026-12-05 20:00"}
    content["schedules"]["autumn"]["stages"]["second-look"] = window
    definition = reworked(
        every_type(),
        schedules=content["schedules"],
        stages=[*content["stages"], stage],
        questionnaires={**content["questionnaires"], "second-look": later},
    )
    world = make_world(11, definition=definition)
    for key, who in (("first-look", slice(0, 9)), ("second-look", slice(2, 11))):
        play(world.session, definition, world.consultation, world.experts[who], world.stage(key))
    pairs = results.frozen_content(world.session, world.stage("second-look")).pairs
    assert set(pairs) == {"again", "closer.health", "closer.trade"}
    values: dict[str, dict[int, int | None]] = {"mood": {}, "again": {}}
    for key, expert, value in world.session.execute(
        select(VariableRow.key, Submission.expert_id, Answer.value)
        .join(Answer, Answer.variable_id == VariableRow.id)
        .join(Submission, Submission.id == Answer.submission_id)
        .where(VariableRow.key.in_(values))
    ):
        values[key][expert] = value
    both = [(value, values["again"][id_]) for id_, value in values["mood"].items() if id_ in values["again"]]
    pair = pairs["again"]
    assert pair.n == len(both) == 7
    assert pair.up == sum(now > before for before, now in both if now and before)
    assert pair.down == sum(now < before for before, now in both if now and before)
    assert pair.n_earlier_only == pair.n_later_only == 2
