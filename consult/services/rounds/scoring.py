"""Rows without names, for how sure the first measures are: who rated what high, who picked what."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from analysis.result.first_places import LARGEST_PANEL, FirstInput, Scores
from analysis.result.stage_input import MeasureInput
from consult.definition.rules import build_scale
from consult.models import Stage
from consult.services import submissions
from consult.services.definitions import definition_of


def first_input(
    session: Session,
    stage: Stage,
    rated: tuple[MeasureInput, ...],
    picked: Mapping[str, str] | None,
    submitted: int,
    at: datetime | None = None,
) -> FirstInput | None:
    """The rows of a round, in the order of no one; None where a panel is too large for draws.

    ``picked``: by measure, the variable that says who picked it.
    """
    if not rated or submitted > LARGEST_PANEL:
        return None
    definition = definition_of(session, stage.consultation_id)
    assert definition.measures is not None
    deciding = definition.measures.deciding
    scale = build_scale(deciding.scale, definition.scales[deciding.scale])
    high = {measure.key: f"{measure.key}.{deciding.key}" for measure in rated}
    values = submissions.by_expert(session, stage, {*high.values(), *(picked or {}).values()}, at)
    top = scale.bands[-1].lo
    return FirstInput(_scores(values.values(), high, top), _scores(values.values(), picked, 1) if picked else None)


def _scores(rows: Iterable[Mapping[str, tuple[int | None, str | None]]], keys: Mapping[str, str], top: int) -> Scores:
    """1 where a value reaches ``top``, 0 below, NaN without one; those with no value left out."""
    values = [
        [np.nan if (value := row.get(key, (None, None))[0]) is None else float(value >= top) for key in keys.values()]
        for row in rows
    ]
    table = np.asarray(values, dtype=np.float64).reshape(len(values), len(keys))
    return Scores(tuple(keys), table[~np.isnan(table).all(axis=1)])
