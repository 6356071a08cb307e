"""The short list: measures on which an expert is near the panel, one line each, to keep or to open.

A form of feedback (`feedback.form: short_list`). In full come measures that are new, reworded or not to
be compared with before; those without a verdict or within two ratings of another one; and those where
the own rating is missing or lies in another band than the panel's. Nothing is kept all at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.model.stage import MeasureResult
from analysis.protocol.states import Verdict
from consult.definition.asked import first
from consult.released_texts import NOTHING, MeasureTexts
from consult.services.answering import saving, submitting
from consult.services.answering.feedback import declared_form, feedback_for
from consult.services.answering.responding import Respondent, Step
from consult.services.answering.whole_list import ListedMeasure, whole_list
from consult.services.measures.measures import Wording
from consult.services.rounds import pairing, results
from consult.services.rounds.listed import SHORT_LIST

NEAR_A_THRESHOLD = 2
"""A verdict that so many ratings could turn is worth a look of everybody."""


@dataclass(frozen=True, slots=True)
class ShortEntry:
    """A measure of the list; `reasons` counts those of each side, by criterion.

    `is_kept`: every criterion stands as it was rated in the round before.
    """

    measure: ListedMeasure
    reasons: Mapping[str, tuple[int, int]]
    is_kept: bool


def is_declared(respondent: Respondent) -> bool:
    """Whether this expert is fed back by a short list in this round."""
    return declared_form(respondent) == SHORT_LIST


def short_list(session: Session, respondent: Respondent) -> list[ShortEntry]:
    """The measures of the list, in this expert's own order; none where the protocol has no such form."""
    if not is_declared(respondent) or (before := respondent.before(session)) is None:
        return []
    numbers = results.released_numbers(session, before.stage)
    said = results.released_reasons(session, before.stage)
    full = _in_full(session, respondent, before.wordings)
    return [
        ShortEntry(row, _reasons(row, said.get(row.step.key, NOTHING)), _is_kept(respondent, row))
        for row in whole_list(session, respondent)
        if numbers is not None
        and (result := numbers.measures.get(row.step.key)) is not None
        and row.step.key not in full
        and _is_near(respondent, row, result)
    ]


def _in_full(session: Session, respondent: Respondent, former: Mapping[str, Wording]) -> set[str]:
    """The measures whose wording is not that of the round before."""
    return {
        one.key
        for one in respondent.wordings
        if (then := former.get(one.key)) is None
        or then.version.id != one.version.id
        or not pairing.is_pairable(session, then, one)
    }


def _is_near(respondent: Respondent, row: ListedMeasure, result: MeasureResult) -> bool:
    """Whether the verdict is clear and the expert's ratings lie where the panel's do."""
    content = respondent.definition.measures
    assert content is not None and row.criteria, f"{row.step.key} is rated on nothing"
    deciding = result.criteria.get(content.deciding.key)
    if deciding is None or deciding.verdict.verdict not in (Verdict.IN, Verdict.OUT):
        return False
    margin = deciding.verdict.margin
    is_clear = margin is not None and margin > NEAR_A_THRESHOLD
    return is_clear and all(
        one.former.lstrip("-").isdigit() and one.median is not None and not one.former_differs
        for one in row.criteria.values()
    )


def _reasons(row: ListedMeasure, said: MeasureTexts) -> dict[str, tuple[int, int]]:
    return {key: (len(said.of(key).high), len(said.of(key).low)) for key in row.criteria}


def _is_kept(respondent: Respondent, row: ListedMeasure) -> bool:
    typed = respondent.typed
    return all(first(typed, f"{row.step.key}.{key}") == one.former for key, one in row.criteria.items())


def keep(session: Session, respondent: Respondent, entry: ShortEntry) -> None:
    """Keep the former ratings of a measure of the list; the ledger holds that it was seen in the list.

    What was answered on the page of the measure meanwhile stays as it is.
    """
    step, typed = entry.measure.step, respondent.typed
    names = {f"{step.key}.{key}": one.former for key, one in entry.measure.criteria.items()}
    inputs = {name: [former] for name, former in names.items() if not first(typed, name)}
    _write(session, respondent, step, inputs)
    assert step.wording is not None
    known = feedback_for(session, respondent, step.wording)
    if known is not None:
        submitting.note_shown(session, respondent, step, known.result, SHORT_LIST)


def undo(session: Session, respondent: Respondent, entry: ShortEntry) -> None:
    """Take a keep back: the measure is open again. Another rating than the former one stays."""
    step = entry.measure.step
    if not entry.is_kept:
        return
    _write(session, respondent, step, {f"{step.key}.{key}": [] for key in entry.measure.criteria})


def _write(session: Session, respondent: Respondent, step: Step, inputs: Mapping[str, list[str]]) -> None:
    """Only what is typed nowhere else is overwritten: other inputs of the page stay as they are."""
    asked = tuple(item for item in step.asked if item.key in inputs)
    saving.save(session, respondent, asked, inputs, saving.marks(respondent, inputs), is_sent=True)
