"""The frozen stages of a consultation as pages of results read them."""

from dataclasses import dataclass

from analysis.model.stage import ReleasedStage
from consult.errors import NotPossible
from consult.models import Stage
from consult.services.rounds import stages
from consult.services.rounds.results import released_numbers
from consult.services.running import finishing
from consult.web.access import RequestContext
from consult.web.staff.pages import plain


@dataclass(frozen=True, slots=True)
class FrozenStage:
    """A frozen stage and what was released of its numbers."""

    stage: Stage
    numbers: ReleasedStage


def frozen_stages(ctx: RequestContext) -> list[FrozenStage]:
    """Frozen stages in order."""
    return [
        FrozenStage(stage, numbers)
        for stage in stages.stages_of(ctx.session, ctx.consultation.id)
        if (numbers := released_numbers(ctx.session, stage)) is not None
    ]


def stage_title(ctx: RequestContext, stage: Stage) -> str:
    """The title of a stage for this reader."""
    return plain(ctx, ctx.definition.stage(stage.key).title)


def published(ctx: RequestContext) -> list[FrozenStage] | None:
    """Frozen stages with what was released of them; None before all rounds are over."""
    try:
        finishing.last_round(ctx.session, ctx.consultation)
    except NotPossible:
        return None
    return frozen_stages(ctx)
