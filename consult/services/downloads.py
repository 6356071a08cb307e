"""Files to download: which there are, who may have them, and writing them line by line."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy.orm import Session

from consult.briefing.wording import N_
from consult.errors import NotAllowed, NotFound
from consult.models import Consultation
from consult.services import released_tables, rows, secretariat_file
from consult.services.csvfile import lines
from consult.services.released_tables import Source, Table

STAFF = frozenset({"secretariat", "analyst"})
ANALYST = frozenset({"analyst"})
SECRETARIAT = frozenset({"secretariat"})


@dataclass(frozen=True, slots=True)
class DownloadSpec:
    """One file: its name, the roles that may have it, and what is in it (to be translated)."""

    name: str
    roles: frozenset[str]
    what: str
    table: Callable[[Source], Table]


@dataclass(frozen=True, slots=True)
class Checksum:
    """SHA-256 in hexadecimal digits and the size of a file as it is now."""

    sha256: str
    bytes: int


_SPECS = (
    DownloadSpec(
        "consensus-table.csv", STAFF,
        N_("Every round, measure and criterion: ratings, verdict, margin, stability, outcome and "
           "the reason in a sentence."),
        released_tables.consensus_table,
    ),
    DownloadSpec(
        "distributions.csv", STAFF,
        N_("How many gave each answer, for every question and rating that may be shown."),
        released_tables.distributions,
    ),
    DownloadSpec(
        "before-after.csv", STAFF,
        N_("Questions asked twice: how many people went up, stayed or went down."),
        released_tables.before_after,
    ),
    DownloadSpec(
        "participation.csv", STAFF,
        N_("How many were invited, agreed to take part, started and submitted, stage by stage."),
        released_tables.participation,
    ),
    DownloadSpec(
        "codebook.csv", STAFF,
        N_("Every variable: the question, its scale and labels, and in which file it is."),
        released_tables.variables,
    ),
    DownloadSpec(
        "reasons.csv", STAFF,
        N_("Reasons for high and low ratings, as they were released to the panel."),
        released_tables.reasons,
    ),
    DownloadSpec(
        "ratings-long.csv", ANALYST,
        N_("Every rating under a pseudonym, in random order."),
        rows.ratings,
    ),
    DownloadSpec(
        "answers-long.csv", ANALYST,
        N_("Every answer that is not text under a pseudonym, in random order."),
        rows.answers,
    ),
    DownloadSpec(
        "free-texts.csv", ANALYST,
        N_("Texts by question, shuffled, without any pseudonym."),
        rows.free_texts,
    ),
    DownloadSpec(
        "secretariat-answers.csv", SECRETARIAT,
        N_("Answers addressed to the secretariat, with names. Not for passing on."),
        secretariat_file.secretariat_answers,
    ),
)  # fmt: skip

FILES: dict[str, DownloadSpec] = {spec.name: spec for spec in _SPECS}


def files_for(role: str) -> list[DownloadSpec]:
    """The files a role may have, in order."""
    return [spec for spec in _SPECS if role in spec.roles]


def write(
    session: Session,
    consultation: Consultation,
    name: str,
    role: str,
    language: str | None = None,
) -> Iterator[str]:
    """One file, line by line: RFC 4180, comma, CR LF; to be encoded as UTF-8.

    `language`: of questions, labels and sentences; by default the consultation's first. Only
    frozen stages are in it. Raises NotFound for an unknown name, NotAllowed for another role,
    both before the first line.
    """
    spec = FILES.get(name)
    if spec is None:
        raise NotFound(f"there is no file '{name}'")
    if role not in spec.roles:
        raise NotAllowed(f"'{name}' is not for the role {role}")
    header, found = spec.table(Source(session, consultation, language))
    return lines(header, found)


def checksum(
    session: Session,
    consultation: Consultation,
    name: str,
    role: str,
    language: str | None = None,
) -> Checksum:
    """Digest and size of a file, without keeping it. Raises as `write` does."""
    sha256, size = hashlib.sha256(), 0
    for line in write(session, consultation, name, role, language):
        data = line.encode()
        sha256.update(data)
        size += len(data)
    return Checksum(sha256.hexdigest(), size)
