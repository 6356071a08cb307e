"""The briefing as a page: a document of its own, without the frame of the application."""

from flask import Blueprint, Response, make_response, request
from flask.typing import ResponseReturnValue

from consult.briefing import html
from consult.briefing.model import Briefing
from consult.services.briefings import briefing_of
from consult.web.access import StaffContext, for_staff
from consult.web.staff.pages import pick

blueprint = Blueprint("briefing", __name__)


@blueprint.get("/c/<slug>/briefing")
@for_staff("facilitator", "analyst", "secretariat")
def show(ctx: StaffContext) -> ResponseReturnValue:
    """The briefing in one of the consultation's languages; `?format=docx` or `pdf` for a file."""
    languages = ctx.definition.languages
    first = ctx.language if ctx.language in languages else languages[0]
    language = pick(request.args.get("lang"), [first, *languages])
    form = pick(request.args.get("format"), ["html", "docx", "pdf"])
    found = briefing_of(ctx.session, ctx.consultation, language)
    if form != "html":
        return _file(found, form)
    response = make_response(html.render(found, language))
    response.headers["X-Consult-Policy"] = "document"
    return response


def _file(briefing: Briefing, form: str) -> Response:
    """The briefing as a file to keep."""
    # What writes Word files and PDF is large, and loaded only when one is asked for.
    from consult.briefing import forms

    response = make_response(forms.write(briefing, form))
    response.headers["Content-Type"] = forms.MEDIA_TYPES[form]
    name = f"briefing-{briefing.slug}-{briefing.language}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
