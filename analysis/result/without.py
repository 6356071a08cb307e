"""What is found without some of those who rated: kept from a list, or only saved. In words alone."""

from analysis.model.criterion import CountedAtClose, KeptInList
from analysis.protocol.protocol import Scale
from analysis.protocol.states import Verdict, Without
from analysis.result.judging import Round, stability_result, verdict_of
from analysis.result.stage_input import MeasureInput, SetAside
from analysis.tables.pairs import PairTable


def without_list(here: Round, scale: Scale, measure: MeasureInput, key: str, stands: Verdict) -> KeptInList | None:
    """What is found without ratings kept from a list; None where nobody kept one so."""
    listed, pairs = (measure.kept_in_list or {}).get(key), (measure.previous or {}).get(key)
    if listed is None or not listed.ratings or listed.pairs is None or pairs is None:
        return None
    return KeptInList(
        kept=listed.ratings,
        verdict=_verdict_without(here, scale, listed, stands),
        stability=_stability_without(here, scale, measure, pairs, listed.pairs),
    )


def without_saved(here: Round, scale: Scale, measure: MeasureInput, key: str, stands: Verdict) -> CountedAtClose | None:
    """What is found without ratings that were only saved; None where there are none."""
    saved, pairs = (measure.counted_at_close or {}).get(key), (measure.previous or {}).get(key)
    if saved is None or not saved.ratings:
        return None
    is_compared = pairs is not None and saved.pairs is not None
    return CountedAtClose(
        counted=saved.ratings,
        verdict=_verdict_without(here, scale, saved, stands),
        stability=_stability_without(here, scale, measure, pairs, saved.pairs) if is_compared else None,
    )


def _verdict_without(here: Round, scale: Scale, aside: SetAside, stands: Verdict) -> Without:
    fewer = Round(here.protocol, here.number, here.respondents - aside.people)
    return Without.UNCHANGED if verdict_of(fewer, scale, aside.others).verdict == stands else Without.CHANGES


def _stability_without(
    here: Round, scale: Scale, measure: MeasureInput, pairs: PairTable | None, others: PairTable | None
) -> Without:
    rule = here.protocol.stability
    with_them, without = (stability_result(rule, scale, table, measure.rounds_rated).state for table in (pairs, others))
    return Without.UNCHANGED if without == with_them else Without.CHANGES
