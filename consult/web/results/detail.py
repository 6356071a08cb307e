"""One measure in one round: distributions by round, verdict, stability, sensitivity, reasons."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from analysis.model.criterion import CriterionResult, Sensitivity
from analysis.model.figures import Tally
from analysis.protocol.states import NoAnswer
from consult.definition.measure import Criterion
from consult.services.measures import measures
from consult.services.rounds.results import released_texts
from consult.web.access import Place
from consult.web.forms.words import no_answer_text
from consult.web.results.frozen import FrozenStage, stage_title
from consult.web.results.standing import (
    Standing,
    bands,
    board_row,
    class_words,
    criteria,
    half,
    interval,
    points,
)
from consult.web.results.tables import Bar, Distribution, Leaving, Reasons, RoundReasons
from consult.web.staff.measure_rows import fate_words
from consult.web.staff.pages import plain, said, text, translate
from consult.words import wording as words
from consult.words.missing import missing_sentence, suppressed_sentence


def detail(place: Place, standing: Standing, rounds: Sequence[FrozenStage]) -> dict[str, Any]:
    """What the page of a measure shows, the rounds up to this one beside each other."""
    return {
        "blocks": blocks(place, standing, rounds),
        "class_words": class_words(place, standing),
        "reasons": reasons_by_round(place, standing, rounds),
        "fates": [fate_words(place, item)
                  for item in measures.fates(place.session, standing.wording)],
    }  # fmt: skip


def blocks(place: Place, standing: Standing, rounds: Sequence[FrozenStage]) -> list[dict[str, Any]]:
    """A measure criterion by criterion: its figures, with the rounds up to this one."""
    until = standing.stage.round_number or 0
    earlier = [item for item in rounds if (item.stage.round_number or 0) <= until]
    return [
        _block(place, standing, criterion, earlier)
        for criterion in criteria(place)
        if criterion.key in standing.released.criteria
    ]


def _block(
    place: Place, standing: Standing, criterion: Criterion, rounds: Sequence[FrozenStage]
) -> dict[str, Any]:
    block = standing.released.criteria[criterion.key]
    row = board_row(place, standing, criterion.key)
    ipras = block.ipras
    return {
        "label": text(place, criterion.label),
        "question": text(place, criterion.question),
        "row": row,
        "points": list(place.definition.scale_of(criterion.key).points),
        "rounds": [
            _distribution(place, item, one)
            for item in rounds
            if (one := item.numbers.criterion(standing.key, criterion.key)) is not None
        ],
        "bands": _band_rows(place, criterion.key, block),
        "no_answer": no_answers(block),
        "agreement": words.point(block.a),
        "camps": None if ipras is None else ipras.disagreement,
        "flips": block.verdict.with_no_opinions.flips,
        "sensitivity": _sensitivity(place, block.sensitivity),
    }


def _distribution(place: Place, item: FrozenStage, block: CriterionResult) -> Distribution:
    """One round as a row of bars; heights in percent of the highest."""
    counts = block.counts
    most = max(counts, default=0) if counts else 0
    bars = [Bar(count, 100 * count // most if most else 0) for count in counts or ()]
    return Distribution(
        title=stage_title(place, item.stage),
        n=block.n,
        median=words.point(block.median),
        half=half(block),
        bars=bars or None,
        suppressed=missing_sentence(block, translate(place)),
    )


def _band_rows(place: Place, criterion: str, block: CriterionResult) -> list[list[str]]:
    shares = block.shares or {}
    return [
        [
            f"{points(band)} {plain(place, band.label)}".strip(),
            words.counted(one.count, one.n, translate(place)),
            interval(one),
        ]
        for band in bands(place, criterion)
        if (one := shares.get(band.key)) is not None
    ]


def no_answers(block: Tally) -> str:
    """Who did not rate and why, in words; empty when nobody is in that state."""
    states = block.no_answer or {}
    engine = {
        NoAnswer.SKIPPED: _("not asked"),
        NoAnswer.BLANK: _("left blank"),
        NoAnswer.NOT_REACHED: _("not reached"),
    }
    return ", ".join(
        f"{engine.get(state) or no_answer_text(state)}: {count}"
        for state, count in states.items()
        if count
    )


def _sensitivity(place: Place, found: Sensitivity) -> Leaving:
    """Whether those who did not come back could have changed the verdict."""
    cases = [
        (found.worst, _("all who stopped since the round before had rated lowest")),
        (found.best, _("all who stopped since the round before had rated highest")),
        (
            found.last_value_carried,
            _("all who stopped since the round before had rated as they did then"),
        ),
    ]
    code = found.suppressed
    return Leaving(
        found.leavers,
        [
            [
                words_of_case,
                said(place, words.VERDICTS, case.verdict),
                _("changes") if case.flips else _("stays"),
            ]
            for case, words_of_case in cases
            if case is not None
        ],
        suppressed_sentence(code, translate(place)) if code else None,
    )


def reasons_by_round(
    place: Place, standing: Standing, rounds: Sequence[FrozenStage]
) -> list[RoundReasons]:
    """Reasons released for a measure in each round up to this one, the newest round first."""
    until, last = standing.stage.round_number or 0, place.definition.protocol.stopping.rounds
    found = []
    for item in reversed(rounds):
        number = item.stage.round_number or 0
        if number > until or standing.key not in item.numbers.measures:
            continue
        texts = released_texts(place.session, item.stage)
        sides = _by_side(place, (texts or {}).get("reasons", {}).get(standing.key))
        if texts is not None:
            why = "" if sides else _("no reasons were released for this measure.")
        elif number < last:
            why = _("reasons are released when the next round opens.")
        else:
            why = _("reasons of the last round are not released; no round follows to show them in.")
        found.append(RoundReasons(stage_title(place, item.stage), sides, why))
    return found


def _by_side(place: Place, found: Mapping[str, list[Mapping[str, str]]] | None) -> list[Reasons]:
    """Released reasons for one measure, those from high ratings first."""
    names = {
        "high": _("From those who rated high"),
        "low": _("From those who rated low"),
        "other": _("From others, or not told apart"),
    }
    return [
        Reasons(title, [text(place, one) for one in found[side]])
        for side, title in names.items()
        if found and found.get(side)
    ]
