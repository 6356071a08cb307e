"""The page of one measure: scales with the panel's bars, the own former rating, reasons."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from consult.definition.asked import AskedQuestion, first
from consult.services.answering.feedback import CriterionFeedback, Feedback, asks_reason
from consult.services.answering.responding import Respondent, Step
from consult.web.forms.rating_views import (
    BesideBar,
    CommentView,
    CriterionView,
    Former,
    RatingView,
    ReasonView,
    UnclearView,
)
from consult.web.forms.rendering import RenderContext
from consult.web.forms.scales import bands, ends, no_answers, points
from consult.web.forms.views import Bar, OptionView, OwnWords, PointView
from consult.words.wording import middle_points


def draw_rating(
    respondent: Respondent,
    step: Step,
    rendering: RenderContext,
    feedback: Feedback | None,
    *,
    is_new: bool,
    asks_reason: bool,
) -> RatingView:
    """What `expert/rating.html` shows of a measure; `asks_reason` when it came back for one."""
    wording = step.wording
    content = respondent.definition.measures
    assert wording is not None and content is not None
    theme = next((item.title for item in content.themes if item.key == wording.measure.theme), None)
    actors = {option.key: option.label for option in respondent.definition.lists.get("action_level", ())}
    groups = _group_labels(respondent, rendering)
    return RatingView(
        theme=rendering.text(theme),
        title=rendering.text(wording.title),
        text=rendering.text(wording.text),
        actors=[rendering.text(actors[key]) for key in wording.version.content["actors"] if key in actors],
        is_new=is_new,
        changed=_changed(feedback, rendering),
        criteria=[_criterion(item, rendering, feedback, groups) for item in step.asked if item.type == "scale"],
        reasons=_reasons(feedback, rendering),
        comment=_comment(respondent, step, rendering, is_asked=asks_reason),
        unclear=_unclear(step, rendering),
    )


def _group_labels(respondent: Respondent, rendering: RenderContext) -> dict[str, str]:
    """The reporting groups in words."""
    known = respondent.definition.panel.reporting_groups
    labels = {group.key: rendering.text(group.label) for group in (known.groups if known else ())}
    return {key: label.text if label else key for key, label in labels.items()}


def _changed(feedback: Feedback | None, rendering: RenderContext) -> Former | None:
    if feedback is None or feedback.former is None:
        return None
    return Former(rendering.text(feedback.former.title), rendering.text(feedback.former.text))


def _criterion(
    asked: AskedQuestion, rendering: RenderContext, feedback: Feedback | None, given_groups: Mapping[str, str]
) -> CriterionView:
    assert asked.scale is not None
    name = asked.key.partition(".")[2]
    chosen = first(rendering.inputs, asked.key)
    one = feedback.criteria.get(name) if feedback else None
    drawn_points = points(asked.scale, rendering, chosen)
    has_bars = bool(feedback and feedback.form == "bars_on_scale" and one and one.counts)
    if has_bars and one is not None:
        drawn_points = _with_bars(drawn_points, one, asked.scale.min)
    said = None
    if one and feedback is not None and feedback.form != "reasons":
        said = sentence(one, asked.scale.min) + _groups(feedback, name, given_groups)
    return CriterionView(
        key=name,
        name=f"item-{asked.key}",
        question=rendering.text(asked.question.text),
        points=drawn_points,
        ends=ends(asked.scale, rendering),
        bands=bands(asked.scale, rendering),
        no_answer=no_answers(asked.scale.no_answer, [chosen]),
        errors=rendering.errors(asked.key),
        previous=one.own if one else None,
        can_keep=feedback is not None and feedback.is_pairable,
        sentence=said,
        has_bars=has_bars,
        beside=_beside(one) if feedback and feedback.form == "bars_beside" else None,
    )


def _groups(feedback: Feedback | None, criterion: str, labels: Mapping[str, str]) -> str:
    """The medians of the reporting groups, when the protocol shows them and disclosure allows."""
    medians = feedback.groups.get(criterion, {}) if feedback else {}
    parts = [
        _("%(group)s: median %(median)s", group=labels.get(key, key), median=number(median))
        for key, median in medians.items()
        if median is not None
    ]
    return f" {'; '.join(parts)}." if parts else ""


def _beside(one: CriterionFeedback | None) -> list[BesideBar] | None:
    """Bars for a small chart beside the words."""
    if one is None or not one.counts:
        return None
    top = max(one.counts) or 1
    return [
        BesideBar(count, height=round(40 * count / top), x=10 + 30 * place) for place, count in enumerate(one.counts)
    ]


def _with_bars(drawn: Sequence[PointView], one: CriterionFeedback, lo: int) -> list[PointView]:
    """The points of a scale with what the panel rated."""
    counts = one.counts or []
    top = max(counts, default=0) or 1
    _count, low, high = middle_points(counts, lo, one.q1, one.q3) or (0, 0, -1)
    return [
        replace(
            point,
            bar=Bar(
                count=count,
                height=round(100 * count / top),
                is_median=one.median is not None and abs(int(point.value) - one.median) <= 0.5,
                in_half=low <= int(point.value) <= high,
            ),
        )
        for point, count in zip(drawn, counts, strict=True)
    ]


def number(value: float) -> str:
    """A median or quartile without a needless `.0`, with the reader's decimal mark."""
    return format_decimal(value, "0.##")


