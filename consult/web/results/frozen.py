"""The frozen stages of a consultation as pages of results read them."""

from dataclasses import dataclass

from analysis.model.stage import ReleasedStage
from consult.errors import NotPossible
from consult.models import Stage
from consult.services.rounds import stages
from consult.services.rounds.results import released_numbers
from consult.services.running import finishing
from consult.web.access import Place
from consult.web.staff.pages import plain


@dataclass(frozen=True, slots=True)
class FrozenStage:
    """A frozen stage and what was released of its numbers."""

    stage: Stage
    numbers: ReleasedStage


def frozen_stages(place: Place) -> list[FrozenStage]:
    """Frozen stages in order."""
    return [
        FrozenStage(stage, numbers)
        for stage in stages.stages_of(place.session, place.consultation.id)
        if (numbers := released_numbers(place.session, stage)) is not None
    ]


def stage_title(place: Place, stage: Stage) -> str:
    """The title of a stage for this reader."""
    return plain(place, place.definition.stage(stage.key).title)


def published(place: Place) -> list[FrozenStage] | None:
    """Frozen stages with what was released of them; None before all rounds are over."""
    try:
        finishing.last_round(place.session, place.consultation)
    except NotPossible:
        return None
    return frozen_stages(place)
