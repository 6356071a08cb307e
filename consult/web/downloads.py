"""Downloads: one page with what is in each file and its checksum, and the files."""

from collections.abc import Iterator

from babel.units import format_unit
from flask import Blueprint, Response, stream_with_context

from consult.services import downloads as services
from consult.services.downloads import DownloadSpec
from consult.web.access import StaffPlace, for_staff
from consult.web.staff import page, translate

blueprint = Blueprint("downloads", __name__)


@blueprint.get("/c/<slug>/downloads")
@for_staff("analyst", "secretariat")
def index(place: StaffPlace) -> object:
    """The files these roles may have."""
    rows = [_row(place, spec) for spec in services.FILES.values() if spec.roles & place.roles]
    return page(place, "downloads/index.html", rows=rows)


def _row(place: StaffPlace, spec: DownloadSpec) -> dict[str, object]:
    found = services.checksum(
        place.session, place.consultation, spec.name, _role(place, spec), place.language
    )
    kilobytes = -(-found.bytes // 1000)
    return {
        "name": spec.name,
        "what": translate(place).gettext(spec.what),
        "sum": found,
        "size": format_unit(kilobytes, "digital-kilobyte", "short", locale=place.language),
    }


@blueprint.get("/c/<slug>/downloads/<name>")
@for_staff("analyst", "secretariat")
def file(place: StaffPlace, name: str) -> object:
    """One file, line by line."""
    spec = services.FILES.get(name)
    role = _role(place, spec) if spec else sorted(place.roles)[0]
    lines = services.write(place.session, place.consultation, name, role, place.language)
    response = Response(stream_with_context(_encoded(lines)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{place.slug}-{name}"'
    return response


def _role(place: StaffPlace, spec: DownloadSpec) -> str:
    """The role under which this person may have the file; any of theirs if none may."""
    return sorted(place.roles & spec.roles or place.roles)[0]


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    for line in lines:
        yield line.encode()
