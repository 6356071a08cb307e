"""What columns of several files hold, said once, and why a value may be missing."""

from collections.abc import Mapping

from analysis.protocol.states import NoAnswer
from consult.services.files.table_column import Field
from consult.services.frozen.k_anonymity import SUPPRESSED

NO_ANSWER_LABELS: Mapping[NoAnswer, str] = {
    NoAnswer.DONT_KNOW: "do not know",
    NoAnswer.NOT_MY_FIELD: "not my field",
    NoAnswer.NOT_IN_MY_COUNTRY: "not in my country",
    NoAnswer.ABSTAINED: "abstained",
    NoAnswer.SKIPPED: "skipped, the question did not apply",
    NoAnswer.BLANK: "left blank",
    NoAnswer.NOT_REACHED: "not reached",
}
STATE_LABELS: Mapping[str, str] = {
    **{state.value: NO_ANSWER_LABELS[state] for state in NoAnswer},
    SUPPRESSED: "suppressed, too few share the answer",
}
"""Why there is no answer: the kinds of missing, in the order of their codes."""

STAGE = Field("stage", "string", "key of the stage")
ROUND = Field("round", "integer", "number of the rating round")
PSEUDONYM = Field("pseudonym", "string", "random name of an expert, the same in all row files")
REPORTING_GROUP = Field("reporting_group", "string", f"reporting group, or `{SUPPRESSED}` where too few share it")
MEASURE = Field("measure", "string", "key of the measure")
MEASURE_TITLE = Field("title", "string", "title of the measure", is_wide=True)
WORDING = Field("wording", "integer", "number of the measure's wording that was rated")
CRITERION = Field("criterion", "string", "key of the criterion")
VARIABLE = Field("variable", "string", "key of the variable, see the codebook")
QUESTION = Field("question", "string", "the question", is_wide=True)
QUESTION_TEXT = Field("question_text", "string", "text of the question", is_wide=True)
ITEM = Field("item", "string", "the row, option or measure asked about", is_wide=True)
SCALE = Field("scale", "string", "key of the scale")
KIND = Field("kind", "string", "kind")
TEXT = Field("text", "string", "text", is_wide=True)
N = Field("n", "integer", "how many chose a point")
WHY_SUPPRESSED = Field("suppressed", "string", "why figures are left out")
STATE = Field("state", "string", "why there is no value", labels=STATE_LABELS, is_closed=True)
