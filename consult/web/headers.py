"""Headers of every answer: content policy, caching, isolation."""

import json

from flask import Flask, Response, g, request

from consult.web.access import config

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
"""The digest of an empty style element, which plotly adds and fills through the object model."""
MAP_STYLE = "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='"
"""The digest of the style of maps that plotly brings along; no chart here uses it."""
CHART_POLICY = POLICY.replace("style-src 'self'", f"style-src 'self' {EMPTY_STYLE} {MAP_STYLE}").replace(
    "img-src 'self' data:", "img-src 'self' data: blob:"
)
DOCUMENT_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "script-src 'self'", "script-src 'none'"
)
"""For a self-contained document that carries its own style and no script."""


def _tell_script(response: Response) -> None:
    """A form sent by the script learns that this server answered, and where to go.

    It cannot look at a redirect: the browser would follow it unseen. A page of answers also learns
    what it has seen by now, for somebody who typed on while it was sent.
    """
    response.headers["Consult-Answer"] = "1"
    if 300 <= response.status_code < 400:
        response.headers["Consult-Location"] = response.headers.pop("Location")
        response.status_code = 204
        response.set_data(b"")
        if "marks" in g:
            response.status_code, response.mimetype = 200, "application/json"
            response.set_data(json.dumps(g.marks))


ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def register(app: Flask) -> None:
    """Add the headers to every answer."""

    @app.after_request
    def _add(response: Response) -> Response:
        policy = {"chart": CHART_POLICY, "document": DOCUMENT_POLICY}.get(
            response.headers.pop("X-Consult-Policy", ""), POLICY
        )
        response.headers["Content-Security-Policy"] = policy
        response.headers.update(ALWAYS)
        if config().is_https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if response.headers.pop("X-Consult-Cache", "") == "immutable":
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        else:
            response.headers["Cache-Control"] = "no-store"
        if request.method == "POST" and "Consult-Send" in request.headers:
            _tell_script(response)
        return response
