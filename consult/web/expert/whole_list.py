"""All measures of a round on one page: one's own ratings beside the panel's, what is open first."""

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _

from analysis.model.stage import MeasureResult
from consult.definition.asked import NO
from consult.definition.text import Shown
from consult.services.answering import feedback
from consult.services.answering.whole_list import ListedMeasure, OwnAndPanel
from consult.services.answering.whole_list import whole_list as listed
from consult.services.rounds.stages import takes_answers
from consult.web.access import ExpertContext, for_expert
from consult.web.expert.answer_views import ListedGroup, ListedRating, ListedRow, RatingsPage, Settled
from consult.web.forms.panel_words import number
from consult.web.forms.rendering import RenderContext
from consult.web.forms.words import no_answer_text, verdict_text
from consult.web.pages import frame, page_address, rendering_of, respondent_of
from consult.web.views import Link, Words

blueprint = Blueprint("whole_list", __name__)
SHOWN = ("all", "open", "differ")
"""What the list can be narrowed to, as it stands in the address."""


@blueprint.get("/c/<slug>/stage/<stage>/ratings")
@for_expert()
def ratings(ctx: ExpertContext, stage: str) -> str:
    """All measures of a round: those still open, then those rated; the settled ones below."""
    respondent = respondent_of(ctx, stage)
    frame(ctx)
    rendering = rendering_of(ctx, respondent.typed)
    content = ctx.definition.measures
    found = listed(ctx.session, respondent)
    is_open = takes_answers(respondent.stage, ctx.definition.grace)
    wanted = request.args.get("show", "all")
    view = RatingsPage(
        stage_title=rendering.text(ctx.definition.stage(stage).title),
        criteria=[rendering.text(item.label) for item in (content.criteria if content else ())],
        filters=_filters(ctx, stage, found, wanted),
        has_panel=any(one.median is not None for row in found for one in row.criteria.values()),
        has_former=any(one.is_former for row in found for one in row.criteria.values()),
        groups=[
            ListedGroup(title, rows)
            # Translators: head of a list of measures; so is the next.
            for title, is_left in ((_("Not rated yet"), True), (_("Rated in this round"), False))
            if (
                rows := [
                    _row(ctx, stage, row, rendering, is_open=is_open)
                    for row in found
                    if row.is_open is is_left and _is_wanted(row, wanted)
                ]
            )
        ],
        settled=[
            Settled(rendering.text(wording.title), _verdicts(ctx, rendering, numbers))
            for wording, numbers in feedback.settled_measures(ctx.session, respondent)
        ],
        review_href=url_for("submit.review", slug=ctx.slug, stage=stage) if is_open else None,
    )
    return render_template("expert/ratings.html", ratings=view)


def _is_wanted(row: ListedMeasure, wanted: str) -> bool:
    return {"open": row.is_open, "differ": row.differs}.get(wanted, True)


def _filters(ctx: ExpertContext, stage: str, found: list[ListedMeasure], wanted: str) -> list[Link]:
    """All, those open, and those where one rated otherwise than the panel."""
    words = {
        "all": _("All (%(number)s)", number=len(found)),
        "open": _("Not rated yet (%(number)s)", number=sum(row.is_open for row in found)),
        "differ": _("Your rating differs (%(number)s)", number=sum(row.differs for row in found)),
    }
    return [
        Link(url_for("whole_list.ratings", slug=ctx.slug, stage=stage, show=key), words[key], current=key == wanted)
        for key in SHOWN
        if key != "differ" or any(row.differs for row in found)
    ]


def _row(ctx: ExpertContext, stage: str, row: ListedMeasure, rendering: RenderContext, *, is_open: bool) -> ListedRow:
    assert row.step.wording is not None
    return ListedRow(
        title=rendering.text(row.step.wording.title),
        is_new=row.is_new,
        ratings=[listed_rating(one) for one in row.criteria.values()],
        href=page_address(ctx, stage, row.step.key) if is_open else None,
    )


def listed_rating(one: OwnAndPanel) -> ListedRating:
    """Both ratings; a no-answer is a dash that says what it is."""
    own, words = one.own, ""
    if own.startswith(NO):
        own, words = "–", no_answer_text(own.removeprefix(NO))
    median = number(one.median) if one.median is not None else "–"
    return ListedRating(own or "–", words, median, one.differs, is_former=one.is_former, is_open=not own)


def _verdicts(ctx: ExpertContext, rendering: RenderContext, numbers: MeasureResult) -> list[tuple[Shown | None, Words]]:
    """The label of each criterion, and what the panel's ratings under it came to."""
    assert ctx.definition.measures is not None
    found: list[tuple[Shown | None, Words]] = []
    for criterion in ctx.definition.measures.criteria:
        one = numbers.criteria.get(criterion.key)
        if one is not None:
            own = rendering.text(criterion.agreed), rendering.text(criterion.agreed_low)
            found.append((rendering.text(criterion.label), verdict_text(one.verdict.verdict, *own)))
    return found
