"""Scripts and style sheets as they are sent: joined by page, without comments, compressed, for good.

An address names what it leads to by its digest, so that a browser may keep it for ever and no
later version is mistaken for it.
"""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
import rcssmin
import rjsmin
from flask import Blueprint, Flask, Response, abort, request, url_for

from consult.web.access import public

blueprint = Blueprint("assets", __name__)
FOLDER = Path(__file__).parent / "static"
JOINED: Mapping[str, tuple[str, ...]] = {
    "answering.js": ("expert.js", "questions.js", "autosave.js", "sending.js"),
    "rating.js": ("expert.js", "rating.js", "autosave.js", "sending.js"),
    "listed.js": ("listed.js",),
    "returning.js": ("autosave.js", "sending.js"),
    "sending.js": ("sending.js",),
    "charts.js": ("charts.js",),
    "consult.css": ("consult.css",),
    "staff.css": ("staff.css",),
}
"""What pages ask for, and the files it is made of, in their order."""
SHRINK = {"js": rjsmin.jsmin, "css": rcssmin.cssmin}
KINDS = {"js": "text/javascript", "css": "text/css"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent, by encoding; `identity` is the file itself."""

    digest: str
    mimetype: str
    encoded: Mapping[str, bytes]


@cache
def asset(name: str) -> Asset:
    """A script or a sheet, made once. Raises KeyError."""
    kind = name.rpartition(".")[2]
    whole = "\n".join((FOLDER / part).read_text("utf-8") for part in JOINED[name])
    plain = str(SHRINK[kind](whole)).encode()
    encoded = {
        "br": brotli.compress(plain, mode=brotli.MODE_TEXT, quality=11),
        "gzip": gzip.compress(plain, 9, mtime=0),
        "identity": plain,
    }
    return Asset(hashlib.sha256(plain).hexdigest()[:16], KINDS[kind], encoded)


def address(name: str) -> str:
    """Where a page finds a script or a sheet."""
    return url_for("assets.show", digest=asset(name).digest, filename=name)


@blueprint.get("/assets/<digest>/<filename>")
@public
def show(digest: str, filename: str) -> Response:
    """A script or a sheet; of another version only that it is not here."""
    if filename not in JOINED or asset(filename).digest != digest:
        abort(404)
    found = asset(filename)
    best = next((one for one in ("br", "gzip") if request.accept_encodings.quality(one) > 0), "identity")
    response = Response(found.encoded[best], mimetype=found.mimetype)
    if best != "identity":
        response.headers["Content-Encoding"] = best
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["X-Consult-Cache"] = "immutable"
    return response


def register(app: Flask) -> None:
    """Let templates name what they need."""
    app.jinja_env.globals["asset"] = address
