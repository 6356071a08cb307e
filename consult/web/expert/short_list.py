"""The short list: where one is near the panel, one line for each measure, to keep or to open."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.services.answering import short_list as listing
from consult.services.answering.responding import Respondent
from consult.services.answering.saving import require_open
from consult.services.answering.short_list import ShortEntry
from consult.services.answering.whole_list import ListedMeasure, whole_list
from consult.services.rounds.stages import takes_answers
from consult.web.access import ExpertContext, for_expert
from consult.web.expert.answer_views import ShortListPage, ShortRow
from consult.web.expert.progress import of_list
from consult.web.expert.saved_answers import chosen, saved_choice
from consult.web.expert.way import first_address, list_address
from consult.web.expert.whole_list import listed_rating
from consult.web.forms.rendering import RenderContext
from consult.web.pages import frame, page_address, rendering_of, respondent_of

blueprint = Blueprint("short_list", __name__)


@blueprint.route("/c/<slug>/stage/<stage>/near", methods=["GET", "POST"])
@for_expert()
def near(ctx: ExpertContext, stage: str) -> str | Answer:
    """Measures on which the reader's ratings lie where the panel's do; each kept by a press of its own."""
    frame(ctx)
    respondent = respondent_of(ctx, stage)
    if request.method != "POST" and not takes_answers(respondent.stage, ctx.definition.grace):
        return redirect(url_for("tasks.index", slug=ctx.slug), 303)
    entries = listing.short_list(ctx.session, respondent)
    if not entries:
        return redirect(first_address(ctx, respondent), 303)
    if request.method != "POST":
        in_full = [item for item in whole_list(ctx.session, respondent) if item.step.key not in _keys(entries)]
        return _show(ctx, respondent, entries, in_full)
    require_open(respondent)
    kept, undone = request.form.get("keep", ""), request.form.get("undo", "")
    by_key = {entry.measure.step.key: entry for entry in entries}
    if kept in by_key:
        listing.keep(ctx.session, respondent, by_key[kept])
    elif undone in by_key:
        listing.undo(ctx.session, respondent, by_key[undone])
    is_chosen = chosen(ctx, respondent)
    ctx.session.commit()
    if kept or undone or is_chosen:
        return redirect(list_address(ctx, respondent, kept or undone), 303)
    return redirect(first_address(ctx, respondent, is_past_list=True), 303)


def _keys(entries: Sequence[ShortEntry]) -> set[str]:
    return {entry.measure.step.key for entry in entries}


def _show(
    ctx: ExpertContext, respondent: Respondent, entries: Sequence[ShortEntry], in_full: Sequence[ListedMeasure]
) -> str:
    rendering = rendering_of(ctx, respondent.typed)
    stage = respondent.stage.key
    open_first = next((item for item in in_full if item.is_open), None)
    has_reasons = any(sum(counts) for entry in entries for counts in entry.reasons.values())
    view = ShortListPage(
        stage_title=rendering.text(ctx.definition.stage(stage).title),
        action=list_address(ctx, respondent),
        progress=of_list(ctx, respondent),
        in_full=len(in_full),
        in_full_open=sum(item.is_open for item in in_full),
        in_full_href=page_address(ctx, stage, open_first.step.key) if open_first is not None else None,
        listed_open=sum(entry.measure.is_open for entry in entries),
        back_href=page_address(ctx, stage, in_full[-1].step.key, on="1")
        if in_full
        else url_for("tasks.index", slug=ctx.slug),
        saved=saved_choice(ctx, respondent),
        rows=[_row(ctx, respondent, entry, rendering, has_reasons=has_reasons) for entry in entries],
    )
    return render_template("expert/short_list.html", page=view)


def _row(
    ctx: ExpertContext, respondent: Respondent, entry: ShortEntry, rendering: RenderContext, *, has_reasons: bool
) -> ShortRow:
    step = entry.measure.step
    content = ctx.definition.measures
    assert step.wording is not None and content is not None
    labels = {criterion.key: rendering.text(criterion.label) for criterion in content.criteria}
    return ShortRow(
        key=step.key,
        title=rendering.text(step.wording.title),
        text=rendering.text(step.wording.text),
        href=page_address(ctx, respondent.stage.key, step.key, on="1"),
        ratings=[(labels[key], listed_rating(one)) for key, one in entry.measure.criteria.items()],
        reasons=[
            (labels[key], _("%(high)s for high, %(low)s for low", high=high, low=low))
            for key, (high, low) in entry.reasons.items()
        ]
        if has_reasons
        else [],
        is_open=entry.measure.is_open,
        is_kept=entry.is_kept,
    )
