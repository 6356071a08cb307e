"""The facilitator's board: stages, who has not answered, mails, deviations, and the journal."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import pgettext

from consult.services import journal
from consult.services.access import lifetimes
from consult.services.mail import correspondence, outbox, undecided
from consult.services.mail import letters as received
from consult.services.measures import comments
from consult.services.panel import panel
from consult.services.rounds import stages as services
from consult.services.rounds.stages import StageAct
from consult.services.running import finishing, leaving, stage_acts
from consult.services.running.publishing import local_moment
from consult.web.access import StaffContext, config, for_staff
from consult.web.forms.moments import when
from consult.web.forms.staff import CloseForm, ConfirmForm, ExtendForm, OpenForm
from consult.web.staff import correcting, entering, finish, letters
from consult.web.staff.board import (
    act_row,
    deviations,
    mail_rows,
    panel_rows,
    panel_stage,
    registration,
    stage_rows,
    undecided_rows,
)
from consult.web.staff.board_views import BoardPage, JournalPage, Waiting
from consult.web.staff.pages import done, form_page, go, page, plain, reasoned, translate
from consult.web.staff.stage_forms import stage_form, tell
from consult.web.staff.statuses import status_note
from consult.words.refusals import refusal_sentence

blueprint = Blueprint("facilitate", __name__)
blueprint.register_blueprint(entering.blueprint)
blueprint.register_blueprint(correcting.blueprint)
blueprint.register_blueprint(letters.blueprint)
blueprint.register_blueprint(finish.blueprint)


@blueprint.get("/c/<slug>/facilitate")
@for_staff("facilitator", "secretariat")
def board(ctx: StaffContext) -> ResponseReturnValue:
    """Everything at a glance; who answered, never what."""
    found = services.stages_of(ctx.session, ctx.consultation.id)
    asked = panel_stage(ctx, found)
    view = BoardPage(
        is_facilitator="facilitator" in ctx.roles,
        stages=stage_rows(ctx, found),
        registration=registration(ctx),
        waiting=Waiting(
            **comments.waiting(ctx.session, ctx.consultation), letters=received.waiting(ctx.session, ctx.consultation)
        ),
        mails=mail_rows(outbox.summary(ctx.session, ctx.consultation)),
        undecided=undecided_rows(ctx),
        deviations=deviations(ctx),
        standing=status_note(ctx),
        may_finish=finishing.hindrance(ctx.session, ctx.consultation) is None,
        choices=[
            (stage.key, plain(ctx, ctx.definition.stage(stage.key).title)) for stage in found if stage.kind != "event"
        ],
        asked=asked,
        panel=panel_rows(ctx, asked),
    )
    return page(ctx, "staff/board.html", board=view)


@blueprint.route("/c/<slug>/facilitate/stages/<stage>/open", methods=["GET", "POST"])
@for_staff("facilitator")
def open_stage(ctx: StaffContext, stage: str) -> ResponseReturnValue:
    """Open a stage, ahead of its time only with a reason."""
    found = services.find_stage(ctx.session, ctx.consultation.id, stage)
    form = reasoned(ctx, OpenForm)()

    def act() -> None:
        stage_acts.open_stage(ctx.session, ctx.consultation, found, actor=ctx.actor, reason=form.why())
        tell(ctx, found, StageAct.OPEN, form)

    if not done(form, act):
        words = [
            _("Planned opening: %(moment)s.", moment=when(found.opens_at, ctx).local),
            _("Before that time a reason is needed; it is noted as a deviation."),
        ]
        if found.round_number == 1:
            words.append(_("The protocol is registered with this act and cannot change later."))
        return stage_form(ctx, found, form, StageAct.OPEN, pgettext("act: open a stage", "Open"), words)
    return go(ctx, "facilitate.board", _("The stage is open."))


@blueprint.route("/c/<slug>/facilitate/stages/<stage>/extend", methods=["GET", "POST"])
@for_staff("facilitator")
def extend_stage(ctx: StaffContext, stage: str) -> ResponseReturnValue:
    """Move the announced close, with a reason."""
    found = services.find_stage(ctx.session, ctx.consultation.id, stage)
    form = reasoned(ctx, ExtendForm)()

    def act() -> None:
        stage_acts.extend_stage(
            ctx.session,
            ctx.consultation,
            found,
            local_moment(form.local_close, ctx.consultation.zone),
            actor=ctx.actor,
            reason=form.why(),
        )
        tell(ctx, found, StageAct.EXTEND, form)

    if not done(form, act):
        words = [
            _("Announced close: %(moment)s.", moment=when(found.closes_at, ctx).local),
            _("Enter the new one in the same zone."),
        ]
        return stage_form(ctx, found, form, StageAct.EXTEND, _("Move the close"), words)
    return go(ctx, "facilitate.board", _("The close was moved."))


@blueprint.route("/c/<slug>/facilitate/stages/<stage>/close", methods=["GET", "POST"])
@for_staff("facilitator")
def close_stage(ctx: StaffContext, stage: str) -> ResponseReturnValue:
    """Close a stage and freeze its numbers, ahead of its time only with a reason."""
    found = services.find_stage(ctx.session, ctx.consultation.id, stage)
    form = reasoned(ctx, CloseForm)()

    def act() -> None:
        stage_acts.close_stage(ctx.session, ctx.consultation, found, actor=ctx.actor, reason=form.why())
        tell(ctx, found, StageAct.CLOSE, form)

    if not done(form, act):
        words = [
            _("Announced close: %(moment)s.", moment=when(found.closes_at, ctx).local),
            _("Closing freezes the numbers for good."),
            _("Before the announced close a reason is needed; it is noted as a deviation."),
        ]
        button = _("Close and freeze")
        return stage_form(ctx, found, form, StageAct.CLOSE, button, words, is_final=True)
    return go(ctx, "facilitate.board", _("The stage is closed."))


@blueprint.route("/c/<slug>/facilitate/experts/<code>/new-link", methods=["GET", "POST"])
@for_staff("facilitator", "secretariat")
def new_link(ctx: StaffContext, code: str) -> ResponseReturnValue:
    """Queue a mail with a new personal link; earlier ones end when it is used."""
    expert = panel.find_expert(ctx.session, ctx.consultation, code)
    form = ConfirmForm()

    def act() -> None:
        correspondence.send_new_link(ctx.session, expert, ctx.definition, config(), ctx.actor)

    if not done(form, act):
        words = [
            _("A mail with a new personal link is put into the outbox."),
            _(
                "Earlier links of this expert, and sessions, end when the expert agrees or saves "
                "something through the new one."
            ),
            _("If a link was lost or is in wrong hands, end all links first."),
        ]
        return form_page(
            ctx,
            form,
            heading=_("New link for %(code)s", code=code),
            button=_("Send a new link"),
            back=_board(ctx),
            paragraphs=words,
        )
    return go(ctx, "facilitate.board", _("The mail with the new link is in the outbox."))


@blueprint.route("/c/<slug>/facilitate/experts/<code>/end-links", methods=["GET", "POST"])
@for_staff("facilitator", "secretariat")
def end_links(ctx: StaffContext, code: str) -> ResponseReturnValue:
    """End all links and sessions of an expert now: one was lost, or is in wrong hands."""
    expert = panel.find_expert(ctx.session, ctx.consultation, code)
    form = ConfirmForm()
    if not done(form, lambda: lifetimes.end_links(ctx.session, expert, ctx.actor)):
        words = [
            _(
                "For a link that was lost or is in wrong hands. All links and sessions of this "
                "expert end at once; mails that wait in the outbox for them are not sent."
            ),
            _("What was typed and submitted is kept. The expert needs a new link to come back."),
        ]
        return form_page(
            ctx,
            form,
            heading=_("End all links of %(code)s", code=code),
            button=_("End all links now"),
            back=_board(ctx),
            paragraphs=words,
            is_final=True,
        )
    words = _("All links and sessions of %(code)s have ended.", code=code)
    return go(ctx, "facilitate.board", words)


@blueprint.route("/c/<slug>/facilitate/experts/<code>/withdraw", methods=["GET", "POST"])
@for_staff("facilitator")
def withdraw(ctx: StaffContext, code: str) -> ResponseReturnValue:
    """Take out an expert who wants to leave."""
    expert = panel.find_expert(ctx.session, ctx.consultation, code)
    form = ConfirmForm()
    if not done(form, lambda: leaving.withdraw(ctx.session, expert, ctx.actor)):
        words = [
            _("Only at the expert’s own wish. Links and sessions end, and no more mails go out."),
            _("Their answers count no more from the next freeze on; frozen results stay."),
        ]
        return form_page(
            ctx,
            form,
            heading=_("Withdraw %(code)s", code=code),
            button=pgettext("act on an expert", "Withdraw"),
            back=_board(ctx),
            paragraphs=words,
            is_final=True,
        )
    return go(ctx, "facilitate.board", _("%(code)s has withdrawn from the consultation.", code=code))


@blueprint.post("/c/<slug>/facilitate/mails/<handle:handle>/<any(sent, again):decision>")
@for_staff("facilitator")
def decide_mail(ctx: StaffContext, handle: str, decision: str) -> ResponseReturnValue:
    """Say of an uncertain mail that it arrived, or send it again."""
    undecided.decide(ctx.session, ctx.consultation, handle, ctx.actor, is_sent=decision == "sent")
    return go(ctx, "facilitate.board", _("Noted."))


@blueprint.get("/c/<slug>/facilitate/journal")
@for_staff("facilitator")
def acts(ctx: StaffContext) -> ResponseReturnValue:
    """Every act by staff, the newest first, and whether the chain holds."""
    entries = journal.entries(ctx.session, ctx.consultation.id)
    view = JournalPage(
        rows=[act_row(ctx, entry) for entry in reversed(entries)],
        breaks=[refusal_sentence(found, translate(ctx)) for found in journal.verify(ctx.session, ctx.consultation.id)],
        last=entries[-1].hash if entries else None,
    )
    return page(ctx, "staff/journal.html", journal=view)


def _board(ctx: StaffContext) -> str:
    return url_for("facilitate.board", slug=ctx.slug)
