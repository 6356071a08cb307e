"""What the board shows: rows for its stages, its panel, its mails and its deviations."""

from collections.abc import Sequence

from flask import request
from flask_babel import gettext as _
from flask_babel import pgettext

from consult.definition.text import by_language
from consult.errors import NotFound
from consult.models import JournalEntry, Stage
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import Named
from consult.services import journal
from consult.services.answering import entering
from consult.services.mail import undecided
from consult.services.panel import panel, participation
from consult.services.rounds import stages, starting
from consult.services.rounds import stages as services
from consult.services.rounds.stages import StageState, takes_answers
from consult.web.access import StaffContext, config
from consult.web.forms.moments import when
from consult.web.forms.staff import language_name
from consult.web.forms.words import state_text
from consult.web.staff.board_views import Locked, PanelRow, StageCard, Taken, UndecidedMail
from consult.web.staff.pages import pick, plain, said, text, translate
from consult.web.views import Tag
from consult.words import wording as words
from consult.words.journal import act_words, actor_words

RUNNING = (StageState.OPEN, StageState.GRACE, StageState.ENDED)


def stage_rows(ctx: StaffContext, found: Sequence[Stage]) -> list[StageCard]:
    """The stages on a time line, with what may be done to each."""
    taken = participation.by_stage(ctx.session, ctx.consultation)
    rows = []
    for stage in found:
        where = services.state(stage, ctx.definition.grace)
        acts = {
            "open": where in (StageState.PLANNED, StageState.DUE),
            "extend": where is not StageState.CLOSED,
            "close": where in RUNNING,
        }
        rows.append(
            StageCard(
                key=stage.key,
                title=text(ctx, ctx.definition.stage(stage.key).title),
                state=state_text(str(where)),
                is_now=where in RUNNING,
                is_event=stage.kind == "event",
                opens=when(stage.opened_at or stage.opens_at, ctx),
                closes=when(stage.closed_at or stage.closes_at, ctx),
                taken=Taken(**taken[stage.key].steps()),
                acts=[key for key, possible in acts.items() if possible],
            )
        )
    return rows


def registration(ctx: StaffContext) -> Locked | None:
    """When the protocol was locked, and its digest; None before."""
    row = starting.registration(ctx.session, ctx.consultation)
    return Locked(row.digest[:12], when(row.locked_at, ctx)) if row else None


def mail_rows(summary: dict[str, dict[str, int]]) -> list[list[str | int]]:
    """Mails by purpose, and how many are in each state."""
    states = ("queued", "claimed", "sent", "failed", "uncertain")
    return [[_purpose(purpose), *(counts.get(state, 0) for state in states)] for purpose, counts in summary.items()]


def _purpose(purpose: str) -> str:
    names = {
        "invitation": _("Invitation"),
        "reminder": _("Reminder"),
        "last-day": _("Reminder on the last day"),
        "next-round": _("Next stage is open"),
        "moved": _("New deadline"),
        "closed": _("A stage is closed"),
        "finished": _("The consultation is finished"),
        "new-link": _("New link"),
        "receipt": _("Receipt"),
    }
    return names.get(purpose, purpose)


def undecided_rows(ctx: StaffContext) -> list[UndecidedMail]:
    """Mails of which nobody knows whether they arrived, or that failed."""
    titles = {stage.key: plain(ctx, stage.title) for stage in ctx.definition.stages}
    states = {"failed": _("failed"), "uncertain": _("uncertain")}
    members = {item.expert_id: item for item in panel.members(ctx.session, ctx.consultation)}
    return [
        UndecidedMail(
            handle=mail.handle,
            purpose=_purpose(mail.purpose),
            who=" ".join((members[mail.expert_id].code, members[mail.expert_id].name)),
            stage=titles.get(mail.stage_key or "", mail.stage_key),
            state=states.get(mail.state, mail.state),
            error=mail.error,
        )
        for mail in undecided.undecided(ctx.session, config(), ctx.consultation)
    ]


