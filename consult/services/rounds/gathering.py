"""All tables of a closed stage, gathered from the database for the analysis."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from analysis.protocol.protocol import Protocol
from analysis.protocol.states import SavedAnswers, Verdict
from analysis.result.stage_input import MeasureInput, SetAside, StageInput, VariableTable
from consult.definition.consultation import Definition
from consult.definition.rules import build_scale
from consult.definition.variables import questionnaire_variables
from consult.models import Consultation, Stage, VariableRow
from consult.services import submissions
from consult.services.definitions import definition_of
from consult.services.measures import measures
from consult.services.panel import participation
from consult.services.rounds import pairing, results, scoring
from consult.services.rounds.by_itself import reasons_given
from consult.services.rounds.carried import carried, picked, standing_for
from consult.services.rounds.listed import kept_in_list
from consult.services.rounds.saved import counted_at_close, saved_only
from consult.services.rounds.why import why_given
from consult.services.submissions import Cells


def stage_input(
    session: Session, consultation: Consultation, stage: Stage, protocol: Protocol, at: datetime | None = None
) -> StageInput:
    """All tables of a stage, from the database.

    `at`: as they were when the stage was frozen, whoever left since.
    """
    definition = definition_of(session, consultation.id)
    groups = definition.panel.reporting_groups
    group_keys = [group.key for group in groups.groups] if groups else []
    counts = submissions.count_values(session, stage, group_keys, at)
    asked = _asked_variables(session, consultation, stage, definition)
    taken = participation.by_stage(session, consultation)[stage.key]
    rated: tuple[MeasureInput, ...] = ()
    if stage.kind == "round":
        rated = _measure_inputs(session, stage, definition, counts, at)
    chosen = picked(definition, stage, counts)
    picks = None
    if chosen is not None:
        picks = tuple((key, counts[None, name].get((1, None), 0)) for key, name in chosen.items())
    return StageInput(
        stage=stage.key,
        kind=stage.kind,
        round_number=stage.round_number,
        participation=taken.steps() | _only_saved(session, stage, protocol, at),
        variables=tuple(_table(row, definition, counts, None) for row in asked),
        measures=rated,
        pairs=pairing.before_after(session, stage, at),
        by_group={
            group: (
                *(_table(row, definition, counts, group) for row in asked),
                *_ratings_of_group(rated, definition, counts, group),
            )
            for group in group_keys
        },
        picks=picks,
        last_value_carried=carried(rated),
        standing=standing_for(session, stage, definition, picks, {item.key for item in rated}),
        why=why_given(session, stage, at) if stage.kind == "round" else None,
        reasons_given=reasons_given(session, stage, at) if stage.kind == "round" else None,
        first=scoring.first_input(session, stage, rated, chosen, taken.submitted or 0, at),
    )


def _only_saved(session: Session, stage: Stage, protocol: Protocol, at: datetime | None) -> dict[str, int]:
    """How many of those who submitted pressed Submit nowhere, where the protocol lets them count."""
    if stage.kind != "round" or protocol.saved_answers != SavedAnswers.COUNTED_AT_CLOSE:
        return {}
    return {"counted_at_close": len(saved_only(session, stage, at))}


def _asked_variables(
    session: Session, consultation: Consultation, stage: Stage, definition: Definition
) -> list[VariableRow]:
    """The countable variables of a stage's questionnaire that may be shown at all."""
    questionnaire = definition.questionnaire_of(stage.key)
    if questionnaire is None:
        return []
    titles = [(item.key, item.title) for item in measures.newest_wordings(session, consultation.id)]
    keys = [
        variable.key
        for variable in questionnaire_variables(questionnaire, definition, titles)
        if variable.recipient == "analysis" and variable.level != "text" and variable.disclosure != "never"
    ]
    rows = {
        row.key: row
        for row in session.scalars(
            select(VariableRow).where(VariableRow.consultation_id == consultation.id, VariableRow.key.in_(keys))
        )
    }
    return [rows[key] for key in keys if key in rows]


