"""Files to download: which there are, who may have them, and writing them in any format."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.errors import NotAllowed, NotFound
from consult.models import Consultation, Stage
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Named, NamedAmong
from consult.refusals.file_facts import FileForRole
from consult.roles import Role
from consult.services import journal
from consult.services.files.before_after import before_after
from consult.services.files.codebook_table import codebook_table
from consult.services.files.consensus_table import consensus_table
from consult.services.files.csvfile import lines
from consult.services.files.distributions import distributions
from consult.services.files.free_texts import free_texts
from consult.services.files.long import answers_long, ratings_long
from consult.services.files.participation_table import participation
from consult.services.files.reasons_table import reasons
from consult.services.files.secretariat_file import secretariat_answers
from consult.services.files.table_column import Table
from consult.services.files.table_source import TableSource
from consult.services.files.tableformats import FORMATS, Format, encoded
from consult.services.files.wide import answers_wide, ratings_wide
from consult.services.frozen.row_files import TEXTS_TOO, Withheld
from consult.words.phrases import N_

STAFF = frozenset({Role.SECRETARIAT, Role.ANALYST})
ANALYST = frozenset({Role.ANALYST})
SECRETARIAT = frozenset({Role.SECRETARIAT})
OF_PEOPLE = frozenset(
    {"ratings-long.csv", "ratings-wide.csv", "answers-long.csv", "answers-wide.csv", "free-texts.csv"}
)
"""Files of rows and texts: of them whole stages may be withheld."""
DOWNLOAD = "download"
"""How the journal names it."""


@dataclass(frozen=True, slots=True)
class DownloadSpec:
    """One file: its name, the roles that may have it, and what is in it (to be translated)."""

    name: str
    roles: frozenset[str]
    what: str
    table: Callable[[TableSource], Table]


@dataclass(frozen=True, slots=True)
class Checksum:
    """SHA-256 in hexadecimal digits and the size of a file as it is now."""

    sha256: str
    bytes: int


_SPECS = (
    DownloadSpec(
        "consensus-table.csv",
        STAFF,
        N_(
            "Every round, measure and criterion: ratings, verdict, margin, stability, outcome and "
            "the reason in a sentence."
        ),
        consensus_table,
    ),
    DownloadSpec(
        "distributions.csv",
        STAFF,
        N_("How many gave each answer, for every question and rating that may be shown."),
        distributions,
    ),
    DownloadSpec(
        "before-after.csv",
        STAFF,
        N_("Questions asked twice: how many people went up, stayed or went down."),
        before_after,
    ),
    DownloadSpec(
        "participation.csv",
        STAFF,
        N_("How many were invited, agreed to take part, started and submitted, stage by stage."),
        participation,
    ),
    DownloadSpec(
        "codebook.csv",
        STAFF,
        N_("Every variable: the question, its scale and labels, and in which file it is."),
        codebook_table,
    ),
    DownloadSpec(
        "reasons.csv", STAFF, N_("Reasons for high and low ratings, as they were released to the panel."), reasons
    ),
    DownloadSpec("ratings-long.csv", ANALYST, N_("Every rating under a pseudonym, in random order."), ratings_long),
    DownloadSpec(
        "ratings-wide.csv",
        ANALYST,
        N_("The same, one row per pseudonym and round, the ratings side by side."),
        ratings_wide,
    ),
    DownloadSpec(
        "answers-long.csv",
        ANALYST,
        N_("Every answer that is not text under a pseudonym, in random order."),
        answers_long,
    ),
    DownloadSpec(
        "answers-wide.csv",
        ANALYST,
        N_("The same, one row per pseudonym and stage, the answers side by side."),
        answers_wide,
    ),
    DownloadSpec("free-texts.csv", ANALYST, N_("Texts by question, shuffled, without any pseudonym."), free_texts),
    DownloadSpec(
        "secretariat-answers.csv",
        SECRETARIAT,
        N_("Answers addressed to the secretariat, with names. Not for passing on."),
        secretariat_answers,
    ),
)

FILES: dict[str, DownloadSpec] = {spec.name: spec for spec in _SPECS}


@dataclass(frozen=True, slots=True)
class Gap:
    """A frozen stage of which a file holds nothing, and the code of why."""

    stage: Stage
    code: Withheld


def gaps(session: Session, consultation: Consultation, name: str) -> list[Gap]:
    """The stages that are withheld from a file of rows or texts; none for other files.

    Raises NotFound.
    """
    if name not in FILES:
        raise NotFound(Refusal(Code.NO_SUCH_FILE, Named(name)))
    if name not in OF_PEOPLE:
        return []
    source = TableSource(session, consultation, None)
    found = []
    for frozen in source.frozen:
        code = source.standings[frozen.result.id].withheld
        is_asked = frozen.stage.kind == "round" or not name.startswith("ratings")
        if code is not None and is_asked and (name != "free-texts.csv" or code in TEXTS_TOO):
            found.append(Gap(frozen.stage, code))
    return found


def write(
    session: Session, consultation: Consultation, name: str, role: str, language: str | None = None
) -> Iterator[str]:
    """One file, line by line: RFC 4180, comma, CR LF; to be encoded as UTF-8.

    `language`: of questions, labels and sentences; by default the consultation's first. Only
    frozen stages are in it. Raises NotFound for an unknown name, NotAllowed for another role,
    both before the first line.
    """
    table = permitted(name, role).table(TableSource(session, consultation, language))
    return lines(table.header, table.rows)


def permitted(name: str, role: str) -> DownloadSpec:
    """The file of that name for a role. Raises NotFound, NotAllowed."""
    spec = FILES.get(name)
    if spec is None:
        raise NotFound(Refusal(Code.NO_SUCH_FILE, Named(name)))
    if role not in spec.roles:
        raise NotAllowed(Refusal(Code.FILE_NOT_FOR_ROLE, FileForRole(name, role)))
    return spec


def format_of(key: str) -> Format:
    """The format of that key. Raises NotFound."""
    if key not in FORMATS:
        raise NotFound(Refusal(Code.NO_SUCH_FORMAT, NamedAmong(key, tuple(FORMATS))))
    return FORMATS[key]


def content(
    session: Session, consultation: Consultation, name: str, role: str, language: str | None = None, form: str = "csv"
) -> Iterator[bytes]:
    """One file in a format, in pieces; as CSV the same as `write`.

    Raises as `write` does, NotFound also for an unknown format; NotPossible with the first piece
    when a format cannot hold the table.
    """
    spec, chosen = permitted(name, role), format_of(form)
    table = spec.table(TableSource(session, consultation, language))
    return encoded(chosen.key, _stem(name), table.fields, table.rows)


def file_name(name: str, form: str) -> str:
    """What a file is called in a format: `ratings-long.csv` as XLSX is `ratings-long.xlsx`."""
    return _stem(name) + format_of(form).suffix


def _stem(name: str) -> str:
    return name.removesuffix(".csv")


def record(session: Session, consultation: Consultation, name: str, role: str, form: str, actor: str) -> None:
    """Note in the journal that a file goes out. Raises as `content` does, before anything."""
    permitted(name, role)
    format_of(form)
    journal.record(session, consultation.id, actor, DOWNLOAD, file=name, format=form, role=role)


def checksum(
    session: Session, consultation: Consultation, name: str, role: str, language: str | None = None
) -> Checksum:
    """Digest and size of a file, without keeping it. Raises as `write` does."""
    sha256, size = hashlib.sha256(), 0
    for line in write(session, consultation, name, role, language):
        data = line.encode()
        sha256.update(data)
        size += len(data)
    return Checksum(sha256.hexdigest(), size)
