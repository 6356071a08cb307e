"""An expert's own data: reading it, taking a copy, leaving."""

import json
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask import session as cookie
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from consult.definition.text import by_language, in_language
from consult.services.answering import responding, submitting
from consult.services.measures import proposals
from consult.services.rounds.stages import stages_of
from consult.services.running import leaving, own_data
from consult.web import signins
from consult.web.access import ExpertPlace, for_expert
from consult.web.expert.views import AnsweredStage, ConsentLine, Fact, MyData, MyProposal
from consult.web.forms.moments import when
from consult.web.pages import end_on_device, frame, pen_of, sections
from consult.web.views import Action, Link, Message

blueprint = Blueprint("mydata", __name__)


@blueprint.get("/c/<slug>/my-data")
@for_expert(needs_consent=False)
def my_data(place: ExpertPlace) -> str:
    """Everything stored about the reader."""
    frame(place)
    stored = own_data.own_data(place.session, place.expert)
    view = MyData(
        paragraphs=[_("This is everything stored about you in this consultation. Only you see this page.")],
        facts=_facts(place, stored),
        consents=_consents(place, stored),
        proposals=_proposals(place),
        stages=_answered_stages(place),
        sign_ins=signins.of_expert(place),
        download=Link(url_for("mydata.my_data_file", slug=place.slug), _("All of it as a file (JSON)")),
    )
    return render_template("expert/mydata.html", mydata=view)


def _facts(place: ExpertPlace, stored: own_data.OwnData) -> list[Fact]:
    pen = pen_of(place)
    facts = [
        Fact(label, contact[key])
        for contact in stored["contact"]
        for key, label in (("name", _("Name")), ("email", _("E-mail")))
    ]
    for attribute in place.definition.panel.attributes:
        key = place.expert.attributes.get(attribute.key)
        options = place.definition.lists.get(attribute.list_, ())
        label = next((pen.text(item.label) for item in options if item.key == key), None)
        facts.append(Fact(pen.text(attribute.label), label))
    return facts


def _consents(place: ExpertPlace, stored: own_data.OwnData) -> list[ConsentLine]:
    return [
        ConsentLine(
            at=when(datetime.fromisoformat(item["said_at"]), place),
            text=_("Yes, text version %(version)s", version=item["version"])
            if item["is_given"]
            else _("No, text version %(version)s", version=item["version"]),
        )
        for item in stored["consent"]
    ]


def _proposals(place: ExpertPlace) -> list[MyProposal]:
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
                by_language(proposal.reason, proposal.reason_in), place.language, place.definition.languages
            ),
        )
        for proposal, key in proposals.proposals_of(place.session, place.expert)
    ]


def _answered_stages(place: ExpertPlace) -> list[AnsweredStage]:
    found = []
    for stage in stages_of(place.session, place.consultation.id):
        given = responding.respondent(place.session, place.consultation, place.definition, place.expert, stage)
        if not given.drafts:
            continue
        submitted = submitting.newest_submission(place.session, given)
        pen = pen_of(place, {**given.earlier, **given.typed})
        found.append(
            AnsweredStage(
                title=pen.text(place.definition.stage(stage.key).title),
                submitted_at=when(submitted.submitted_at, place) if submitted else None,
                sections=sections(given, pen),
            )
        )
    return found


@blueprint.post("/c/<slug>/my-data.json")
@for_expert(needs_consent=False)
def my_data_file(place: ExpertPlace) -> Answer:
    """The same as a file; sent for, so that nobody takes another's home."""
    text = json.dumps(own_data.own_data(place.session, place.expert), ensure_ascii=False, indent=2, default=str)
    name = f"{place.slug}-my-data.json"
    return Response(text, mimetype="application/json", headers={"Content-Disposition": f"attachment; filename={name}"})


@blueprint.route("/c/<slug>/leave", methods=["GET", "POST"])
@for_expert(needs_consent=False)
def leave(place: ExpertPlace) -> str | Answer:
    """Leave the consultation."""
    if request.method == "POST":
        leaving.withdraw(place.session, place.expert, "expert")
        place.session.commit()
        cookie["experts"] = {slug: token for slug, token in cookie.get("experts", {}).items() if slug != place.slug}
        end_on_device(place.expert)
        return redirect(url_for("enter.left"), 303)
    frame(place)
    message = Message(
        _("Leave this consultation"),
        [
            _("Your links stop working, and your answers count no more from the next result on."),
            _("Results that were frozen before stay as they are. This cannot be taken back."),
        ],
        [
            Action(request.path, _("Leave"), is_post=True, kind="bad"),
            Action(url_for("tasks.index", slug=place.slug), _("Stay")),
        ],
    )
    return render_template("expert/message.html", message=message)
