"""Mails of which nobody knows whether they arrived: a person decides."""

import pytest

from consult.config import Config
from consult.database import Database
from consult.errors import NotFound
from consult.models import Message
from consult.services import journal
from consult.services.mail import delivering, undecided
from tests.services.conftest import MakeWorld, World
from tests.services.mail.sending import Recorder, messages, put


def doubtful(world: World, database: Database, config: Config, recorder: Recorder) -> Message:
    put(world, world.experts[0])
    world.session.commit()
    recorder.fails = {0: OSError("gone")}
    delivering.deliver(database, config)
    (row,) = undecided.undecided(world.session, config, world.consultation)
    return row


def test_a_doubtful_mail_can_be_sent_again_on_a_persons_word(
    world: World, database: Database, config: Config, recorder: Recorder
) -> None:
    row = doubtful(world, database, config, recorder)
    undecided.decide(world.session, world.consultation, row.handle, "anna", is_sent=False)
    world.session.commit()
    assert delivering.deliver(database, config) == {"sent": 1}
    first, second = recorder.sent
    assert first["Message-ID"] == second["Message-ID"]
    last = journal.entries(world.session, world.consultation.id)[-1]
    assert (last.actor, last.act, last.facts) == ("anna", "send mail again", {"purpose": "reminder"})


def test_a_doubtful_mail_can_count_as_sent_on_a_persons_word(
    world: World, database: Database, config: Config, recorder: Recorder
) -> None:
    row = doubtful(world, database, config, recorder)
    undecided.decide(world.session, world.consultation, row.handle, "anna", is_sent=True)
    world.session.commit()
    assert delivering.deliver(database, config) == {}
    assert messages(database)[0].body is None
    with pytest.raises(NotFound):
        undecided.decide(world.session, world.consultation, row.handle, "anna", is_sent=False)


def test_another_consultations_mail_cannot_be_decided(
    make_world: MakeWorld, database: Database, config: Config, recorder: Recorder
) -> None:
    one, two = make_world(slug="one"), make_world(slug="two")
    row = doubtful(one, database, config, recorder)
    with pytest.raises(NotFound):
        undecided.decide(two.session, two.consultation, row.handle, "anna", is_sent=True)
    assert undecided.undecided(two.session, config, two.consultation) == []
