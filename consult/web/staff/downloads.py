"""Downloads: one page with what is in each file and its checksum, and a button for each file.

A file goes out by POST, because every download is noted in the journal.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from tempfile import TemporaryFile

from babel.units import format_unit
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from consult.database import get_database
from consult.definition.text import Shown
from consult.services.files import downloads as services
from consult.services.files.downloads import DownloadSpec
from consult.services.files.tableformats import FORMATS
from consult.services.package import writing
from consult.services.rounds.results import released_numbers
from consult.services.rounds.stages import stages_of
from consult.web.access import StaffContext, for_staff
from consult.web.staff.pages import page, text, translate
from consult.words.withholding import withheld_sentence

blueprint = Blueprint("downloads", __name__)
PIECE = 1 << 16


@blueprint.get("/c/<slug>/downloads")
@for_staff("analyst", "secretariat")
def index(ctx: StaffContext) -> ResponseReturnValue:
    """The files these roles may have."""
    rows = [_row(ctx, spec) for spec in services.FILES.values() if spec.roles & ctx.roles]
    formats = [(found.key, translate(ctx).gettext(found.what)) for found in FORMATS.values()]
    has_package = writing.ROLE in ctx.roles and any(
        released_numbers(ctx.session, stage) is not None for stage in stages_of(ctx.session, ctx.consultation.id)
    )
    return page(ctx, "staff/downloads.html", rows=rows, formats=formats, has_package=has_package)


@dataclass(frozen=True, slots=True)
class MissingStage:
    """A stage whose rows a file lacks, and why."""

    stage: Shown
    why: str


@dataclass(frozen=True, slots=True)
class FileCard:
    """A file, what it holds and lacks, its size in words and the SHA-256 of its CSV form."""

    name: str
    what: str
    sha256: str
    gaps: Sequence[MissingStage]
    size: str


def _row(ctx: StaffContext, spec: DownloadSpec) -> FileCard:
    found = services.checksum(ctx.session, ctx.consultation, spec.name, _role(ctx, spec), ctx.language)
    kilobytes = -(-found.bytes // 1000)
    return FileCard(
        name=spec.name,
        what=translate(ctx).gettext(spec.what),
        sha256=found.sha256,
        gaps=[
            MissingStage(
                stage=text(ctx, ctx.definition.stage(gap.stage.key).title),
                why=withheld_sentence(gap.code, translate(ctx)),
            )
            for gap in services.gaps(ctx.session, ctx.consultation, spec.name)
        ],
        size=format_unit(kilobytes, "digital-kilobyte", "short", locale=ctx.language),
    )


@blueprint.post("/c/<slug>/downloads/<name>")
@for_staff("analyst", "secretariat")
def file(ctx: StaffContext, name: str) -> ResponseReturnValue:
    """One file in the chosen format, piece by piece; noted in the journal first."""
    spec = services.FILES.get(name)
    role = _role(ctx, spec) if spec else sorted(ctx.roles)[0]
    chosen = services.format_of(request.values.get("format", "csv"))
    services.record(ctx.session, ctx.consultation, name, role, chosen.key, ctx.actor)
    ctx.session.commit()
    pieces = _pieces(ctx, name, role, chosen.key)
    response = Response(pieces, mimetype=chosen.media_type)
    called = f"{ctx.slug}-{services.file_name(name, chosen.key)}"
    response.headers["Content-Disposition"] = f'attachment; filename="{called}"'
    return response


@blueprint.post("/c/<slug>/downloads/package.zip")
@for_staff("analyst")
def package(ctx: StaffContext) -> ResponseReturnValue:
    """All files, rules and results in one zip; noted in the journal first."""
    pieces = _package(ctx)
    next(pieces)
    writing.record(ctx.session, ctx.consultation, ctx.actor)
    ctx.session.commit()
    response = Response(pieces, mimetype="application/zip")
    called = f"{ctx.slug}-{writing.NAME}"
    response.headers["Content-Disposition"] = f'attachment; filename="{called}"'
    return response


def _package(ctx: StaffContext) -> Iterator[bytes]:
    """Nothing when the package is made, then its pieces."""
    with TemporaryFile() as made:
        with get_database().reading() as session:
            writing.write_package(session, ctx.consultation, made, ctx.language)
        made.seek(0)
        yield b""
        while piece := made.read(PIECE):
            yield piece


def _pieces(ctx: StaffContext, name: str, role: str, form: str) -> Iterator[bytes]:
    """The file from a session that only reads: a slow reader must not keep others from writing.

    The first piece is made at once, so that a refusal is a page and not a broken file.
    """
    session = get_database().open_session(writes=False)
    try:
        parts = services.content(session, ctx.consultation, name, role, ctx.language, form)
        first = next(parts, b"")
    except BaseException:
        session.close()
        raise

    def rest() -> Iterator[bytes]:
        with session:
            yield first
            yield from parts

    return rest()


def _role(ctx: StaffContext, spec: DownloadSpec) -> str:
    """The role under which this person may have the file; any of theirs if none may."""
    return sorted(ctx.roles & spec.roles or ctx.roles)[0]
