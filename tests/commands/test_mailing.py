import csv
import re
from pathlib import Path

import pytest
from sqlalchemy import select, text

from consult.models import Expert, Message
from consult.services.mail import letters
from tests.commands.conftest import CommandLine

SLUG = "town-library"
LINK = re.compile(r"http://127\.0\.0\.1:8000/i/[\w-]{43}")


def opened(library: CommandLine) -> CommandLine:
    library("open", SLUG, "first-look", "--reason", "a try")
    return library


def test_invitations_by_mail(library: CommandLine) -> None:
    assert library.out("invite", SLUG) == "12 experts invited; mails wait in the outbox\n"
    assert library.out("invite", SLUG) == "nobody is without a link\n"
    assert "mails: invitation 12 queued" in library.out("status", SLUG)
    assert library.out("deliver") == "12 sent\n"
    assert library.out("deliver") == "no mail waits\n"
    assert len(library.mails()) == 12 and len(set(LINK.findall("".join(library.mails())))) == 12
    assert "18 September 2026, 20:00 (Halifax, UTC\u22123)" in library.mails()[0]


def test_invitations_in_a_file_are_not_mailed(library: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "links.csv"
    assert f"12 experts invited; links in {out}" in library.out("invite", SLUG, "--out", out)
    assert out.stat().st_mode & 0o777 == 0o600
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["name", "email", "link"] and len(rows) == 12
    assert all(LINK.fullmatch(row["link"]) for row in rows)
    assert library.out("deliver") == "no mail waits\n"
    made = library.database()
    with made.reading() as session:
        messages = session.scalars(select(Message)).all()
    made.dispose()
    assert {(message.state, message.body) for message in messages} == {("sent", None)}


def test_a_file_is_never_written_over(library: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "links.csv"
    out.write_text("kept")
    assert "is there already" in library.refused("invite", SLUG, "--out", out)
    assert "cannot be written" in library.refused("invite", SLUG, "--out", tmp_path / "no" / "x")
    assert out.read_text() == "kept"
    assert "12 experts invited" in library.out("invite", SLUG)


def test_an_earlier_mail_still_goes_out(library: CommandLine, tmp_path: Path) -> None:
    library("invite", SLUG)
    file = tmp_path / "more.csv"
    file.write_text("name,email,language,part,work\nNew,new@example.org,en,hill,work_school\n")
    library("panel", "import", SLUG, file)
    assert "1 expert invited" in library.out("invite", SLUG, "--out", tmp_path / "links.csv")
    assert library.out("deliver") == "12 sent\n"


def test_links_end_at_once_when_staff_say_so(library: CommandLine) -> None:
    library("invite", SLUG)
    assert "all links and sessions of E01 have ended" in library.out("end-links", SLUG, "e01")
    assert library.out("deliver") == "11 sent\n", "a mail with a dead link is not sent"
    assert "1 expert invited" in library.out("invite", SLUG)
    assert "there is no expert 'E99'" in library.refused("end-links", SLUG, "E99")
    assert "end links" in library.out("journal", SLUG)


def test_letters_are_printed_and_deleted(library: CommandLine) -> None:
    assert library.out("letters", "list", SLUG) == "no letter waits\n"
    made = library.database()
    with made.writing() as session:
        expert = session.scalars(select(Expert).where(Expert.code == "E01")).one()
        letter = letters.write(
            session, expert, "message", name="Ža\u202enis\n", email="", text="Not me\n\x1b[31mat all"
        )
        handle = letter.handle
    made.dispose()
    told = library.out("letters", "list", SLUG)
    assert handle in told and "by the link of E01" in told and "at all" in told
    assert "\x1b" not in told and "\u202e" not in told, "nothing steers a terminal"
    assert "there is no letter" in library.refused("letters", "delete", SLUG, "nothing")
    assert library.out("letters", "delete", SLUG, handle) == "the letter is deleted\n"
    assert library.out("letters", "list", SLUG) == "no letter waits\n"
    assert "delete letter" in library.out("journal", SLUG) and "nis" not in library.out("journal", SLUG)


def test_a_new_link_is_printed_or_mailed(library: CommandLine) -> None:
    first = library.out("link", SLUG, "e01").strip()
    assert LINK.fullmatch(first) and library.out("link", SLUG, "E01").strip() != first
    assert "waits in the outbox" in library.out("link", SLUG, "E01", "--mail")
    assert library.out("deliver") == "1 sent\n"
    assert "there is no expert 'E99'" in library.refused("link", SLUG, "E99")
    library("withdraw", SLUG, "E01")
    assert "has withdrawn" in library.refused("link", SLUG, "E01")


def test_reminders_go_to_those_who_have_not_submitted(rated: CommandLine) -> None:
    rated("open", SLUG, "round-2", "--reason", "ready")
    assert rated.out("announce", SLUG, "round-2") == "12 mails put into the outbox\n"
    assert rated.out("announce", SLUG, "round-2") == "0 mails put into the outbox\n"
    assert rated.out("remind", SLUG, "round-2") == "12 reminders put into the outbox\n"
    assert rated.out("remind", SLUG, "round-2") == "0 reminders put into the outbox\n"
    assert rated.out("deliver") == "24 sent\n"


def test_nobody_is_reminded_of_a_stage_that_takes_no_answers(rated: CommandLine) -> None:
    for stage in ("first-look", "round-2"):
        assert "takes no answers now" in rated.refused("remind", SLUG, stage)
        assert "takes no answers now" in rated.refused("announce", SLUG, stage)
    said = rated.refused("remind", SLUG, "round-9")
    assert said == "there is no stage 'round-9'; there are: first-look, round-1, round-2\n"


def test_mails_that_may_have_arrived_wait_for_a_person(library: CommandLine) -> None:
    library("invite", SLUG)
    made = library.database()
    with made.writing() as session:
        session.execute(text("UPDATE message SET state = 'claimed' WHERE id <= 2"))
    made.dispose()
    assert "no mail waits for a decision" in library.out("mails", "list", SLUG)
    result = library("deliver", code=1)
    assert "2 uncertain" in result.stdout and "consult mails list" in result.stderr
    listed = library.out("mails", "list", SLUG)
    assert "it may have arrived" in listed
    one, two = re.findall(r"^([a-z2-7]{16})  ", listed, re.M)
    assert "waits in the outbox" in library.out("mails", "again", SLUG, one)
    assert "counts as sent" in library.out("mails", "arrived", SLUG, two)
    assert "no such mail" in library.refused("mails", "arrived", SLUG, two)
    assert library.out("deliver") == "1 sent\n"


def test_an_unreachable_server_leaves_mails_in_the_outbox(
    library: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    library("invite", SLUG)
    away = {**library.env, "CONSULT_MAIL_BACKEND": "smtp", "CONSULT_SMTP_PORT": "9"}
    monkeypatch.setattr(CommandLine, "env", away)
    result = library("deliver", code=1)
    assert result.stdout == "12 queued\n" and "stay in the outbox" in result.stderr
