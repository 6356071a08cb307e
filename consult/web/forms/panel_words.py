"""What the panel rated, in words: people at points there are, where a quartile may lie between two."""

from collections.abc import Sequence

from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from consult.definition.scale import Scale
from consult.services.answering.feedback_types import CriterionFeedback
from consult.words.numbers import decimal
from consult.words.wording import middle_points

CAMP = 4
"""The panel is told apart into two camps where each end of the scale holds a quarter or more."""


def number(value: float) -> str:
    """A median or quartile without a needless `.0`, with the reader's decimal mark."""
    return decimal(value, str(get_locale()))


def panel_words(one: CriterionFeedback, scale: Scale) -> str:
    """`12 of 14 rated 7 or 8, nobody below 7; median 8.`"""
    if one.median is None or one.n is None:
        return _("Too few answered to show what the panel said.")
    found = middle_points(one.counts, scale.min, one.q1, one.q3)
    if one.counts is None or found is None:
        words = ngettext(
            "The median of %(num)s answer was %(median)s",
            "The median of %(num)s answers was %(median)s",
            one.n,
            median=number(one.median),
        )
        return f"{words}."
    parts = _camps(one.n, one.counts, scale) or _middle(one.n, one.counts, scale, *found)
    middle = _("median %(median)s", median=number(one.median))
    return f"{', '.join(parts)}; {middle}."


def _camps(n: int, counts: Sequence[int], scale: Scale) -> list[str]:
    """Two ends of the scale, where each holds many; nothing where one does not."""
    if len(scale.bands) < 3:
        return []
    low, high = scale.bands[0], scale.bands[-1]
    below, above = (sum(counts[band.start - scale.min : band.end - scale.min + 1]) for band in (low, high))
    if CAMP * min(below, above) < n:
        return []
    ends = [(above, high), (below, low)]
    parts = [around(n, count, band.start, band.end) for count, band in sorted(ends, key=lambda end: -end[0])]
    return [*parts, _("nobody between")] if below + above == n else parts


def _middle(n: int, counts: Sequence[int], scale: Scale, count: int, low: int, high: int) -> list[str]:
    parts = [around(n, count, low, high)]
    if count < n and low > scale.min and not any(counts[: low - scale.min]):
        parts.append(_("nobody below %(point)s", point=low))
    elif count < n and high < scale.max and not any(counts[high - scale.min + 1 :]):
        parts.append(_("nobody above %(point)s", point=high))
    return parts


def around(n: int, count: int, low: int, high: int) -> str:
    """`12 of 14 rated 7 or 8`."""
    facts = {"count": count, "n": n, "low": low, "high": high}
    if low == high:
        # Translators: of experts; the first number may be 1, the second is larger.
        return _("%(count)s of %(n)s rated %(low)s", **facts)
    if high == low + 1:
        return _("%(count)s of %(n)s rated %(low)s or %(high)s", **facts)
    return _("%(count)s of %(n)s rated from %(low)s to %(high)s", **facts)
