"""Whether going on by itself cost reasons, in words: two counts side by side, and no cause."""

from analysis.model.stage import ReasonsGiven, ReasonsOf
from consult.words.numbers import decimal
from consult.words.phrases import Translate, language_of


def reasons_sentence(given: ReasonsGiven | None, translate: Translate) -> str:
    """Reasons per person with going on by itself and without; nothing where it was not compared."""
    if given is None:
        return ""
    return translate.gettext(
        "Of those whose pages went on by themselves after the last rating, %(one)d people wrote %(few)s reasons each; "
        "the %(other)d others wrote %(many)s each. Who chose it differed from the start, so this is no effect."
    ) % {
        "one": given.by_itself.people,
        "few": _each(given.by_itself, translate),
        "other": given.others.people,
        "many": _each(given.others, translate),
    }


def _each(one: ReasonsOf, translate: Translate) -> str:
    return decimal(one.written / one.people, language_of(translate), 1)
