"""Why the row files hold nothing of a stage, in words."""

from consult.words.phrases import N_, Translate, said

WITHHELD = {
    "few_alike": N_(
        "No rows are given of this stage: set beside the rows of other stages, they "
        "would tell apart people who answered the same stages until fewer than three "
        "are alike."
    ),
    "differencing": N_(
        "No rows are given of this stage: taken off the released tables, they would tell the answers of a few people."
    ),
    "objected": N_("No rows are given of this stage: somebody who was counted in it objects to files of rows."),
    "left_before": N_(
        "No rows or texts are given of this stage: somebody left after it was frozen "
        "by an older version, which did not write down who was counted."
    ),
    "erased": N_(
        "No rows or texts are given of this stage any more: somebody who was counted in "
        "it was erased, and would be the difference."
    ),
}
"""By the code of the standing."""


def withheld_sentence(code: str, translate: Translate) -> str:
    """Why there are no rows of a stage."""
    return said(WITHHELD, code, translate)
