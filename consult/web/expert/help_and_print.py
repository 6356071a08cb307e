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
from consult.web.access import ExpertContext, for_expert, place_of, public, visit_here
from consult.web.expert.answer_views import BlankSheet, RatedMeasure, RatingsPage, Settled
from consult.web.forms.blank import draw_part
from consult.web.forms.rendering import RenderContext
from consult.web.forms.words import verdict_text
from consult.web.pages import contact_name, frame, rendering_of, respondent_of
from consult.web.views import Link, Message

blueprint = Blueprint("reading", __name__)
SORTS = ("order", "theme", "title", "rating")


@blueprint.get("/c/<slug>/stage/<stage>/print")
@for_expert()
def blank(ctx: ExpertContext, stage: str) -> str:
    """The whole questionnaire, blank, to read or clear with one's office before answering."""
    frame(ctx)
    rendering = rendering_of(ctx)
    found = find_stage(ctx.session, ctx.consultation.id, stage)
    parts = blank_parts(ctx.session, ctx.consultation, ctx.definition, found)
    view = BlankSheet(rendering.text(ctx.definition.stage(stage).title), [draw_part(part, rendering) for part in parts])
    return render_template("expert/print.html", blank=view)


@blueprint.get("/c/<slug>/stage/<stage>/ratings")
@for_expert()
def ratings(ctx: ExpertContext, stage: str) -> str:
    """All measures of a round with one's own ratings, sortable; the settled ones below."""
    respondent = respondent_of(ctx, stage)
    frame(ctx)
    rendering = rendering_of(ctx, respondent.typed)
    content = ctx.definition.measures
    criteria = content.criteria if content else ()
    sort = request.args.get("sort", "order")
    steps = [step for step in respondent.steps() if step.wording is not None]
    rows = [_row(ctx, respondent, step, rendering) for step in steps]
    rows.sort(key=_order(sort, criteria[0].key if criteria else ""))
    view = RatingsPage(
        stage_title=rendering.text(ctx.definition.stage(stage).title),
        criteria=[rendering.text(item.label) for item in criteria],
        rows=rows,
        sorts=_sorts(ctx, stage, sort),
        settled=[
            Settled(rendering.text(wording.title), _verdicts(ctx, rendering, numbers))
            for wording, numbers in feedback.settled_measures(ctx.session, respondent)
        ],
        review_href=url_for("submit.review", slug=ctx.slug, stage=stage)
        if takes_answers(respondent.stage, ctx.definition.grace)
        else None,
    )
    return render_template("expert/ratings.html", ratings=view)


def _sorts(ctx: ExpertContext, stage: str, sort: str) -> list[Link]:
    """The orders that the list can be read in."""
    words = dict(zip(SORTS, (_("my order"), _("theme"), _("title"), _("my rating")), strict=True))
    return [
        Link(url_for("reading.ratings", slug=ctx.slug, stage=stage, sort=key), label, current=key == sort)
        for key, label in words.items()
    ]


def _row(ctx: ExpertContext, respondent: Respondent, step: Step, rendering: RenderContext) -> RatedMeasure:
    assert step.wording is not None and ctx.definition.measures is not None
    themes = {item.key: item.title for item in ctx.definition.measures.themes}
    values = {
        item.key.partition(".")[2]: first(respondent.typed, item.key) for item in step.asked if item.type == "scale"
    }
    is_open = takes_answers(respondent.stage, ctx.definition.grace)
    href = url_for("respond.page", slug=ctx.slug, stage=respondent.stage.key, page=step.key)
    return RatedMeasure(
        title=rendering.text(step.wording.title),
        theme=rendering.text(themes.get(step.wording.measure.theme)),
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


def _verdicts(ctx: ExpertContext, rendering: RenderContext, numbers: MeasureResult) -> str:
    assert ctx.definition.measures is not None
    parts = []
    for criterion in ctx.definition.measures.criteria:
        one = numbers.criteria.get(criterion.key)
        label = rendering.text(criterion.label)
        if one is not None and label is not None:
            parts.append(f"{label.text}: {verdict_text(one.verdict.verdict)}")
    return "; ".join(parts)


@blueprint.get("/c/<slug>/help")
@public
def help_page(slug: str) -> str:
    """How to answer, save, change and leave."""
    ctx = place_of(slug)
    frame(ctx, signed_in=visit_here(ctx) is not None)
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
                name=contact_name(ctx),
                email=ctx.definition.contact.email,
            ),
        ],
    )
    return render_template("expert/message.html", message=message)


@blueprint.get("/c/<slug>/accessibility")
@public
def accessibility(slug: str) -> str:
    """The accessibility statement."""
    ctx = place_of(slug)
    frame(ctx, signed_in=visit_here(ctx) is not None)
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
                name=contact_name(ctx),
                email=ctx.definition.contact.email,
            ),
        ],
    )
    return render_template("expert/message.html", message=message)
