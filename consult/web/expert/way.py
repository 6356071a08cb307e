"""Which page comes next: measures in full, the short list where there is one, then questions, the review."""

from flask import request, url_for

from consult.services.answering import gaps
from consult.services.answering.responding import Respondent, Step
from consult.services.answering.short_list import short_list
from consult.web.access import ExpertContext
from consult.web.pages import page_address


def first_address(ctx: ExpertContext, respondent: Respondent, *, is_past_list: bool = False) -> str:
    """The first page with something left to do, else the review; `is_past_list`: not the short list."""
    entries = short_list(ctx.session, respondent)
    listed = {entry.measure.step.key for entry in entries}
    todo = [step for step in respondent.steps() if step.key not in listed and gaps.has_work_left(respondent, step)]
    comes_before_list = bool(todo) and todo[0].wording is not None
    if not comes_before_list and not is_past_list and any(entry.measure.is_open for entry in entries):
        return list_address(ctx, respondent)
    return _address_of(ctx, respondent, todo[:1])


def next_address(ctx: ExpertContext, respondent: Respondent, step: Step) -> str:
    """The page after this one, else the review; from a measure of the short list, back to it."""
    listed = [entry.measure.step.key for entry in short_list(ctx.session, respondent)]
    if step.key in listed:
        return list_address(ctx, respondent, step.key)
    steps = [item for item in respondent.steps() if item.key not in listed]
    keys = [item.key for item in steps]
    after = steps[keys.index(step.key) + 1 :] if step.key in keys else steps[:1]
    if listed and step.wording is not None and not (after and after[0].wording is not None):
        return list_address(ctx, respondent)
    query = {"auto": "1"} if request.form.get("auto") else {}
    if step.wording is not None and gaps.has_work_left(respondent, step):
        query["unrated"] = step.key
    return _address_of(ctx, respondent, after[:1], on="1", **query)


def _address_of(ctx: ExpertContext, respondent: Respondent, steps: list[Step], **query: str) -> str:
    """The page of the only one of these, the review where there is none."""
    for step in steps:
        return page_address(ctx, respondent.stage.key, step.key, **query)
    return url_for("submit.review", slug=ctx.slug, stage=respondent.stage.key)


def list_address(ctx: ExpertContext, respondent: Respondent, at: str = "") -> str:
    """The short list, at the place of a measure."""
    anchor = f"row-{at}" if at else None
    return url_for("short_list.near", slug=ctx.slug, stage=respondent.stage.key, _anchor=anchor)
