"""What a round takes over from earlier ones: ratings of who stopped, verdicts that stand."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from analysis.result.stage_input import MeasureInput
from analysis.tables.histograms import Histogram
from consult.definition.consultation import Definition
from consult.definition.question import Multi
from consult.models import Stage
from consult.services.rounds import results
from consult.services.submissions import Cells


def carried(rated: tuple[MeasureInput, ...]) -> dict[tuple[str, str], Histogram]:
    """This round's ratings with the former ones of those who did not come back."""
    found = {}
    for measure in rated:
        for name, pair in (measure.previous or {}).items():
            now = measure.criteria[name]
            found[measure.key, name] = Histogram(now.counts + pair.dropouts, now.no_answer)
    return found


def picked(
    definition: Definition, stage: Stage, counts: Mapping[tuple[str | None, str], Cells]
) -> dict[str, str] | None:
    """The variable that says who picked each measure, in the round that asks for priorities."""
    rule = definition.protocol.priorities
    questionnaire = definition.questionnaire_of(stage.key)
    if rule is None or questionnaire is None or stage.round_number != rule.round:
        return None
    for question in questionnaire.questions():
        if isinstance(question, Multi) and question.options.measures is not None:
            prefix = f"{question.key}."
            return {
                key.removeprefix(prefix): key
                for (group, key), cells in sorted(counts.items(), key=lambda item: item[0][1])
                if group is None and key.startswith(prefix) and any(value is not None for value, _ in cells)
            }
    return None


def standing_for(
    session: Session, stage: Stage, definition: Definition, picks: tuple[tuple[str, int], ...] | None, rated: set[str]
) -> dict[str, Histogram]:
    """The last ratings of picked measures that were settled before this round."""
    if picks is None or definition.measures is None:
        return {}
    deciding = definition.measures.deciding.key
    wanted = {key for key, _ in picks} - rated
    found: dict[str, Histogram] = {}
    before = results.previous_round(session, stage)
    while before is not None and wanted - set(found):
        content = results.frozen_content(session, before)
        for key in wanted - set(found):
            if key in content.measures:
                one = content.measures[key].criteria[deciding]
                if one.counts is not None and one.no_answer is not None:
                    found[key] = Histogram.of(one.counts, {state.value: n for state, n in one.no_answer.items()})
        before = results.previous_round(session, before)
    return found
