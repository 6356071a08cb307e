"""What a question asked twice sets side by side, in words; never an effect of what lay between."""

from analysis.model.stage import PairResult
from consult.words.phrases import N_, Translate

RECALLED = N_("recalled and expected, in one questionnaire")
RECALLED_BRIEFLY = N_("recalled and expected")
ASKED_TWICE = N_("asked in two questionnaires")


def compared_words(pair: PairResult, is_in_one: bool, translate: Translate, *, is_brief: bool = False) -> str:
    """What the pair compares: its own label, or when the two questions were asked.

    `is_in_one`: one questionnaire asked both, on the same rows: the first looks back, the second
    ahead. `is_brief`: without naming the questionnaire, where the page shows it.
    """
    if pair.label:
        return pair.label
    if is_in_one:
        return translate.gettext(RECALLED_BRIEFLY if is_brief else RECALLED)
    return translate.gettext(ASKED_TWICE)