def _table(
    row: VariableRow, definition: Definition, counts: Mapping[tuple[str | None, str], Cells], group: str | None
) -> VariableTable:
    cells = counts.get((group, row.key), {})
    if row.scale is not None:
        scale = build_scale(row.scale, definition.scales[row.scale])
        return VariableTable(row.key, scale, (), submissions.histogram(cells, scale.lo, scale.k))
    if row.level == "number":
        return _number_table(row, cells, counts.get((None, row.key), {}))
    labels = tuple(row.labels) or ("0", "1")
    lo = 1 if row.level == "rank" else 0
    return VariableTable(row.key, None, labels, submissions.histogram(cells, lo, len(labels)))


def _number_table(row: VariableRow, cells: Cells, whole: Cells) -> VariableTable:
    """Numbers have no scale: their labels are the values that occurred in the whole panel."""
    values = sorted({value for value, _ in whole if value is not None}) or [0]
    moved = {
        (values.index(value) if value is not None else None, state): count for (value, state), count in cells.items()
    }
    labels = tuple(str(value) for value in values)
    return VariableTable(row.key, None, labels, submissions.histogram(moved, 0, len(values)))


def _measure_inputs(
    session: Session,
    stage: Stage,
    definition: Definition,
    counts: Mapping[tuple[str | None, str], Cells],
    at: datetime | None,
) -> tuple[MeasureInput, ...]:
    assert definition.measures is not None
    scales = {
        criterion.key: build_scale(criterion.scale, definition.scales[criterion.scale])
        for criterion in definition.measures.criteria
    }
    before = results.previous_round(session, stage)
    compared = _pairable(session, stage, before)
    keys = [(f"{key}.{name}", f"{key}.{name}", scale) for key in sorted(compared) for name, scale in scales.items()]
    pairs = submissions.pair_tables(session, before, stage, keys, at) if before else {}
    verdicts = _verdicts(session, before)
    in_list = kept_in_list(session, before, stage, keys, at) if before else {}
    asked = measures.wordings_in_stage(session, stage)
    rated = [(f"{wording.key}.{name}", scale) for wording in asked for name, scale in scales.items()]
    saved = counted_at_close(session, before, stage, rated, compared, at)
    return tuple(
        MeasureInput(
            key=wording.key,
            criteria={
                name: submissions.histogram(counts.get((None, f"{wording.key}.{name}"), {}), scale.lo, scale.k)
                for name, scale in scales.items()
            },
            previous={name: pairs[f"{wording.key}.{name}"] for name in scales} if wording.key in compared else None,
            previous_verdicts=verdicts.get(wording.key) if wording.key in compared else None,
            rounds_rated=compared.get(wording.key, 0) + 1,
            kept_in_list=_of_criteria(in_list, wording.key, scales),
            counted_at_close=_of_criteria(saved, wording.key, scales),
        )
        for wording in asked
    )


def _of_criteria(found: Mapping[str, SetAside], measure: str, criteria: Iterable[str]) -> dict[str, SetAside] | None:
    """Of one measure, by criterion; None where nothing is set aside."""
    return {name: one for name in criteria if (one := found.get(f"{measure}.{name}"))} or None


def _pairable(session: Session, stage: Stage, before: Stage | None) -> dict[str, int]:
    """Measures whose ratings compare with the round before, and how often they were rated."""
    if before is None:
        return {}
    earlier = {item.key: item for item in measures.wordings_in_stage(session, before)}
    rated_before = _pairable(session, before, results.previous_round(session, before))
    return {
        wording.key: rated_before.get(wording.key, 0) + 1
        for wording in measures.wordings_in_stage(session, stage)
        if wording.key in earlier and pairing.is_pairable(session, earlier[wording.key], wording)
    }


def _verdicts(session: Session, before: Stage | None) -> dict[str, dict[str, Verdict]]:
    result = results.newest_result(session, before) if before else None
    if result is None:
        return {}
    return {
        key: {name: one.verdict.verdict for name, one in measure.criteria.items()}
        for key, measure in results.content_of(result).measures.items()
    }


def _ratings_of_group(
    rated: tuple[MeasureInput, ...], definition: Definition, counts: Mapping[tuple[str | None, str], Cells], group: str
) -> Iterator[VariableTable]:
    criteria = definition.measures.criteria if definition.measures else ()
    for measure in rated:
        for criterion in criteria:
            scale = build_scale(criterion.scale, definition.scales[criterion.scale])
            key = f"{measure.key}.{criterion.key}"
            table = submissions.histogram(counts.get((group, key), {}), scale.lo, scale.k)
            yield VariableTable(key, scale, (), table)
