"""Pages to read: the blank questionnaire, one's ratings as a list, help, accessibility."""

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from analysis.model.stage import MeasureResult
from consult.definition.asked import first
from consult.services.answering import feedback
from consult.services.answering.entering import blank_parts
from consult.services.answering.responding import Respondent, Step
from consult.services.rounds.stages import find_stage, takes_answers
from consult.web.access import ExpertPlace, for_expert, place_of, public, visit_here
from consult.web.expert.answer_views import BlankSheet, RatedMeasure, RatingsPage, Settled
from consult.web.forms.blank import draw_part
from consult.web.forms.pen import Pen
from consult.web.forms.words import verdict_text
from consult.web.pages import contact_name, frame, pen_of, respondent_of
from consult.web.views import Link, Message

blueprint = Blueprint("reading", __name__)
SORTS = ("order", "theme", "title", "rating")


@blueprint.get("/c/<slug>/stage/<stage>/print")
@for_expert()
def blank(place: ExpertPlace, stage: str) -> str:
    """The whole questionnaire, blank, to read or clear with one's office before answering."""
    frame(place)
    pen = pen_of(place)
    found = find_stage(place.session, place.consultation.id, stage)
    parts = blank_parts(place.session, place.consultation, place.definition, found)
    view = BlankSheet(pen.text(place.definition.stage(stage).title), [draw_part(part, pen) for part in parts])
    return render_template("expert/print.html", blank=view)


@blueprint.get("/c/<slug>/stage/<stage>/ratings")
@for_expert()
def ratings(place: ExpertPlace, stage: str) -> str:
    """All measures of a round with one's own ratings, sortable; the settled ones below."""
    given = respondent_of(place, stage)
    frame(place)
    pen = pen_of(place, given.typed)
    content = place.definition.measures
    criteria = content.criteria if content else ()
    sort = request.args.get("sort", "order")
    steps = [step for step in given.steps() if step.wording is not None]
    rows = [_row(place, given, step, pen) for step in steps]
    rows.sort(key=_order(sort, criteria[0].key if criteria else ""))
    view = RatingsPage(
        stage_title=pen.text(place.definition.stage(stage).title),
        criteria=[pen.text(item.label) for item in criteria],
        rows=rows,
        sorts=_sorts(place, stage, sort),
        settled=[
            Settled(pen.text(wording.title), _verdicts(place, pen, numbers))
            for wording, numbers in feedback.settled_measures(place.session, given)
        ],
        review_href=url_for("submit.review", slug=place.slug, stage=stage)
        if takes_answers(given.stage, place.definition.grace)
        else None,
    )
    return render_template("expert/ratings.html", ratings=view)


def _sorts(place: ExpertPlace, stage: str, sort: str) -> list[Link]:
    """The orders that the list can be read in."""
    words = dict(zip(SORTS, (_("my order"), _("theme"), _("title"), _("my rating")), strict=True))
    return [
        Link(url_for("reading.ratings", slug=place.slug, stage=stage, sort=key), label, current=key == sort)
        for key, label in words.items()
    ]


def _row(place: ExpertPlace, given: Respondent, step: Step, pen: Pen) -> RatedMeasure:
    assert step.wording is not None and place.definition.measures is not None
    themes = {item.key: item.title for item in place.definition.measures.themes}
    values = {item.key.partition(".")[2]: first(given.typed, item.key) for item in step.asked if item.type == "scale"}
    is_open = takes_answers(given.stage, place.definition.grace)
    href = url_for("respond.page", slug=place.slug, stage=given.stage.key, page=step.key)
    return RatedMeasure(
        title=pen.text(step.wording.title),
        theme=pen.text(themes.get(step.wording.measure.theme)),
        values=values,
        href=href if is_open else None,
    )


def _order(sort: str, criterion: str) -> Callable[[RatedMeasure], str | int]:
    """How the list is sorted; the expert's own order is the one it has."""

    def key(row: RatedMeasure) -> str | int:
        if sort == "theme":
            return row.theme.text if row.theme else ""
        if sort == "title":
            return row.title.text if row.title else ""
        if sort == "rating":
            value = row.values.get(criterion, "")
            return -int(value) if value.isdigit() else 1
        return 0

    return key


def _verdicts(place: ExpertPlace, pen: Pen, numbers: MeasureResult) -> str:
    assert place.definition.measures is not None
    parts = []
    for criterion in place.definition.measures.criteria:
        one = numbers.criteria.get(criterion.key)
        label = pen.text(criterion.label)
        if one is not None and label is not None:
            parts.append(f"{label.text}: {verdict_text(one.verdict.verdict)}")
    return "; ".join(parts)


@blueprint.get("/c/<slug>/help")
@public
def help_page(slug: str) -> str:
    """How to answer, save, change and leave."""
    place = place_of(slug)
    frame(place, signed_in=visit_here(place) is not None)
    message = Message(
        _("Help"),
        [
            _("Your personal link opens your tasks, on any device, as often as you like. It is for you alone."),
            _(
                "Every page is saved when you go on, and while you type if your browser allows it. "
                "You can stop at any time and go on later, also on another device."
            ),
            _(
                "Nothing counts before you press “Submit my answers”. After that you can still "
                "change answers and submit again until the deadline; the last submission counts."
            ),
            _(
                "On a scale, the keys 1 to 9 rate and Enter goes on, where there is a keyboard. "
                "If a question is not for you, choose one of the answers below the scale: "
                "they are never counted as a low rating."
            ),
            _(
                "From the second round on you see what the whole panel said before. "
                "You may keep your rating: differing views are a result too."
            ),
            _(
                "If something does not work, write to %(name)s, %(email)s.",
                name=contact_name(place),
                email=place.definition.contact.email,
            ),
        ],
    )
    return render_template("expert/message.html", message=message)


@blueprint.get("/c/<slug>/accessibility")
@public
def accessibility(slug: str) -> str:
    """The accessibility statement."""
    place = place_of(slug)
    frame(place, signed_in=visit_here(place) is not None)
    message = Message(
        _("Accessibility statement"),
        [
            _(
                "These pages are made to meet the Web Content Accessibility Guidelines (WCAG) 2.2, "
                "level AA. They work with the keyboard alone, without JavaScript, at 400 % zoom, "
                "with a screen reader, in dark mode and with high contrast, and can be printed."
            ),
            _(
                "They are tested automatically with every change: each page for rules that a "
                "machine can check, and beyond them labels, headings, contrast of borders, size of "
                "targets and reflow at 320 pixels."
            ),
            _(
                "Not yet tested: by people who use screen readers every day, and in browsers other "
                "than Chromium. Charts for staff are drawn by a script; each has a table beside it."
            ),
            _(
                "If you meet a barrier, or need the questions in another form, write to %(name)s, "
                "%(email)s. You can also answer on paper or by telephone.",
                name=contact_name(place),
                email=place.definition.contact.email,
            ),
        ],
    )
    return render_template("expert/message.html", message=message)
