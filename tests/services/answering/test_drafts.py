"""What is typed, as it is stored: whole pages at once, and nobody else's."""

from sqlalchemy import event, select

from consult.models import Draft
from consult.services.answering.drafts import DraftValue, only_writer, read_drafts, write_drafts
from tests.services.conftest import World


def statements_of(world: World) -> list[str]:
    asked: list[str] = []
    event.listen(world.session.get_bind(), "before_cursor_execute", lambda *given: asked.append(given[2]))
    return asked


def test_what_is_written_is_read_and_nothing_else_is(world: World) -> None:
    one, other = world.experts[:2]
    first, second = world.stage("first-look"), world.stage("round-1")
    for place, (expert, stage) in enumerate([(one, first), (one, second), (other, first)]):
        write_drafts(world.session, expert, stage, {"use": DraftValue([str(place)], 1, False)})
    write_drafts(world.session, one, first, {"use": DraftValue(["a", "b"], 2, True), "new": DraftValue([], 1, False)})
    assert read_drafts(world.session, one, first) == {
        "use": DraftValue(["a", "b"], 2, True),
        "new": DraftValue([], 1, False),
    }
    assert read_drafts(world.session, one, second) == {"use": DraftValue(["1"], 1, False)}
    assert read_drafts(world.session, other, first) == {"use": DraftValue(["2"], 1, False)}


def test_a_change_keeps_the_row(world: World) -> None:
    expert, stage = world.experts[0], world.stage("first-look")
    row = select(Draft.id).where(Draft.expert_id == expert.id)
    write_drafts(world.session, expert, stage, {"use": DraftValue(["a"], 1, False)})
    before = world.session.scalars(row).one()
    write_drafts(world.session, expert, stage, {"use": DraftValue(["b"], 2, False)})
    assert world.session.scalars(row).one() == before


def test_a_page_is_one_statement_however_long(world: World) -> None:
    expert, stage = world.experts[0], world.stage("first-look")
    asked = statements_of(world)
    write_drafts(world.session, expert, stage, {})
    assert asked == []
    write_drafts(world.session, expert, stage, {f"q{number}": DraftValue(["1"], 1, False) for number in range(60)})
    assert len(asked) == 1
    assert len(read_drafts(world.session, expert, stage)) == 60


def test_on_sqlite_whoever_writes_is_alone(world: World) -> None:
    assert only_writer(world.session) is (world.session.get_bind().dialect.name == "sqlite")
    assert not only_writer_of_readers(world)


def only_writer_of_readers(world: World) -> bool:
    world.session.info["writes"] = False
    try:
        return only_writer(world.session)
    finally:
        world.session.info["writes"] = True
