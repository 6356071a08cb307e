"""An expert's own data: reading it, taking a copy, withdrawing."""

import json
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from flask_babel import pgettext
from werkzeug.wrappers import Response as Answer

from consult.definition.text import by_language, in_language
from consult.optional_uses import OptionalUse
from consult.services.access import objections
from consult.services.answering import responding, submitting
from consult.services.measures import proposals
from consult.services.rounds.stages import stages_of
from consult.services.running import leaving, own_data
from consult.web import signins
from consult.web.access import ExpertContext, for_expert
from consult.web.expert.views import AnsweredStage, ConsentLine, Fact, MyData, MyProposal, UseOfAnswers
from consult.web.forms.moments import when
from consult.web.pages import end_on_device, frame, rendering_of, sections
from consult.web.views import Action, Link, Message

blueprint = Blueprint("mydata", __name__)


@blueprint.get("/c/<slug>/my-data")
@for_expert(needs_consent=False)
def my_data(ctx: ExpertContext) -> str:
    """Everything stored about the reader."""
    frame(ctx)
    stored = own_data.own_data(ctx.session, ctx.expert)
    view = MyData(
        paragraphs=[_("This is everything stored about you in this consultation. Only you see this page.")],
        facts=_facts(ctx, stored),
        consents=_consents(ctx, stored),
        privacy_href=url_for("enter.privacy", slug=ctx.slug),
        uses=_uses(ctx),
        proposals=_proposals(ctx),
        stages=_answered_stages(ctx),
        sign_ins=signins.of_expert(ctx),
        download=Link(url_for("mydata.my_data_file", slug=ctx.slug), _("All of it as a file (JSON)")),
    )
    return render_template("expert/mydata.html", mydata=view)


def _facts(ctx: ExpertContext, stored: own_data.OwnData) -> list[Fact]:
    rendering = rendering_of(ctx)
    facts = [
        Fact(label, contact[key])
        for contact in stored["contact"]
        for key, label in (("name", _("Name")), ("email", _("E-mail")))
    ]
    for attribute in ctx.definition.panel.attributes:
        key = ctx.expert.attributes.get(attribute.key)
        options = ctx.definition.lists.get(attribute.list_, ())
        label = next((rendering.text(item.label) for item in options if item.key == key), None)
        facts.append(Fact(rendering.text(attribute.label), label))
    return facts


def _consents(ctx: ExpertContext, stored: own_data.OwnData) -> list[ConsentLine]:
    return [
        ConsentLine(
            at=when(datetime.fromisoformat(item["said_at"]), ctx),
            text=_("Yes, text version %(version)s", version=item["version"])
            if item["is_given"]
            else _("No, text version %(version)s", version=item["version"]),
        )
        for item in stored["consent"]
    ]


def _uses(ctx: ExpertContext) -> list[UseOfAnswers]:
    rendering, objected = rendering_of(ctx), objections.objections_of(ctx.session, ctx.expert)
    known = {
        OptionalUse.REASONS: _(
            "You object: your reasons are shown and printed nowhere any more. What was shown before stays."
        ),
        OptionalUse.ROWS: _(
            "You object: of stages that close from now on no files of rows are given in which you count."
        ),
    }
    return [
        UseOfAnswers(
            text=rendering.text(use.text),
            objects=None if use.optional is None else use.optional in objected,
            objected=known[use.optional] if use.optional is not None else "",
            action=url_for("mydata.use", slug=ctx.slug, use=use.key),
        )
        for use in ctx.definition.consent.uses
    ]


@blueprint.post("/c/<slug>/my-data/uses/<use>")
@for_expert(needs_consent=False)
def use(ctx: ExpertContext, use: str) -> Answer:
    """Object to a use and stay, or take that back."""
    objections.say(ctx.session, ctx.expert, ctx.definition, use, objects=request.form.get("objects") == "yes")
    ctx.session.commit()
    return redirect(url_for("mydata.my_data", slug=ctx.slug, _anchor="uses"), 303)


def _proposals(ctx: ExpertContext) -> list[MyProposal]:
    """What became of one's proposals."""
    words = {
        "waiting": _("not decided yet"),
        "accepted": _("yours became %(measure)s"),
        "merged": _("it is part of %(measure)s"),
        "withheld": _("left out"),
    }
    return [
        MyProposal(
            title=proposal.title or proposal.text,
            fate=words[proposal.fate] % {"measure": key or ""},
            reason=in_language(
                by_language(proposal.reason, proposal.reason_in), ctx.language, ctx.definition.languages
            ),
        )
        for proposal, key in proposals.proposals_of(ctx.session, ctx.expert)
    ]


def _answered_stages(ctx: ExpertContext) -> list[AnsweredStage]:
    found = []
    for stage in stages_of(ctx.session, ctx.consultation.id):
        respondent = responding.find_respondent(ctx.session, ctx.consultation, ctx.definition, ctx.expert, stage)
        if not respondent.drafts:
            continue
        submitted = submitting.newest_submission(ctx.session, respondent)
        rendering = rendering_of(ctx, {**respondent.earlier, **respondent.typed})
        found.append(
            AnsweredStage(
                title=rendering.text(ctx.definition.stage(stage.key).title),
                submitted_at=when(submitted.submitted_at, ctx) if submitted and submitted.receipt else None,
                is_counted_at_close=submitted is not None and submitted.receipt is None,
                sections=sections(respondent, rendering),
            )
        )
    return found


@blueprint.post("/c/<slug>/my-data.json")
@for_expert(needs_consent=False)
def my_data_file(ctx: ExpertContext) -> Answer:
    """The same as a file; sent for, so that nobody takes another's home."""
    text = json.dumps(own_data.own_data(ctx.session, ctx.expert), ensure_ascii=False, indent=2, default=str)
    name = f"{ctx.slug}-my-data.json"
    return Response(text, mimetype="application/json", headers={"Content-Disposition": f"attachment; filename={name}"})


@blueprint.route("/c/<slug>/leave", methods=["GET", "POST"])
@for_expert(needs_consent=False)
def leave(ctx: ExpertContext) -> str | Answer:
    """Withdraw from the consultation, for good."""
    if request.method == "POST":
        leaving.withdraw(ctx.session, ctx.expert, "expert")
        ctx.session.commit()
        cookie["experts"] = {slug: token for slug, token in cookie.get("experts", {}).items() if slug != ctx.slug}
        end_on_device(ctx.expert)
        return redirect(url_for("enter.left"), 303)
    frame(ctx)
    message = Message(
        _("Withdraw from this consultation"),
        [
            _("Your links stop working, and your answers count no more from the next result on."),
            # Translators: frozen: fixed for good when a stage is closed.
            _("Results that were frozen before stay as they are. Withdrawing cannot be undone."),
        ],
        [
            # Translators: a red button: say of what, where the word alone does not.
            Action(request.path, pgettext("act of the reader, for good", "Withdraw"), is_post=True, kind="bad"),
            Action(url_for("tasks.index", slug=ctx.slug), _("Go on taking part")),
        ],
    )
    return render_template("expert/message.html", message=message)
