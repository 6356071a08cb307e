"""The page of one measure: scales with the panel's bars, the own former rating, reasons."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from consult.definition.asked import AskedQuestion, first
from consult.definition.measure import Criterion
from consult.definition.text import Shown
from consult.services.answering.evidence import MeasureEvidence
from consult.services.answering.feedback import AskedBecause, asks_reason
from consult.services.answering.feedback_types import CriterionFeedback, Feedback
from consult.services.answering.rating_questions import WHY, reason_key
from consult.services.answering.responding import Respondent, Step
from consult.web.forms.boxes import text_view, unclear_view
from consult.web.forms.evidence import evidence_view
from consult.web.forms.panel_words import number, panel_words
from consult.web.forms.played import played_part
from consult.web.forms.rating_views import BesideBar, CriterionView, Former, RatingView, ReasonBox, WhyAsked
from consult.web.forms.reasons import reasons_view
from consult.web.forms.rendering import RenderContext
from consult.web.forms.scales import bands, ends, no_answers, points
from consult.web.forms.views import Bar, PointView
from consult.web.forms.words import no_answer_text

COLUMN = 30
"""The height of the longest bar above a scale, in pixels."""


@dataclass(frozen=True, slots=True)
class RatingPage:
    """What the page of a measure is drawn of: whose, how, and what was fed back.

    `is_first`: the questions stand in full. `asks_reason`: it came back for a reason.
    """

    respondent: Respondent
    step: Step
    rendering: RenderContext
    feedback: Feedback | None
    evidence: MeasureEvidence | None
    is_new: bool
    is_first: bool
    asks_reason: bool
    asks_who_stays: bool
    objects_to_reasons: bool


def draw_rating(page: RatingPage) -> RatingView:
    """What `expert/rating.html` shows of a measure."""
    wording, rendering = page.step.wording, page.rendering
    definition = page.respondent.definition
    content = definition.measures
    assert wording is not None and content is not None
    theme = next((item.title for item in content.themes if item.key == wording.measure.theme), None)
    actors = {option.key: option.label for option in definition.lists.get("action_level", ())}
    asked = {item.key: item for item in page.step.asked}
    return RatingView(
        theme=rendering.text(theme),
        title=rendering.text(wording.title),
        text=rendering.text(wording.text),
        actors=[rendering.text(actors[key]) for key in wording.version.content["actors"] if key in actors],
        is_new=page.is_new,
        changed=_changed(page.feedback, rendering),
        criteria=[_criterion(page, one, asked) for one in content.criteria if f"{wording.key}.{one.key}" in asked],
        played=played_part(
            asked.get(f"{wording.key}.{WHY}"),
            page.feedback,
            rendering,
            page.respondent.expert.pseudonym,
            asks_who_stays=page.asks_who_stays,
        ),
        evidence=evidence_view(page.evidence, definition, rendering, is_first=page.is_first),
        remarks=[rendering.text(one) for one in page.feedback.remarks] if page.feedback else [],
        remark=text_view(asked.get(f"{wording.key}.comment"), rendering),
        unclear=unclear_view(asked.get(f"{wording.key}.unclear"), rendering),
    )


def _changed(feedback: Feedback | None, rendering: RenderContext) -> Former | None:
    if feedback is None or feedback.former is None:
        return None
    return Former(rendering.text(feedback.former.title), rendering.text(feedback.former.text))


def _criterion(page: RatingPage, criterion: Criterion, questions: Mapping[str, AskedQuestion]) -> CriterionView:
    assert page.step.wording is not None
    asked = questions[f"{page.step.wording.key}.{criterion.key}"]
    rendering, feedback = page.rendering, page.feedback
    assert asked.scale is not None
    chosen = first(rendering.inputs, asked.key)
    one = feedback.criteria.get(criterion.key) if feedback else None
    drawn_points = _in_bands(points(asked.scale, rendering, chosen), asked)
    has_bars = bool(feedback and feedback.form == "bars_on_scale" and one and one.counts)
    if has_bars and one is not None:
        drawn_points = _with_bars(drawn_points, one)
    sentence = None
    if one and feedback is not None and feedback.form != "reasons":
        sentence = panel_words(one, asked.scale) + _groups(page, criterion.key)
    return CriterionView(
        key=criterion.key,
        name=f"item-{asked.key}",
        label=rendering.text(criterion.label),
        question=rendering.text(asked.question.text),
        short=None if page.is_first else rendering.text(criterion.short),
        points=drawn_points,
        ends=ends(asked.scale, rendering),
        bands=bands(asked.scale, rendering),
        no_answer=no_answers(asked.scale.no_answer, [chosen]),
        errors=rendering.errors(asked.key),
        previous=one.own if one else None,
        kept=one.kept if one else None,
        kept_words=_kept_words(one),
        can_keep=feedback is not None and feedback.is_pairable,
        sentence=sentence,
        has_bars=has_bars,
        beside=_beside(one) if feedback and feedback.form == "bars_beside" else None,
        reasons=reasons_view(one, asked.scale, rendering) if one else None,
        why=_why(page, criterion.key, asked, questions.get(reason_key(asked.key)), sentence),
    )


def _kept_words(one: CriterionFeedback | None) -> str:
    if one is None or one.kept is None:
        return ""
    return str(one.own) if one.own is not None else no_answer_text(one.own_words or "")


def _groups(page: RatingPage, criterion: str) -> str:
    """The medians of the reporting groups, when the protocol shows them and disclosure allows."""
    medians = page.feedback.groups.get(criterion, {}) if page.feedback else {}
    known = page.respondent.definition.panel.reporting_groups
    labels = {group.key: page.rendering.text(group.label) for group in (known.groups if known else ())}
    parts = [
        _("%(group)s: median %(median)s", group=label.text if label else key, median=number(median))
        for key, median in medians.items()
        if median is not None
        for label in (labels.get(key),)
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


def _in_bands(drawn: Sequence[PointView], asked: AskedQuestion) -> list[PointView]:
    """The points of a scale, those marked after which another band begins."""
    assert asked.scale is not None
    last = {str(band.end) for band in asked.scale.bands[:-1]}
    return [replace(point, ends_band=point.value in last) for point in drawn]


def _with_bars(drawn: Sequence[PointView], one: CriterionFeedback) -> list[PointView]:
    """The points of a scale with what the panel rated."""
    counts = one.counts or []
    top = max(counts, default=0) or 1
    return [
        replace(
            point,
            bar=Bar(
                count=count,
                height=max(2, round(COLUMN * count / top)) if count else 0,
                is_median=one.median is not None and abs(int(point.value) - one.median) <= 0.5,
            ),
        )
        for point, count in zip(drawn, counts, strict=True)
    ]


def reasons_asked(asked: AskedQuestion, feedback: Feedback | None, rating: str | int) -> frozenset[AskedBecause]:
    """Why a reason is asked for a rating as it was typed; nothing where it is none."""
    if asked.scale is None or str(rating) not in map(str, asked.scale.points):
        return frozenset()
    parts = [range(band.start, band.end + 1) for band in asked.scale.bands]
    return asks_reason(feedback, asked.key.partition(".")[2], int(rating), parts)


def needs_reason(step: Step, rendering: RenderContext, feedback: Feedback | None) -> bool:
    """Whether a reason should be asked for under some criterion, and none was given."""
    return any(
        reasons_asked(item, feedback, first(rendering.inputs, item.key))
        and not first(rendering.inputs, reason_key(item.key))
        for item in step.asked
        if any(one.key == reason_key(item.key) for one in step.asked)
    )


def _why(
    page: RatingPage, criterion: str, asked: AskedQuestion, reason: AskedQuestion | None, sentence: str | None
) -> ReasonBox | None:
    """The box for a reason, with the cases in which one is asked for."""
    box = text_view(reason, page.rendering)
    if box is None or asked.scale is None:
        return None
    one = page.feedback.criteria.get(criterion) if page.feedback else None
    by_point = {str(point): reasons_asked(asked, page.feedback, point) for point in asked.scale.points}
    chosen = first(page.rendering.inputs, asked.key)
    cases = [
        WhyAsked(ratings, words, is_shown=page.asks_reason and chosen in ratings)
        for because, words in _cases(one, sentence)
        if (ratings := [point for point, why in by_point.items() if because in why])
    ]
    is_asked = any(case.is_shown for case in cases)
    if page.objects_to_reasons:
        words = _("You object to your reasons being shown: this one is read by the facilitator alone.")
        box = replace(box, hint=Shown(page.rendering.language, words))
    return ReasonBox(
        box=replace(box, is_open=box.is_open or is_asked),
        asked=cases,
        kept_asks=one is not None and one.own is not None and bool(by_point.get(str(one.own))),
    )


def _cases(one: CriterionFeedback | None, sentence: str | None) -> Iterator[tuple[AskedBecause, str]]:
    """What is said in each case: which rating differs from which."""
    if one is not None and one.own is not None:
        yield AskedBecause.MOVED, _("You rated %(rating)s before.", rating=one.own)
    if one is not None:
        yield AskedBecause.DIFFERS, sentence or _("The panel’s median is another.")
