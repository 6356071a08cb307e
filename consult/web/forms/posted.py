"""What a page sent: answers by input name, and what the page had seen of each."""

from collections.abc import Mapping

from flask import request
from flask_babel import gettext as _

from consult.definition.answers import answer_type
from consult.definition.text import is_blank
from consult.services.answering import feedback, saving
from consult.services.answering.responding import Respondent, Step
from consult.services.answering.saving import Saved
from consult.web.access import ExpertContext

KEEP_ALL = "keep"
"""What the button that goes on sends when it also keeps the former ratings of what has no answer."""


def input_names(step: Step) -> list[str]:
    """Names of all inputs of a page."""
    return [name for item in step.asked for name in answer_type(item).names(item)]


def read_posted(ctx: ExpertContext, respondent: Respondent, step: Step) -> dict[str, list[str]]:
    """The answers sent, with the buttons that fill in an answer applied."""
    names = input_names(step)
    posted = {name: sent(f"item-{name}") for name in names}
    for name in names:
        if request.form.get(f"pick-{name}") == "theirs":
            posted[name] = respondent.typed.get(name, [])
        if request.form.get(f"tick-{name}") and not any(posted[name]):
            posted[name] = [_("The wording is unclear to me.")]
    return posted | _kept(ctx, respondent, step) | _filled_in(ctx, step)


def sent(name: str) -> list[str]:
    """The values of one input. A null character is nothing anyone types, and no database's text."""
    return [value.replace("\x00", "") for value in request.form.getlist(name)]


def _kept(ctx: ExpertContext, respondent: Respondent, step: Step) -> dict[str, list[str]]:
    """The former rating, when its "Keep" was pressed; of all that have no answer yet, by "Keep all"."""
    wanted, keeps_all = request.form.get("keep"), request.form.get("go") == KEEP_ALL
    if not (wanted or keeps_all) or step.wording is None:
        return {}
    known = feedback.feedback_for(ctx.session, respondent, step.wording)
    kept = {}
    for criterion, one in known.criteria.items() if known is not None and known.is_pairable else ():
        name = f"{step.wording.key}.{criterion}"
        is_left = keeps_all and not any(sent(f"item-{name}"))
        if one.kept is not None and (criterion == wanted or is_left):
            kept[name] = [one.kept]
    return kept


def _filled_in(ctx: ExpertContext, step: Step) -> dict[str, list[str]]:
    """A declared attribute, when the button that offers it was pressed."""
    wanted = request.form.get("prefill")
    for item in step.asked:
        attribute = getattr(item.question, "prefill", None)
        if wanted == item.key and attribute:
            return {item.key: [str(ctx.expert.attributes.get(attribute, ""))]}
    return {}


def marks_after(respondent: Respondent, step: Step, saved: Saved) -> dict[str, str]:
    """What a page has seen of its inputs once it is saved.

    Of a conflict it saw only its own version, and nothing of what a button filled in: a page that
    stays, and shows no answer there, must not pass for one that takes it back.
    """
    disputed = {item.name for item in saved.conflicts}
    filled = {name for name in input_names(step) if not _shows(respondent, name)}
    return saving.marks(respondent, (name for name in input_names(step) if name not in disputed | filled))


def _shows(respondent: Respondent, name: str) -> bool:
    """Whether the page that was sent shows what is stored, in the input or by a tick beside it."""
    draft = respondent.drafts.get(name)
    shown = [value for value in sent(f"item-{name}") if not is_blank(value)]
    return bool(request.form.get(f"tick-{name}")) or shown == (draft.values if draft else [])


def undecided() -> set[str]:
    """Inputs shown in two versions of which none was chosen."""
    shown = request.form.getlist("conflict")
    return {name for name in shown if not request.form.get(f"pick-{name}")}


def read_seen(posted: Mapping[str, list[str]]) -> dict[str, str]:
    """The marks the page carried; a conflict shown but not decided stays a conflict."""
    open_still = undecided()
    return {name: "stale:" if name in open_still else request.form.get(f"rev-{name}", "0:") for name in posted}
