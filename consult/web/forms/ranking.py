"""Rankings: options put into places, those first that the reader rated highest before."""

from consult.definition.answers import answer_type
from consult.definition.asked import AskedQuestion, Choosable, first
from consult.definition.question import Rank
from consult.web.forms.option_views import OwnWords
from consult.web.forms.ranking_views import RankControl, RankOption, RankPlace
from consult.web.forms.rendering import RenderContext
from consult.web.forms.words import place_text

MOST_PLACES_BESIDE = 5
"""Places of a ranking that stand beside an option on a phone."""
FEW_MORE = 3
"""So many options beyond the places are not worth folding."""


def rank_control(asked: AskedQuestion, rendering: RenderContext) -> RankControl:
    """The control of a ranking; first come those that the reader rated highest before."""
    question = asked.question
    assert isinstance(question, Rank)
    count = len([name for name in answer_type(asked).names(asked) if not name.endswith(".own")])
    own = OwnWords(f"item-{asked.key}.own", first(rendering.inputs, f"{asked.key}.own"))
    names = {place: f"{asked.key}.{place}" for place in range(1, count + 1)}
    ahead = _rated_highest(asked, count)
    return RankControl(
        options=[_rank_option(asked, item, rendering) for item in asked.options[:ahead]],
        others=[_rank_option(asked, item, rendering) for item in asked.options[ahead:]],
        places=[
            RankPlace(f"item-{name}", place_text(place), str(place), first(rendering.inputs, name))
            for place, name in names.items()
        ],
        own=own if question.own else None,
        in_columns=count <= MOST_PLACES_BESIDE,
    )


def _rank_option(asked: AskedQuestion, option: Choosable, rendering: RenderContext) -> RankOption:
    point = asked.rated.get(option.key)
    words = asked.rated_on.labels.get(point) if asked.rated_on and point is not None else None
    return RankOption(option.key, rendering.text(option.label), rendering.text(words))


def _rated_highest(asked: AskedQuestion, places: int) -> int:
    """How many options come first: those of the highest ratings, more than there are places; all if not rated."""
    points = [asked.rated.get(option.key) for option in asked.options]
    least = points[places] if len(points) > places + FEW_MORE else None
    return len(points) if least is None else sum(point is not None and point >= least for point in points)
