"""A ranking as its template draws it."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.definition.text import Shown
from consult.web.forms.option_views import OwnWords


@dataclass(frozen=True, slots=True)
class RankPlace:
    """One place of a ranking, and the value chosen for it."""

    name: str
    label: str
    short: str
    value: str


@dataclass(frozen=True, slots=True)
class RankOption:
    """One of those that are ranked, and how the reader rated it before."""

    value: str
    label: Shown | None
    rated: Shown | None


@dataclass(frozen=True, slots=True)
class RankControl:
    """Options and places; `others` are those rated lower before, which need not be looked at.

    `in_columns`: the places are so few that they stand beside each option on a phone.
    """

    options: Sequence[RankOption]
    others: Sequence[RankOption]
    places: Sequence[RankPlace]
    own: OwnWords | None
    in_columns: bool

    @property
    def is_among_others(self) -> bool:
        """Whether one of the places went to one of those rated lower."""
        return bool({option.value for option in self.others} & {place.value for place in self.places})

    @property
    def all_options(self) -> Sequence[RankOption]:
        """Whatever can be ranked."""
        return [*self.options, *self.others]
