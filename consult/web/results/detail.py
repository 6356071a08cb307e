"""One measure in one round: distributions by round, verdict, stability, sensitivity, reasons."""

from collections.abc import Sequence
from typing import TypedDict

from flask_babel import gettext as _

from consult.released_texts import NOTHING, MeasureTexts, Side
from consult.services.measures import fates
from consult.services.rounds.results import released_reasons, released_texts
from consult.web.access import RequestContext
from consult.web.results.blocks import Figures, blocks
from consult.web.results.frozen import FrozenStage, stage_title
from consult.web.results.rated import LatestRating
from consult.web.results.tables import Reasons, RoundReasons
from consult.web.staff.measure_rows import FateLine, fate_words
from consult.web.staff.pages import plain, text
from consult.web.staff.statuses import status_note


class Detail(TypedDict):
    """What the page of a measure shows beside its wording."""

    blocks: list[Figures]
    status: str
    status_note: str
    reasons: list[RoundReasons]
    fates: list[FateLine]


def detail(ctx: RequestContext, standing: LatestRating, rounds: Sequence[FrozenStage]) -> Detail:
    """What the page of a measure shows, the rounds up to this one beside each other."""
    return {
        "blocks": blocks(ctx, standing, rounds),
        "status": standing.came_to,
        "status_note": status_note(ctx),
        "reasons": reasons_by_round(ctx, standing, rounds),
        "fates": [fate_words(ctx, item) for item in fates.fates(ctx.session, standing.wording)],
    }


def reasons_by_round(ctx: RequestContext, standing: LatestRating, rounds: Sequence[FrozenStage]) -> list[RoundReasons]:
    """Reasons released for a measure in each round up to this one, the newest round first."""
    until, last = standing.stage.round_number or 0, ctx.definition.protocol.stopping.rounds
    found = []
    for item in reversed(rounds):
        number = item.stage.round_number or 0
        if number > until or standing.key not in item.numbers.measures:
            continue
        is_released = released_texts(ctx.session, item.stage) is not None
        sides = _by_side(ctx, released_reasons(ctx.session, item.stage).get(standing.key, NOTHING))
        if is_released:
            why = "" if sides else _("no reasons were released for this measure.")
        elif number < last:
            why = _("reasons are released when the next round opens.")
        else:
            why = _("reasons of the last round are released when the consultation is finished.")
        found.append(RoundReasons(stage_title(ctx, item.stage), sides, why))
    return found


def _by_side(ctx: RequestContext, found: MeasureTexts) -> list[Reasons]:
    """Released reasons for one measure, by criterion, those from high ratings first; then remarks."""
    names: dict[Side, str] = {
        "high": _("from those who rated high"),
        "low": _("from those who rated low"),
        "other": _("from others, or not told apart"),
    }
    content = ctx.definition.measures
    assert content is not None
    listed = [
        (f"{plain(ctx, criterion.label)}, {title}", found.of(criterion.key).of(side))
        for criterion in content.criteria
        for side, title in names.items()
    ]
    listed.append((_("On the measure as a whole"), found.remarks))
    return [Reasons(title, [text(ctx, one) for one in reasons]) for title, reasons in listed if reasons]