def sentence(one: CriterionFeedback, lo: int) -> str:
    """What the panel said, in words."""
    if one.median is None or one.n is None:
        return _("Too few answered to show what the panel said.")
    words = ngettext(
        "The median of %(num)s answer was %(median)s",
        "The median of %(num)s answers was %(median)s",
        one.n,
        median=number(one.median),
    )
    found = middle_points(one.counts, lo, one.q1, one.q3)
    return f"{words}." if found is None else f"{words}; {_around(one.n, *found)}."


def _around(n: int, count: int, low: int, high: int) -> str:
    """`12 of 14 rated 7 or 8`: people at points there are, where a quartile may lie between two."""
    facts = {"count": count, "n": n, "low": low, "high": high}
    if low == high:
        return _("%(count)s of %(n)s rated %(low)s", **facts)
    if high == low + 1:
        return _("%(count)s of %(n)s rated %(low)s or %(high)s", **facts)
    return _("%(count)s of %(n)s rated from %(low)s to %(high)s", **facts)


def _reasons(feedback: Feedback | None, rendering: RenderContext) -> list[ReasonView]:
    """High and low take turns, so that the first two are one of each; then the others."""
    sides = feedback.reasons if feedback else {}
    who = {"high": _("From a high rating"), "low": _("From a low rating")}
    by_side = [
        [ReasonView(rendering.text(reason), words) for reason in sides.get(side, ())] for side, words in who.items()
    ]
    turns = [one for turn in zip_longest(*by_side) for one in turn if one is not None]
    return [*turns, *(ReasonView(rendering.text(one), None) for one in sides.get("other", ()))]


def _comment(respondent: Respondent, step: Step, rendering: RenderContext, *, is_asked: bool) -> CommentView | None:
    asked = next((item for item in step.asked if item.key.endswith(".comment")), None)
    content = respondent.definition.measures
    if asked is None or content is None or content.comment is None:
        return None
    return CommentView(
        name=f"item-{asked.key}",
        value=first(rendering.inputs, asked.key),
        text=rendering.text(asked.question.text),
        hint=rendering.text(asked.question.hint),
        asked=is_asked,
        max_length=content.comment.max_length,
        errors=rendering.errors(asked.key),
    )


def needs_reason(step: Step, rendering: RenderContext, feedback: Feedback | None) -> bool:
    """Whether a reason should be asked for, and none was given."""
    assert step.wording is not None
    if first(rendering.inputs, f"{step.wording.key}.comment"):
        return False
    for item in step.asked:
        rating = first(rendering.inputs, item.key)
        if item.scale is None or rating not in map(str, item.scale.points):
            continue
        parts = [range(band.start, band.end + 1) for band in item.scale.bands]
        if asks_reason(feedback, item.key.partition(".")[2], int(rating), parts):
            return True
    return False


def _unclear(step: Step, rendering: RenderContext) -> UnclearView | None:
    asked = next((item for item in step.asked if item.key.endswith(".unclear")), None)
    if asked is None:
        return None
    value = first(rendering.inputs, asked.key)
    note = OwnWords(f"item-{asked.key}", value, _("What is unclear?"))
    option = OptionView("yes", rendering.text(asked.question.text), bool(value), other=note)
    return UnclearView(f"tick-{asked.key}", option)
