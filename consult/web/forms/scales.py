"""A scale as the pages show it: its points, its ends and its bands."""

from collections.abc import Sequence

from consult.definition.asked import NO, AskedQuestion, first
from consult.definition.scale import Scale
from consult.web.forms.option_views import Choice
from consult.web.forms.rendering import RenderContext
from consult.web.forms.views import BandView, Ends, PointView, ScaleControl
from consult.web.forms.words import no_answer_text

MOST_BESIDE = 6
ROOM_BESIDE = 45
LONGEST_BESIDE = 20
"""Points, letters of their longest words together, and letters of a label that stand in one row of 390 px."""


def points(scale: Scale, rendering: RenderContext, chosen: str) -> list[PointView]:
    """The points of a scale."""
    return [
        PointView(
            value=str(point),
            label=rendering.text(scale.labels.get(point)),
            checked=str(point) == chosen,
            short=str(point).replace("-", "\u2212"),
        )
        for point in scale.points
    ]


def is_tight(drawn: Sequence[PointView]) -> bool:
    """Whether the words of all points fit beside each other on a phone: few, short, of short words."""
    labels = [point.label.text for point in drawn if point.label is not None]
    if len(labels) < len(drawn) or len(labels) > MOST_BESIDE:
        return False
    letters = sum(max(map(len, label.split()), default=0) for label in labels)
    return letters <= ROOM_BESIDE and max(map(len, labels), default=0) <= LONGEST_BESIDE


def ends(scale: Scale, rendering: RenderContext) -> Ends | None:
    """Words for the ends of a scale whose points do not all carry words."""
    if all(point in scale.labels for point in scale.points):
        return None
    middle = [point for point in scale.labels if point not in (scale.min, scale.max)]
    return Ends(
        low=rendering.text(scale.labels.get(scale.min)),
        middle=rendering.text(scale.labels[middle[0]]) if len(middle) == 1 else None,
        high=rendering.text(scale.labels.get(scale.max)),
    )


def bands(scale: Scale, rendering: RenderContext) -> list[BandView] | None:
    """The named bands of a scale, when all have words."""
    if not scale.bands or any(band.label is None for band in scale.bands):
        return None
    return [BandView(band.start, band.end, rendering.text(band.label)) for band in scale.bands]


def scale_control(asked: AskedQuestion, rendering: RenderContext) -> ScaleControl:
    """The control of a question that is answered on a scale."""
    assert asked.scale is not None
    chosen = first(rendering.inputs, asked.key)
    return ScaleControl(
        points=points(asked.scale, rendering, chosen),
        ends=ends(asked.scale, rendering),
        no_answer=no_answers(asked.scale.no_answer, [chosen]),
    )


def no_answers(states: Sequence[str], chosen: Sequence[str]) -> list[Choice]:
    """The kinds of no-answer that are offered, in words."""
    return [Choice(NO + state, no_answer_text(state), NO + state in chosen) for state in states]
