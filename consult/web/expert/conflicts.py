"""Values that two devices changed: this page's version is kept until one of both is chosen."""

from collections.abc import Sequence
from dataclasses import replace

from flask import request
from flask_babel import gettext as _

from consult.definition.answers import answer_type
from consult.services.answering.held_forms import Sender
from consult.services.answering.responding import Respondent, Step
from consult.services.answering.saving import Conflict
from consult.web import held
from consult.web.access import ExpertContext
from consult.web.expert.answer_views import ConflictView
from consult.web.forms.mending import flat, place_name
from consult.web.forms.posted import input_names, undecided
from consult.web.forms.rendering import RenderContext
from consult.web.forms.summary import answer_words
from consult.web.views import ProblemLine


def hold(ctx: ExpertContext, conflicts: Sequence[Conflict]) -> dict[str, str]:
    """Keep this page's versions; returns what the address of the page must carry to show them."""
    sender = Sender(expert=ctx.expert)
    held.drop(sender)
    if not conflicts:
        return {}
    token = held.keep(sender, {"yours": {item.name: item.yours for item in conflicts}})
    query = {held.KEY: token}
    if undecided() & {item.name for item in conflicts}:
        query["choose"] = "1"
    return query


def unresolved(ctx: ExpertContext, respondent: Respondent, step: Step) -> list[Conflict]:
    """What is still to be chosen here: the version kept, and the one stored now."""
    found = held.kept(Sender(expert=ctx.expert))
    yours = found["yours"] if found else {}
    stored = respondent.typed
    return [
        Conflict(name, yours[name], stored.get(name, []))
        for name in input_names(step)
        if name in yours and yours[name] != stored.get(name, [])
    ]


def draw(step: Step, conflicts: Sequence[Conflict], rendering: RenderContext) -> list[ConflictView]:
    """Both versions in words, for the choice."""
    return [
        ConflictView(
            name=f"pick-{item.name}",
            id=f"conflict-{number}",
            label=place_name(step.asked, item.name, rendering),
            yours=answer_words(asked, replace(rendering, inputs={item.name: item.yours})),
            theirs=answer_words(asked, replace(rendering, inputs={item.name: item.theirs})),
        )
        for number, item in enumerate(conflicts, start=1)
        for asked in [next(one for one in flat(step.asked) if item.name in answer_type(one).names(one))]
    ]


def not_chosen(drawn: Sequence[ConflictView]) -> list[ProblemLine]:
    """Problems for the top of the page, when it was sent without a choice."""
    if not request.args.get("choose"):
        return []
    words = _("Choose which version to keep.")
    return [ProblemLine(f"{item.label} – {words}", anchor=item.id) for item in drawn]
