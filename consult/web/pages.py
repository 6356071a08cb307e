"""What every expert's page shares: texts in the reader's language, the frame, summaries."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response, g, render_template, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.definition.asked import Problem
from consult.definition.text import Shown, in_language
from consult.models import Expert
from consult.services.answering import responding
from consult.services.rounds.stages import find_stage
from consult.web.access import ExpertPlace, Place
from consult.web.forms.pen import Pen
from consult.web.forms.summary import answer_row
from consult.web.languages import Frame
from consult.web.marks import device_tag, reader
from consult.web.views import AnswerRow, AnswerSection, Link, Message


def pen_of(
    place: Place,
    inputs: Mapping[str, list[str]] | None = None,
    *,
    problems: Sequence[Problem] = (),
    attributes: Mapping[str, str] | None = None,
    shown_instances: Mapping[str, int] | None = None,
) -> Pen:
    """A pen for this reader."""
    return Pen(
        place.language,
        place.definition.languages,
        place.consultation.zone,
        place.windows(),
        inputs or {},
        problems,
        attributes,
        shown_instances,
    )


def contact_name(place: Place) -> str:
    """Whom to ask, in this reader's language."""
    order = place.definition.languages
    return in_language(place.definition.contact.name, place.language, order).text


def frame(place: Place, *, signed_in: bool = True) -> None:
    """Put the consultation's name and an expert's navigation around the page."""
    slug = place.slug
    tasks = url_for("tasks.index", slug=slug)
    contact = place.definition.contact.email
    g.place = Frame(
        title=in_language(place.definition.short_title, place.language),
        home=tasks if signed_in else None,
        nav=[Link(tasks, _("My tasks"))] if signed_in else [],
        footer=[
            Link(url_for("reading.help_page", slug=slug), _("Help")),
            Link(url_for("enter.privacy", slug=slug), _("Privacy")),
            Link(url_for("reading.accessibility", slug=slug), _("Accessibility")),
            Link(f"mailto:{contact}", _("Contact: %(name)s", name=contact_name(place))),
        ],
        sign_out=url_for("enter.sign_out", slug=slug) if signed_in else None,
        reader=reader() if signed_in else None,
        has_drafts=True,
    )


def paragraphs(pen: Pen, text: Mapping[str, str]) -> list[Shown]:
    """A longer text cut at its empty lines."""
    shown = pen.text(text)
    if shown is None:
        return []
    return [shown._replace(text=part.strip()) for part in shown.text.split("\n\n") if part.strip()]


def sections(given: responding.Respondent, pen: Pen, slug: str | None = None) -> list[AnswerSection]:
    """All answers of a stage in words, by page; with links to change them when `slug` is given."""
    found = []
    for step in given.steps():
        title = step.wording.title if step.wording else step.page.section.title if step.page else {}
        href = url_for("respond.page", slug=slug, stage=given.stage.key, page=step.key) if slug else None
        rows = _rows(step, pen, href)
        if rows:
            found.append(AnswerSection(pen.text(title), rows))
    return found


def _rows(step: responding.Step, pen: Pen, href: str | None) -> list[AnswerRow]:
    """The answers of one page. Of a measure its ratings are wanted, and no comment."""
    is_rating = step.wording is not None
    return [
        answer_row(item, pen, href, is_wanted=item.type == "scale" if is_rating else item.question.required)
        for item in step.asked
        if item.type != "info"
    ]


def end_on_device(person: Expert) -> None:
    """Let the last page, which knows nobody, drop what the device keeps of this person."""
    cookie["over_for"] = device_tag(person)


def signed_out(heading: str, texts: list[str]) -> Answer:
    """The last page: nothing of anyone, and Back shows nothing afterwards.

    What the device keeps of this person the script drops; of others it keeps what is theirs.
    """
    g.place = None
    message = Message(heading, texts, over_for=cookie.pop("over_for", None))
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


def page_address(place: ExpertPlace, stage: str, page: str, **query: str) -> str:
    """The address of one page of a stage."""
    values: dict[str, Any] = {"slug": place.slug, "stage": stage, "page": page, **query}
    return url_for("respond.page", **values)
