"""What every expert's page shares: texts in the reader's language, the frame, summaries."""

from typing import Any

from flask import Response, g, render_template, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.definition.text import in_language
from consult.models import Expert
from consult.services.answering import responding
from consult.services.rounds.stages import find_stage
from consult.web.access import ExpertPlace, Place
from consult.web.forms.pen import Pen
from consult.web.forms.summary import answer_row
from consult.web.marks import device_tag, header


def pen_of(place: Place, inputs: dict[str, list[str]] | None = None, **more: Any) -> Pen:
    """A pen for this reader."""
    return Pen(
        place.language, place.definition.languages, place.consultation.zone, place.windows(),
        inputs or {}, **more,
    )  # fmt: skip


def contact_name(place: Place) -> str:
    """Whom to ask, in this reader's language."""
    order = place.definition.languages
    return in_language(place.definition.contact.name, place.language, order).text


def frame(place: Place, *, signed_in: bool = True) -> None:
    """Put the consultation's name and an expert's navigation around the page."""
    slug = place.slug
    g.place = {
        "title": in_language(place.definition.short_title, place.language),
        "home": url_for("tasks.index", slug=slug) if signed_in else None,
        "nav": [{"href": url_for("tasks.index", slug=slug), "label": _("My tasks")}]
        if signed_in
        else [],
        "footer": [
            {"href": url_for("reading.help_page", slug=slug), "label": _("Help")},
            {"href": url_for("enter.privacy", slug=slug), "label": _("Privacy")},
            {"href": url_for("reading.accessibility", slug=slug), "label": _("Accessibility")},
            {
                "href": f"mailto:{place.definition.contact.email}",
                "label": _("Contact: %(name)s", name=contact_name(place)),
            },
        ],
        "has_drafts": True,
        "sign_out": url_for("enter.sign_out", slug=slug) if signed_in else None,
        **(header() if signed_in else {}),
    }


def paragraphs(pen: Pen, text: dict[str, str]) -> list[Any]:
    """A longer text cut at its empty lines."""
    shown = pen.text(text)
    if shown is None:
        return []
    return [shown._replace(text=part.strip()) for part in shown.text.split("\n\n") if part.strip()]


def sections(
    given: responding.Respondent, pen: Pen, slug: str | None = None
) -> list[dict[str, Any]]:
    """All answers of a stage in words, by page; with links to change them when `slug` is given."""
    found = []
    for step in given.steps():
        title = step.wording.title if step.wording else step.page.section.title if step.page else {}
        href = (
            url_for("respond.page", slug=slug, stage=given.stage.key, page=step.key)
            if slug
            else None
        )
        rows = [answer_row(item, pen, href) for item in step.asked if item.type != "info"]
        if step.wording is not None:
            for row, item in zip(rows, step.asked, strict=True):
                row["missing"] = item.type == "scale" and not row["value"]
        if rows:
            found.append({"title": pen.text(title), "answers": rows})
    return found


def end_on_device(person: Expert) -> None:
    """Let the last page, which knows nobody, drop what the device keeps of this person."""
    cookie["over_for"] = device_tag(person)


def signed_out(heading: str, texts: list[str]) -> Answer:
    """The last page: nothing of anyone, and Back shows nothing afterwards.

    What the device keeps of this person the script drops; of others it keeps what is theirs.
    """
    g.place = None
    message = {
        "heading": heading,
        "paragraphs": texts,
        "actions": [],
        "over_for": cookie.pop("over_for", None),
    }
    page = render_template("expert/message.html", message=message)
    return Response(page, headers={"Clear-Site-Data": '"cache"'})


def respondent_of(place: ExpertPlace, stage: str) -> responding.Respondent:
    """The reader at a stage. Raises NotFound."""
    return responding.respondent(
        place.session,
        place.consultation,
        place.definition,
        place.expert,
        find_stage(place.session, place.consultation.id, stage),
    )


def page_address(place: ExpertPlace, stage: str, page: str, **query: Any) -> str:
    """The address of one page of a stage."""
    return url_for("respond.page", slug=place.slug, stage=stage, page=page, **query)
