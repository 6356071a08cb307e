"""Which page comes next: measures in full, the short list where there is one, then questions, the review."""

from flask import request, url_for

from consult.services.answering import gaps
from consult.services.answering.responding import Respondent, Step
from consult.services.answering.short_list import ShortEntry, short_list
from consult.web.access import ExpertContext
from consult.web.pages import page_address


def first_address(ctx: ExpertContext, respondent: Respondent) -> str:
    """The first page with something left to do, else the review."""
    entries = short_list(ctx.session, respondent)
    listed = {entry.measure.step.key for entry in entries}
    todo = [step for step in respondent.steps() if gaps.has_work_left(respondent, step)]
    in_full = [step for step in todo if step.wording is not None and step.key not in listed]
    if not in_full and _has_open(entries):
        return list_address(ctx, respondent)
    after = in_full or [step for step in todo if step.key not in listed]
    if after:
        return page_address(ctx, respondent.stage.key, after[0].key)
    return url_for("submit.review", slug=ctx.slug, stage=respondent.stage.key)


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
    return after_list(ctx, respondent, after[:1])


def after_list(ctx: ExpertContext, respondent: Respondent, after: list[Step] | None = None) -> str:
    """The next of these pages, by default of those of questions; without one the review."""
    if after is None:
        after = [item for item in respondent.steps() if item.wording is None]
    if after:
        by_itself = {"auto": "1"} if request.form.get("auto") else {}
        return page_address(ctx, respondent.stage.key, after[0].key, on="1", **by_itself)
    return url_for("submit.review", slug=ctx.slug, stage=respondent.stage.key)


def list_address(ctx: ExpertContext, respondent: Respondent, at: str = "") -> str:
    """The short list, at the place of a measure."""
    anchor = f"row-{at}" if at else None
    return url_for("short_list.near", slug=ctx.slug, stage=respondent.stage.key, _anchor=anchor)


def _has_open(entries: list[ShortEntry]) -> bool:
    return any(entry.measure.is_open for entry in entries)
