"""The briefing as a page: a document of its own, without the frame of the application."""

from flask import Blueprint, make_response, request

from consult.briefing import html
from consult.services.briefings import briefing_of
from consult.web.access import StaffPlace, for_staff
from consult.web.staff import pick

blueprint = Blueprint("briefing", __name__)


@blueprint.get("/c/<slug>/briefing")
@for_staff("facilitator", "analyst", "secretariat")
def show(place: StaffPlace) -> object:
    """The briefing in one of the consultation's languages."""
    languages = place.definition.languages
    first = place.language if place.language in languages else languages[0]
    language = pick(request.args.get("lang"), [first, *languages])
    found = briefing_of(place.session, place.consultation, language)
    response = make_response(html.render(found, language))
    response.headers["X-Consult-Policy"] = "document"
    return response
