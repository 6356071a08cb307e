"""Why a figure is missing: withheld by a rule, or there because nobody answered."""

from analysis.model.figures import Block, Tally
from analysis.model.stage import VariableResult
from consult.words.phrases import N_, Translate, said

SUPPRESSED = {
    "distribution_below_floor": N_("Not shown: too few answered for a distribution."),
    "median_below_floor": N_("Not shown: too few answered for a median."),
    "pairs_below_floor": N_("Not shown: too few answered both times."),
    "subgroup_below_floor": N_("Not shown: one of the groups is too small."),
    "complement": N_("Not shown: it would give away a figure that is not shown."),
    "differencing": N_("Not shown: set against another figure it would point at a few people."),
}


def missing_sentence(block: Block | None, translate: Translate) -> str:
    """Why figures are not shown, told apart from nobody having answered; empty where they are."""
    if block is None or not block.suppressed:
        return ""
    code = block.suppressed
    if getattr(block, "n", None) == 0:
        nobody = N_("Nobody answered this, or nobody was asked.")
        no_value = N_("Nobody gave a value: all who answered had no opinion.")
        return translate.gettext(no_value if isinstance(block, Tally) and block.answered else nobody)
    is_nominal = isinstance(block, VariableResult) and block.labels is not None
    if code == "median_below_floor" and is_nominal:
        code = "distribution_below_floor"
    return suppressed_sentence(code, translate)


def suppressed_sentence(code: str, translate: Translate) -> str:
    """Why a figure is not shown."""
    return said(SUPPRESSED, code, translate)