def deviations(ctx: StaffContext) -> list[list[str | None]]:
    """When, which stage, what and why."""
    titles = {stage.key: plain(ctx, stage.title) for stage in ctx.definition.stages}
    return [
        [
            when(row.noted_at, ctx).local,
            titles.get(row.stage_key or "", row.stage_key),
            said(ctx, words.DEVIATIONS, row.kind),
            plain(ctx, by_language(row.reason, row.reason_in)),
        ]
        for row in stages.deviations(ctx.session, ctx.consultation)
    ]


def panel_stage(ctx: StaffContext, found: list[Stage]) -> Stage | None:
    """The stage the panel is listed for: asked for, running, or the last that was open."""
    answered = [stage for stage in found if stage.kind != "event"]
    if not answered:
        return None
    opened = [stage for stage in answered if stage.opened_at is not None]
    running = [stage for stage in opened if stage.closed_at is None]
    first = (running or opened[-1:] or answered)[0]
    keys = {stage.key: stage for stage in (first, *answered)}
    if (wanted := request.args.get("stage")) and wanted not in keys:
        raise NotFound(Refusal(Code.NO_SUCH_STAGE, Named(wanted)))
    return keys[pick(wanted, list(keys))]


def panel_rows(ctx: StaffContext, stage: Stage | None) -> list[PanelRow]:
    """Everybody of the panel and how far they are in a stage; those still to answer first."""
    missing = panel.not_answered(ctx.session, ctx.consultation, stage) if stage else []
    waiting = {member.expert_id: member for member in missing}
    groups = ctx.definition.panel.reporting_groups
    labels = {group.key: plain(ctx, group.label) for group in groups.groups} if groups else {}
    channels = entering.channels(ctx.session, stage) if stage else {}
    consents = {None: _("not asked yet"), True: _("yes"), False: _("no")}
    takes = stage is not None and takes_answers(stage, ctx.definition.grace)
    rows = []
    for member in panel.members(ctx.session, ctx.consultation):
        open_one = waiting.get(member.expert_id)
        rows.append(
            PanelRow(
                member=member,
                language=language_name(member.language),
                group=labels.get(member.group or "", member.group or "–"),
                consent=consents[member.consent],
                state=_how_far(member, stage, open_one, channels.get(member.expert_id, "")),
                is_open=open_one is not None,
                may_be_entered=takes
                and member.consent is not False
                and open_one is not None
                and not open_one.has_started,
            )
        )
    return sorted(rows, key=lambda row: not row.is_open)


def _how_far(member: panel.Member, stage: Stage | None, open_one: panel.Member | None, channel: str) -> Tag:
    """Where somebody stands in a stage; `open_one` while they have not answered it."""
    if member.is_withdrawn:
        return Tag(pgettext("tag of an expert", "withdrawn"))
    if member.consent is False:
        return Tag(_("declined"))
    if stage is None or stage.opened_at is None:
        return Tag(_("not open yet"))
    if open_one is not None and open_one.has_started:
        return Tag(pgettext("tag of an expert", "started"), "blue")
    if open_one is not None:
        return Tag(pgettext("tag of an expert", "not answered"), "you")
    came_by = {
        "telephone": _("submitted, by telephone"),
        "paper": _("submitted, on paper"),
        "draft": _("saved, counted at the close"),
    }
    return Tag(came_by.get(channel, pgettext("tag of an expert", "submitted")), "good")


def act_row(ctx: StaffContext, entry: JournalEntry) -> tuple[int, str, str, str, str]:
    """Number, time, who, what, and the facts of one entry."""
    facts = journal.facts_of(ctx.session, entry)
    return (
        entry.number,
        when(entry.at, ctx).local,
        actor_words(entry.actor, translate(ctx)),
        act_words(entry.act, translate(ctx)),
        "; ".join(f"{key}: {value}" for key, value in facts.items() if value is not None),
    )
