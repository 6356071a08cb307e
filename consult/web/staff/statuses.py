"""What the measures came to, in this reader's words."""

from consult.services.rounds.frozen_stages import frozen_stages
from consult.services.rounds.statuses import statuses_of
from consult.statuses import Status
from consult.web.access import Place
from consult.web.staff.pages import plain, translate
from consult.words.readings import Classes, standing_sentence


def classes(place: Place) -> Classes:
    """The classes of measures and their words, for this reader."""
    assert place.definition.measures is not None
    return Classes(
        place.definition.measures, place.definition.rules.dissent, translate(place), lambda words: plain(place, words)
    )


def came_to(place: Place) -> dict[str, tuple[Status, str]]:
    """The status of every measure and its words, by key; empty before a round is frozen."""
    known = statuses_of(place.session, place.consultation)
    if known is None:
        return {}
    read = frozen_stages(place.session, place.consultation)
    words = classes(place).statuses(known, {item.stage.key: item.numbers.measures for item in read})
    return {key: (status, words[key]) for key, status in known.measures.items()}


def status_note(place: Place) -> str:
    """Whether what is said of the measures is final; empty before a round is frozen."""
    known = statuses_of(place.session, place.consultation)
    return "" if known is None else standing_sentence(known, translate(place))
