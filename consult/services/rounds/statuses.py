"""What every measure came to: as it was released at the finish, before that as it stands now."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from analysis.model.stage import MeasureResult
from analysis.verdict.leaning import measure_class
from consult import statuses
from consult.definition.consultation import Definition
from consult.fates import GONE
from consult.models import Consultation, Stage
from consult.services.definitions import definition_of
from consult.services.measures import measures
from consult.services.measures.finished import final_content
from consult.services.rounds.frozen_stages import Frozen, frozen_stages
from consult.statuses import Ending, Status, Statuses


def statuses_of(
    session: Session, consultation: Consultation, frozen: Sequence[Frozen] | None = None
) -> Statuses | None:
    """The status of every measure; None before a round is frozen.

    `frozen`: all frozen stages, where they were read before.
    """
    content = final_content(session, consultation.id)
    return provisional(session, consultation, frozen) if content is None else statuses.read(content)


def provisional(
    session: Session, consultation: Consultation, frozen: Sequence[Frozen] | None = None
) -> Statuses | None:
    """The same from the rounds frozen so far and what was decided since; None before the first."""
    read = frozen_stages(session, consultation) if frozen is None else frozen
    rounds = [item for item in read if item.stage.kind == "round"]
    if not rounds:
        return None
    definition = definition_of(session, consultation.id)
    fates = measures.newest_fates(session, consultation.id)
    known = measures.newest_wordings(session, consultation.id)
    keys = {wording.measure.id: wording.key for wording in known}
    rated = _rated_last(session, rounds)
    found = {}
    for wording in known:
        stage, number, result = rated.get(wording.key, (None, None, None))
        fate = fates.get(wording.measure.id)
        found[wording.key] = Status(
            fate.fate if fate is not None and fate.fate in GONE else _class(definition, result),
            stage.key if stage is not None else None,
            number,
            keys[fate.into_measure_id] if fate is not None and fate.into_measure_id is not None else None,
        )
    return Statuses(max(item.stage.round_number or 0 for item in rounds), found)


def _rated_last(session: Session, rounds: list[Frozen]) -> Mapping[str, tuple[Stage, int, MeasureResult]]:
    """Of each measure the last frozen round that rated it, in which wording, and the figures."""
    return {
        wording.key: (item.stage, wording.version.number, item.numbers.measures[wording.key])
        for item in rounds
        for wording in measures.wordings_in_stage(session, item.stage)
        if wording.key in item.numbers.measures
    }


def _class(definition: Definition, result: MeasureResult | None) -> str:
    content = definition.measures
    if result is None or content is None:
        return Ending.UNRATED
    sorting = content.sorting.key if content.sorting else None
    return measure_class(result.criteria, content.deciding.key, sorting, definition.rules.dissent)
