"""One measure in one round: distributions by round, verdict, stability, sensitivity, reasons."""

from collections.abc import Mapping, Sequence
from typing import TypedDict

from flask_babel import gettext as _

from consult.services.measures import fates
from consult.services.rounds.results import released_texts
from consult.web.access import RequestContext
from consult.web.results.blocks import Figures, blocks
from consult.web.results.frozen import FrozenStage, stage_title
from consult.web.results.rated import LatestRating
from consult.web.results.tables import Reasons, RoundReasons
from consult.web.staff.measure_rows import FateLine, fate_words
from consult.web.staff.pages import text
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
        texts = released_texts(ctx.session, item.stage)
        sides = _by_side(ctx, (texts or {}).get("reasons", {}).get(standing.key))
        if texts is not None:
            why = "" if sides else _("no reasons were released for this measure.")
        elif number < last:
            why = _("reasons are released when the next round opens.")
        else:
            why = _("reasons of the last round are released when the consultation is finished.")
        found.append(RoundReasons(stage_title(ctx, item.stage), sides, why))
    return found


def _by_side(ctx: RequestContext, found: Mapping[str, list[Mapping[str, str]]] | None) -> list[Reasons]:
    """Released reasons for one measure, those from high ratings first."""
    names = {
        "high": _("From those who rated high"),
        "low": _("From those who rated low"),
        "other": _("From others, or not told apart"),
    }
    return [
        Reasons(title, [text(ctx, one) for one in found[side]])
        for side, title in names.items()
        if found and found.get(side)
    ]
