"""Moderation: which comments are fed back, in which words, and what becomes of proposals."""

from collections.abc import Sequence

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from consult.definition.text import Shown
from consult.errors import NotFound
from consult.models import Proposal
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Named
from consult.services.measures import measures as services
from consult.services.measures import moderation, proposals, revising
from consult.services.measures.comments import CommentView, Moderated, closed_comments
from consult.web.access import StaffContext, for_staff
from consult.web.forms.measures import MergeForm, WithholdProposalForm, title_form, words_form
from consult.web.forms.staff import ReasonForm, StaffForm
from consult.web.staff.measure_rows import add_form, comment_rows, merge_choices, new_content, thinned_stages
from consult.web.staff.measure_views import CommentsPage
from consult.web.staff.pages import done, form_page, go, page, pick, reasoned
from consult.web.views import Quote

blueprint = Blueprint("moderate", __name__)
"""Inside `measures`, whose addresses it continues."""

STATES = ("waiting", "accepted", "withheld", "all")
AT_ONCE = 50
"""Comments on one page."""


@blueprint.get("/c/<slug>/measures/comments")
@for_staff("facilitator")
def comments(ctx: StaffContext) -> ResponseReturnValue:
    """Comments of closed rounds by measure, in an order that says nothing about people."""
    show = pick(request.args.get("show"), STATES)
    found = closed_comments(ctx.session, ctx.consultation)
    groups = {state: [item for item in found if _belongs(item, state)] for state in STATES}
    pages = [str(number) for number in range(1, -(-len(groups[show]) // AT_ONCE) + 1)] or ["1"]
    current = pick(request.args.get("page"), pages)
    start = (int(current) - 1) * AT_ONCE
    view = CommentsPage(
        show=show,
        counts={state: len(group) for state, group in groups.items()},
        groups=comment_rows(ctx, groups[show][start : start + AT_ONCE]),
        thinned=thinned_stages(ctx),
        pages=pages,
        current=current,
    )
    return page(ctx, "staff/comments.html", comments=view)


@blueprint.route("/c/<slug>/measures/comments/<handle:handle>/accept", methods=["GET", "POST"])
@for_staff("facilitator")
def accept_comment(ctx: StaffContext, handle: str) -> ResponseReturnValue:
    """Let a comment be fed back in words per language, its source language hidden."""
    comment = _comment(ctx, handle)
    words = comment.moderated or {comment.language: comment.text}
    form = words_form(ctx.definition.languages)(data={f"text_{code}": text for code, text in words.items()})

    def act() -> None:
        moderation.accept_comment(ctx.session, ctx.consultation, handle, actor=ctx.actor, texts=form.texts())

    if not done(form, act):
        paragraphs = [
            _("These words may be shown to the other experts, without a name."),
            _("Take out what could give its writer away: names, places, projects, phrases."),
        ]
        return _comment_form(ctx, comment, form, _("Accept the comment"), paragraphs)
    return go(ctx, "measures.moderate.comments", _("The comment is accepted."))


@blueprint.route("/c/<slug>/measures/comments/<handle:handle>/withhold", methods=["GET", "POST"])
@for_staff("facilitator")
def withhold_comment(ctx: StaffContext, handle: str) -> ResponseReturnValue:
    """Keep a comment from being fed back, with a reason."""
    comment, form = _comment(ctx, handle), ReasonForm()

    def act() -> None:
        moderation.withhold_comment(ctx.session, ctx.consultation, handle, reason=form.words("reason"), actor=ctx.actor)

    if not done(form, act):
        return _comment_form(ctx, comment, form, _("Withhold the comment"), [])
    return go(ctx, "measures.moderate.comments", _("The comment is withheld."))


@blueprint.route("/c/<slug>/measures/proposals/<handle:handle>/accept", methods=["GET", "POST"])
@for_staff("facilitator")
def accept_proposal(ctx: StaffContext, handle: str) -> ResponseReturnValue:
    """A new measure from a proposal, edited as needed."""
    proposal = proposals.find_proposal(ctx.session, ctx.consultation, handle)
    code = proposal.language
    given = {f"title_{code}": proposal.title, f"text_{code}": proposal.text}
    form = add_form(ctx, given)

    def act() -> None:
        revising.add_measure(
            ctx.session,
            ctx.consultation,
            new_content(form),
            theme=form.words("theme"),
            reason=form.why(),
            actor=ctx.actor,
            proposal=proposal,
        )

    if not done(form, act):
        return _proposal_form(ctx, proposal, form, _("Accept as a new measure"))
    return go(ctx, "measures.editor", _("The proposal became a measure."))


@blueprint.route("/c/<slug>/measures/proposals/<handle:handle>/merge", methods=["GET", "POST"])
@for_staff("facilitator")
def merge_proposal(ctx: StaffContext, handle: str) -> ResponseReturnValue:
    """Say that a proposal is contained in a measure there is."""
    proposal = proposals.find_proposal(ctx.session, ctx.consultation, handle)
    form = reasoned(ctx, MergeForm)(merge_choices(ctx))

    def act() -> None:
        into = services.find_measure(ctx.session, ctx.consultation.id, form.words("into"))
        proposals.merge_proposal(ctx.session, ctx.consultation, proposal, into, reason=form.why(), actor=ctx.actor)

    if not done(form, act):
        return _proposal_form(ctx, proposal, form, _("Contained in a measure"))
    return go(ctx, "measures.editor", _("The proposal is noted as contained in a measure."))


@blueprint.route("/c/<slug>/measures/proposals/<handle:handle>/withhold", methods=["GET", "POST"])
@for_staff("facilitator")
def withhold_proposal(ctx: StaffContext, handle: str) -> ResponseReturnValue:
    """Leave a proposal out, with a reason its author can read."""
    proposal = proposals.find_proposal(ctx.session, ctx.consultation, handle)
    form = reasoned(ctx, WithholdProposalForm)()

    def act() -> None:
        proposals.withhold_proposal(ctx.session, ctx.consultation, proposal, reason=form.why(), actor=ctx.actor)

    if not done(form, act):
        return _proposal_form(ctx, proposal, form, _("Leave the proposal out"))
    return go(ctx, "measures.editor", _("The proposal is left out."))


@blueprint.route("/c/<slug>/measures/proposals/<handle:handle>/title", methods=["GET", "POST"])
@for_staff("facilitator")
def entitle_proposal(ctx: StaffContext, handle: str) -> ResponseReturnValue:
    """A proposal's title as the briefing lists it, in every language."""
    proposal = proposals.proposal_of(ctx.session, ctx.consultation, handle)
    words = proposal.title_in or {proposal.language: proposal.title}
    form = title_form(ctx.definition.languages)(data={f"title_{code}": text for code, text in words.items()})

    def act() -> None:
        proposals.entitle_proposal(ctx.session, ctx.consultation, proposal, form.titles(), actor=ctx.actor)

    if not done(form, act):
        paragraphs = [
            _("The briefing lists every proposal that was not rated, by this title."),
            _("Take out what could give its writer away: names, places, projects, phrases."),
        ]
        return _proposal_form(ctx, proposal, form, _("Title for readers"), paragraphs)
    return go(ctx, "measures.editor", _("The title is noted."))


def _belongs(item: Moderated, state: str) -> bool:
    """What waits for nobody any more, because its round was released, stands under `all` only."""
    if state == "waiting":
        return item.is_waiting
    return state in ("all", item.view.moderation)


def _comment(ctx: StaffContext, handle: str) -> CommentView:
    for item in closed_comments(ctx.session, ctx.consultation):
        if item.view.handle == handle:
            return item.view
    raise NotFound(Refusal(Code.NO_SUCH_COMMENT, Named(handle)))


def _comment_form(
    ctx: StaffContext, comment: CommentView, form: StaffForm, heading: str, paragraphs: list[str]
) -> ResponseReturnValue:
    return form_page(
        ctx,
        form,
        heading=heading,
        button=heading,
        paragraphs=paragraphs,
        eyebrow=f"{comment.stage} · {comment.measure}",
        quote=Quote(Shown(comment.language, comment.text)),
        back=url_for("measures.moderate.comments", slug=ctx.slug),
    )


def _proposal_form(
    ctx: StaffContext, proposal: Proposal, form: StaffForm, heading: str, paragraphs: Sequence[str] = ()
) -> ResponseReturnValue:
    quote = Quote(text=Shown(proposal.language, proposal.text), title=Shown(proposal.language, proposal.title))
    return form_page(
        ctx,
        form,
        heading=heading,
        button=heading,
        quote=quote,
        paragraphs=paragraphs,
        back=url_for("measures.editor", slug=ctx.slug),
    )
