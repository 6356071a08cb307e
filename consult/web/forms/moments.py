"""Moments as pages show them: consultation's zone, reader's zone, and the exact instant."""

from dataclasses import dataclass
from datetime import datetime

from consult.services.panel.zones import other_zone
from consult.web.access import ExpertContext, RequestContext
from consult.words.dates import written_in


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment for machines, on the consultation's clock, and on the reader's where it differs."""

    iso: str
    local: str
    other: str


def when(moment: datetime, ctx: RequestContext) -> Moment:
    """A moment for the `when` macro; both zones when their clocks differ."""
    own = other_zone(moment, ctx.consultation, ctx.definition, ctx.expert) if isinstance(ctx, ExpertContext) else None
    return Moment(
        iso=moment.isoformat(timespec="minutes"),
        local=written_in(moment, ctx.consultation.zone, ctx.language),
        other=written_in(moment, own, ctx.language) if own else "",
    )
