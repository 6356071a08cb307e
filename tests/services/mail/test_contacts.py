"""Correcting an address, a name or a group; and people who come a second time in a panel file."""

import pytest
from sqlalchemy import select

from consult.config import Config
from consult.errors import LinkNotValid, NotPossible, PanelInvalid, Withdrawn
from consult.models import Contact, Expert, Invitation, JournalEntry, Message
from consult.services.access import invitations, purposes
from consult.services.mail import contacts, inviting
from consult.services.panel import importing
from consult.services.running import leaving
from consult.words.refusals import in_english
from tests.services.conftest import World


def correct(world: World, config: Config, expert: Expert, **changes: str) -> list[str]:
    return contacts.correct(world.session, world.consultation, world.definition, config, expert, changes, "anna")


def live_links(world: World, expert: Expert) -> int:
    found = world.session.scalars(
        select(Invitation.id).where(Invitation.expert_id == expert.id, Invitation.revoked_at.is_(None))
    )
    return len(found.all())


def test_a_new_address_ends_the_old_links_and_gets_a_new_one(world: World, config: Config) -> None:
    about = (world.session, world.consultation, world.definition)
    inviting.invite_all(*about, config, "anna")
    expert = world.experts[0]
    token = invitations.create_invitation(world.session, expert)
    assert correct(world, config, expert, email="Ann@Example.org") == ["email"]
    contact = world.session.scalars(select(Contact).where(Contact.expert_id == expert.id)).one()
    assert contact.email == "ann@example.org"
    with pytest.raises(LinkNotValid):
        invitations.expert_of_token(world.session, token)
    assert live_links(world, expert) == 1
    sent = world.session.scalars(select(Message.purpose).where(Message.expert_id == expert.id).order_by(Message.id))
    assert list(sent)[-1] == purposes.NEW_LINK
    assert live_links(world, world.experts[1]) == 1


def test_the_group_follows_from_the_attribute(world: World, config: Config) -> None:
    expert = world.experts[0]
    assert expert.reporting_group == "library"
    assert correct(world, config, expert, work="work_council") == ["work"]
    assert (expert.attributes["work"], expert.reporting_group) == ("work_council", "town")


def test_the_journal_keeps_columns_and_no_words(world: World, config: Config) -> None:
    correct(world, config, world.experts[0], name="Ann Otherwise", email="ann@elsewhere.example")
    entry = world.session.scalars(select(JournalEntry).order_by(JournalEntry.number.desc()).limit(1)).one()
    assert entry.act == "correct expert"
    assert entry.facts == {"expert": world.experts[0].code, "columns": "email, name"}


def test_nothing_different_is_no_act(world: World, config: Config) -> None:
    before = len(world.session.scalars(select(JournalEntry)).all())
    assert correct(world, config, world.experts[0], name="Person 1") == []
    assert len(world.session.scalars(select(JournalEntry)).all()) == before


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"email": "person2@example.org"}, "'person2@example.org' is the address of E"),
        ({"email": "person 1"}, "person 1"),
        ({"work": "work_elsewhere"}, "work_elsewhere"),
        ({"language": "xx"}, "xx"),
        ({"shoes": "12"}, "there is no shoes to correct; there are: name, email"),
        ({"name": ""}, "'name' is empty"),
    ],
)
def test_what_the_panel_file_refuses_is_refused_here(
    world: World, config: Config, changes: dict[str, str], told: str
) -> None:
    before = contacts.row_of(world.session, world.definition, world.experts[0])
    with pytest.raises(NotPossible) as refused:
        correct(world, config, world.experts[0], **changes)
    assert told in in_english(refused.value)
    assert contacts.row_of(world.session, world.definition, world.experts[0]) == before


def test_who_has_left_is_not_corrected(world: World, config: Config) -> None:
    leaving.withdraw(world.session, world.experts[0], "anna")
    with pytest.raises(Withdrawn):
        correct(world, config, world.experts[0], name="Ann")


# A second time in a file

LINE = "name,email,language,part,work,group\n{name},{email},en,harbour,work_library,library\n"


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Person 1", "new@elsewhere.example"),
        ("PERSON\u00a01", "x@y.example"),
        ("Ann Otherwise", "person1@elsewhere.example"),
    ],
)
def test_somebody_alike_is_asked_about(world: World, name: str, email: str) -> None:
    about = (world.session, world.consultation, world.definition)
    data = LINE.format(name=name, email=email).encode()
    with pytest.raises(PanelInvalid) as invalid:
        importing.import_panel(*about, data, "anna")
    (problem,) = invalid.value.problems
    code = world.experts[0].code
    assert f"the same person as {code} <person1@example.org>?" in problem.message
    assert f"consult panel correct town-library {code} --email {email}" in problem.fix
    assert importing.import_panel(*about, data, "anna", are_new=True) == 1


def test_others_are_taken_in_without_a_question(world: World) -> None:
    about = (world.session, world.consultation, world.definition)
    data = LINE.format(name="Bea New", email="bea@example.org").encode()
    assert importing.import_panel(*about, data, "anna") == 1
