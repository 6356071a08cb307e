"""Whatever somebody typed, files and mails leave whole, open again, and hide nothing."""

import io
import re
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pyarrow.parquet
import pyreadstat
from openpyxl import load_workbook
from sqlalchemy import update

from consult.characters import one_line, readable
from consult.config import Config
from consult.database import Database
from consult.models import Contact
from consult.services.files import csvfile
from consult.services.files.table_column import Field
from consult.services.files.tableformats import FORMATS, encoded
from consult.services.mail import calendar, delivering, outbox
from tests.oddtexts import ODD
from tests.services.conftest import BEFORE, World, reworked
from tests.services.mail.sending import plain
from tests.services.mailserver import listening, parsed

TEXTS = list(ODD.values())
FIELDS = [
    Field("text", "string", TEXTS[6] + TEXTS[9]),
    Field("pick", "string", TEXTS[7], labels={f"k{place}": text for place, text in enumerate(TEXTS)}),
]


def made(form: str) -> bytes:
    rows = [(text, f"k{place}") for place, text in enumerate(TEXTS)]
    return b"".join(encoded(form, f"T {TEXTS[11]}", FIELDS, rows))


def test_every_format_is_tried() -> None:
    assert set(FORMATS) == {"csv", "csv-excel", "xlsx", "sav", "parquet"}


def test_csv_holds_every_text_readable() -> None:
    for form in ("csv", "csv-excel"):
        content = made(form).decode()
        assert readable(content.replace("\ufeff", "")) == content.replace("\ufeff", "").replace("\r\n", "\n")
        for text in TEXTS:
            assert csvfile.guard(readable(text)).replace('"', '""') in content


def test_xlsx_holds_every_text_readable() -> None:
    book = load_workbook(io.BytesIO(made("xlsx")))
    first, second = book.worksheets
    assert [row[0] for row in first.values][1:] == [readable(text) for text in TEXTS]
    assert [row[1] for row in second.values][1:] == [readable(one.title) for one in FIELDS]
    labels = "\n".join(f"k{place} = {readable(text)}" for place, text in enumerate(TEXTS))
    assert [row[2] for row in second.values][2] == labels


def test_sav_holds_every_text_readable(tmp_path: Path) -> None:
    path = tmp_path / "table.sav"
    path.write_bytes(made("sav"))
    frame, about = pyreadstat.read_sav(path)
    assert [text.rstrip() for text in frame["text"]] == [readable(text).rstrip() for text in TEXTS]
    told = [*about.column_labels, *about.variable_value_labels["pick"].values()]
    assert [readable(text) for text in told] == told


def test_parquet_holds_every_text_readable() -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(made("parquet")))
    assert table["text"].to_pylist() == [readable(text) for text in TEXTS]
    told = [value.decode() for one in table.schema for value in one.metadata.values()]
    assert [readable(text) for text in told] == told


def test_a_mail_to_and_about_any_text_is_sent(world: World, database: Database, config: Config) -> None:
    """Over a real connection; nothing of the text becomes a header or a line of its own there."""
    with listening() as (ear, port):
        over = replace(config, mail_backend="smtp", smtp_host="127.0.0.1", smtp_port=port)
        for number, text in enumerate(TEXTS, start=1):
            # What a database can hold: PostgreSQL takes no NUL, and none takes half a pair.
            words = text.encode("utf-8", "replace").decode().replace("\0", "")
            send(world, database, over, words, number)
            check(parsed(ear.came[-1]), words)
    assert len(ear.came) == len(TEXTS)


def send(world: World, database: Database, config: Config, words: str, number: int) -> None:
    expert, subject = world.experts[0], f"S {words}\nBcc: y@example.org"
    named = update(Contact).where(Contact.expert_id == expert.id)
    world.session.execute(named.values(name=f"A {words}\r\nBcc: x"))
    outbox.queue(world.session, expert, "reminder", "round-1", subject, words, number)
    world.session.commit()
    assert delivering.deliver(database, config) == {"sent": 1}


def check(mail: EmailMessage, words: str) -> None:
    assert mail["Subject"] == one_line(f"S {words}\nBcc: y@example.org")
    assert mail["Bcc"] is None
    [address] = mail["To"].addresses
    assert address.display_name == one_line(f"A {words}\r\nBcc: x")
    assert flat(plain(mail)) == flat(readable(words))
    html = mail.get_body(("html",))
    assert html is not None and readable(html.get_content()) == html.get_content().replace("\r\n", "\n")


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def test_a_calendar_file_holds_any_title(world: World, config: Config) -> None:
    found = [world.stage("round-1")]
    for text in TEXTS:
        changed = reworked(world.definition, short_title={"en": text})
        file = calendar.calendar_file(world.session, config, world.consultation, changed, found, "en", BEFORE)
        content = file.decode().replace("\r\n ", "")
        assert readable(content) == content.replace("\r\n", "\n")
        assert content.count("BEGIN:") == content.count("END:") == 2
