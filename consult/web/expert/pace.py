"""How long the reader is on the pages of a stage: kept on their own device, told the server once, without a name."""

from flask import session as cookie

from consult.clock import utc_now
from consult.models import Stage
from consult.services.rounds import pace
from consult.web.access import ExpertContext

KEY = "pace"
MOST_A_PAGE = 300
"""Seconds of one page that count; who stays longer is elsewhere."""


def shown(ctx: ExpertContext, stage: Stage) -> None:
    """A page of a stage is being shown."""
    cookie[KEY] = {**_kept(), _name(ctx, stage): [_now(), _so_far(ctx, stage)]}


def passed(ctx: ExpertContext, stage: Stage) -> None:
    """A page was pressed on from."""
    kept = _kept().get(_name(ctx, stage))
    if kept is not None:
        spent = min(max(0, _now() - kept[0]), MOST_A_PAGE)
        cookie[KEY] = {**_kept(), _name(ctx, stage): [_now(), kept[1] + spent]}


def submitted(ctx: ExpertContext, stage: Stage) -> None:
    """Count the minutes, once; what the device kept of this stage goes."""
    if _so_far(ctx, stage):
        pace.count(ctx.session, stage, _so_far(ctx, stage))
    cookie[KEY] = {name: kept for name, kept in _kept().items() if name != _name(ctx, stage)}


def forget() -> None:
    """Another person begins on this device."""
    cookie.pop(KEY, None)


def _now() -> int:
    return int(utc_now().timestamp())


def _kept() -> dict[str, list[int]]:
    found: dict[str, list[int]] = cookie.get(KEY, {})
    return found


def _name(ctx: ExpertContext, stage: Stage) -> str:
    return f"{ctx.slug}/{stage.key}"


def _so_far(ctx: ExpertContext, stage: Stage) -> int:
    return _kept().get(_name(ctx, stage), [0, 0])[1]
