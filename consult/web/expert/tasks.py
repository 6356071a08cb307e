"""My tasks: the page an expert comes back to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from consult.clock import utc_now
from consult.errors import NotPossible
from consult.models import Stage
from consult.services.answering import gaps, responding, saved_answers, submitting
from consult.services.answering.responding import Respondent
from consult.services.answering.since import changes_since
from consult.services.mail.calendar import lies_ahead
from consult.services.measures.measures import Wording
from consult.services.rounds import pace
from consult.services.rounds.saved import is_declared
from consult.services.rounds.stages import StageState, state
from consult.services.running import finishing
from consult.web.access import ExpertContext, for_expert
from consult.web.expert.views import StageTask, TasksPage
from consult.web.forms.moments import when
from consult.web.forms.rendering import RenderContext
from consult.web.forms.words import state_text
from consult.web.pages import frame, rendering_of
from consult.web.views import Link, Tag

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/c/<slug>/")
@for_expert()
def index(ctx: ExpertContext) -> str:
    """My tasks: every stage with its state, deadline and what is left."""
    frame(ctx)
    rendering = rendering_of(ctx)
    stages = ctx.stages()
    minutes = pace.median_minutes(ctx.session, ctx.consultation)
    rows = _nearest_marked([_task(ctx, rendering, stage, minutes.get(stage.id)) for stage in stages])
    now = next((place for place, row in enumerate(rows) if row.is_nearest), None)
    view = TasksPage(
        intro=rendering.text(ctx.definition.purpose),
        now=rows[now] if now is not None else None,
        changes=_changes(ctx, rendering, stages[now]) if now is not None else [],
        stages=rows,
        links=[
            *_results(ctx),
            *_all_dates(ctx, stages),
            Link(url_for("mydata.my_data", slug=ctx.slug), _("My data and answers")),
            Link(url_for("enter.privacy", slug=ctx.slug), _("Privacy")),
            Link(url_for("mydata.leave", slug=ctx.slug), _("Withdraw from this consultation")),
        ],
        has_first_round_ahead=any(stage.round_number == 1 and stage.closed_at is None for stage in stages),
    )
    return render_template("expert/tasks.html", tasks=view)


def _results(ctx: ExpertContext) -> list[Link]:
    """The way to the public results, once all rounds are over."""
    try:
        finishing.last_round(ctx.session, ctx.consultation)
    except NotPossible:
        return []
    return [Link(url_for("published.index", slug=ctx.slug), _("Results"))]


def _all_dates(ctx: ExpertContext, stages: Sequence[Stage]) -> list[Link]:
    """One calendar file, as long as something lies ahead."""
    if not any(lies_ahead(stage, utc_now()) for stage in stages):
        return []
    return [Link(url_for("correspondence.calendar_of_all", slug=ctx.slug), _("All dates in one calendar file"))]


def _changes(ctx: ExpertContext, rendering: RenderContext, stage: Stage) -> list[str]:
    """What is new in a round to this reader, a line each."""
    respondent = responding.find_respondent(ctx.session, ctx.consultation, ctx.definition, ctx.expert, stage)
    found = changes_since(ctx.session, respondent)
    if found is None:
        return []
    counted = (
        # Translators: measures that are rated no more; nobody has decided anything about them.
        (found.settled, _("Rating finished, no more needed: %(number)s", number=found.settled)),
        (found.reworded, _("Reworded, old and new stand side by side: %(number)s", number=found.reworded)),
        (found.added, _("New: %(number)s", number=found.added)),
    )
    named = (
        (
            found.reasons,
            _("Your reason was shown to the panel: %(measures)s", measures=_named(rendering, found.reasons)),
        ),
        (
            found.proposals,
            _("Your proposal is now a measure: %(measures)s", measures=_named(rendering, found.proposals)),
        ),
    )
    return [*(words for number, words in counted if number), *(words for some, words in named if some)]


def _named(rendering: RenderContext, wordings: Sequence[Wording]) -> str:
    titles = (rendering.text(wording.title) for wording in wordings)
    return "; ".join(title.text for title in titles if title is not None)


def _nearest_marked(rows: Sequence[StageTask]) -> list[StageTask]:
    """The first stage that is not answered stands out, else the first that can still be changed."""
    can_be = [row for row in rows if row.href]
    nearest = next((row for row in can_be if row.left is not None), next(iter(can_be), None))
    return [replace(row, is_nearest=row is nearest) for row in rows]


def _task(ctx: ExpertContext, rendering: RenderContext, stage: Stage, pace_minutes: int | None) -> StageTask:
    text = ctx.definition.stage(stage.key)
    where = state(stage, ctx.definition.grace)
    is_ahead = where in (StageState.PLANNED, StageState.DUE)
    is_open = where in (StageState.OPEN, StageState.GRACE)
    is_over = where in (StageState.ENDED, StageState.CLOSED, StageState.MISSED)
    found = _standing(ctx, stage, is_open=is_open) if stage.kind != "event" else StageProgress()
    calendar = [_link(ctx, stage, "correspondence.calendar", _("Calendar file"))]
    takes_no_time = is_over or found.is_submitted or found.asks_nothing
    return StageTask(
        title=rendering.text(text.title),
        state=found.state or state_text(where),
        opens=when(stage.opens_at, ctx) if is_ahead else None,
        closes=when(stage.closes_at, ctx) if is_open else None,
        closed=when(stage.closes_at, ctx) if is_over else None,
        minutes=None if takes_no_time else text.minutes,
        pace=pace_minutes,
        left=found.left,
        counts_measures=found.counts_measures,
        note=found.note,
        href=found.href,
        link=found.link,
        links=[*found.links, *(calendar if found.href or is_ahead else [])],
    )


@dataclass(frozen=True, slots=True)
class StageProgress:
    """How far the reader is in a stage, and where to go on; see `StageTask`."""

    state: Tag | None = None
    note: str | None = None
    is_submitted: bool = False
    asks_nothing: bool = False
    href: str | None = None
    link: str | None = None
    left: int | None = None
    counts_measures: bool = False
    links: Sequence[Link] = ()


def _standing(ctx: ExpertContext, stage: Stage, *, is_open: bool) -> StageProgress:
    respondent = responding.find_respondent(ctx.session, ctx.consultation, ctx.definition, ctx.expert, stage)
    newest = submitting.newest_submission(ctx.session, respondent)
    is_submitted = newest is not None
    is_saved_only = newest is not None and newest.receipt is None
    links = []
    if respondent.wordings and (is_open or is_submitted):
        links.append(_link(ctx, stage, "whole_list.ratings", _("All measures")))
    if stage.opened_at is not None and not respondent.steps():
        return StageProgress(note=_("Nothing is asked of you here."), asks_nothing=True, links=links)
    if is_submitted and not is_saved_only:
        links.append(_link(ctx, stage, "submit.receipt", _("Receipt")))
    note = None
    if is_saved_only:
        note = _("Not submitted: the pages you went on from counted when the round closed.")
    elif respondent.drafts and not is_open and not is_submitted:
        note = _("Started, but not submitted: these answers do not count.")
    found = StageProgress(
        _progress(respondent, is_open=is_open, is_submitted=is_submitted and not is_saved_only),
        note,
        is_submitted,
        links=links,
    )
    return _with_way_in(ctx, respondent, found) if is_open else found


def _progress(respondent: Respondent, *, is_open: bool, is_submitted: bool) -> Tag | None:
    """What stands in place of the state of the stage."""
    if is_submitted:
        # Translators: of the reader’s answers to a stage, beside its title.
        return Tag(pgettext("tag of a stage", "submitted"), "good")
    return Tag(pgettext("tag of a stage", "started"), "you") if respondent.drafts and is_open else None


def _with_way_in(ctx: ExpertContext, respondent: Respondent, found: StageProgress) -> StageProgress:
    left, counts_measures = (None, False) if found.is_submitted else gaps.unanswered(respondent)
    is_ready = bool(respondent.drafts) and left == 0
    counts_saved = is_declared(ctx.definition, respondent.stage) and saved_answers.may_count(respondent)
    is_answered = _("Everything is answered.")
    ready = is_answered if counts_saved else _("Everything is answered. It counts once you have submitted it.")
    way = _("Go on") if respondent.drafts else _("Start")
    if found.is_submitted:
        way = _("Change my answers")
    elif is_ready:
        way = _("Check and submit")
    return replace(
        found,
        note=ready if is_ready else found.note,
        href=url_for("respond.first", slug=ctx.slug, stage=respondent.stage.key),
        link=way,
        left=left,
        counts_measures=counts_measures,
        links=[*found.links, _link(ctx, respondent.stage, "reading.blank", _("Read or print it first"))],
    )


def _link(ctx: ExpertContext, stage: Stage, endpoint: str, label: str) -> Link:
    return Link(url_for(endpoint, slug=ctx.slug, stage=stage.key), label)
