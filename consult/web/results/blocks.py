"""The figures of one measure in one round, criterion by criterion."""

from collections.abc import Sequence
from typing import TypedDict

from flask_babel import gettext as _

from analysis.model.criterion import CriterionResult, Sensitivity
from analysis.model.figures import Tally
from analysis.protocol.states import NoAnswer
from consult.definition.measure import Criterion
from consult.definition.text import Shown
from consult.web.access import RequestContext
from consult.web.forms.words import no_answer_text
from consult.web.results.frozen import FrozenStage, stage_title
from consult.web.results.rated import LatestRating, bands, board_row, criteria, half, interval, points
from consult.web.results.rows import BoardRow
from consult.web.results.tables import Bar, Distribution, Leaving
from consult.web.staff.pages import plain, said, text, translate
from consult.words import wording as words
from consult.words.missing import missing_sentence, suppressed_sentence


class Figures(TypedDict):
    """One measure under one criterion, as the page takes it."""

    label: Shown
    question: Shown
    row: BoardRow
    points: list[int]
    rounds: list[Distribution]
    bands: list[list[str]]
    no_answer: str
    agreement: str
    camps: bool | None
    flips: bool
    sensitivity: Leaving


def blocks(ctx: RequestContext, standing: LatestRating, rounds: Sequence[FrozenStage]) -> list[Figures]:
    """A measure criterion by criterion: its figures, with the rounds up to this one."""
    until = standing.stage.round_number or 0
    earlier = [item for item in rounds if (item.stage.round_number or 0) <= until]
    return [
        _block(ctx, standing, criterion, earlier)
        for criterion in criteria(ctx)
        if criterion.key in standing.released.criteria
    ]


def _block(ctx: RequestContext, standing: LatestRating, criterion: Criterion, rounds: Sequence[FrozenStage]) -> Figures:
    block = standing.released.criteria[criterion.key]
    row = board_row(ctx, standing, criterion.key)
    ipras = block.ipras
    return {
        "label": text(ctx, criterion.label),
        "question": text(ctx, criterion.question),
        "row": row,
        "points": list(ctx.definition.scale_of(criterion.key).points),
        "rounds": [
            _distribution(ctx, item, one)
            for item in rounds
            if (one := item.numbers.criterion(standing.key, criterion.key)) is not None
        ],
        "bands": _band_rows(ctx, criterion.key, block),
        "no_answer": no_answers(block),
        "agreement": words.point(block.a, translate(ctx)),
        "camps": None if ipras is None else ipras.disagreement,
        "flips": block.verdict.with_no_opinions.flips,
        "sensitivity": _sensitivity(ctx, block.sensitivity),
    }


def _distribution(ctx: RequestContext, item: FrozenStage, block: CriterionResult) -> Distribution:
    """One round as a row of bars; heights in percent of the highest."""
    counts = block.counts
    most = max(counts, default=0) if counts else 0
    bars = [Bar(count, 100 * count // most if most else 0) for count in counts or ()]
    return Distribution(
        title=stage_title(ctx, item.stage),
        n=block.n,
        median=words.point(block.median, translate(ctx)),
        half=half(block),
        bars=bars or None,
        suppressed=missing_sentence(block, translate(ctx)),
    )


def _band_rows(ctx: RequestContext, criterion: str, block: CriterionResult) -> list[list[str]]:
    shares = block.shares or {}
    return [
        [
            f"{points(band)} {plain(ctx, band.label)}".strip(),
            words.counted(one.count, one.n, translate(ctx)),
            interval(one),
        ]
        for band in bands(ctx, criterion)
        if (one := shares.get(band.key)) is not None
    ]


def no_answers(block: Tally) -> str:
    """Who did not rate and why, in words; empty when nobody is in that state."""
    states = block.no_answer or {}
    engine = {NoAnswer.SKIPPED: _("not asked"), NoAnswer.BLANK: _("left blank"), NoAnswer.NOT_REACHED: _("not reached")}
    return ", ".join(
        f"{engine.get(state) or no_answer_text(state)}: {count}" for state, count in states.items() if count
    )


def _sensitivity(ctx: RequestContext, found: Sensitivity) -> Leaving:
    """Whether those who did not come back could have changed the verdict."""
    cases = [
        (found.worst, _("all who stopped since the round before had rated lowest")),
        (found.best, _("all who stopped since the round before had rated highest")),
        (found.last_value_carried, _("all who stopped since the round before had rated as they did then")),
    ]
    code = found.suppressed
    return Leaving(
        found.leavers,
        [
            [words_of_case, said(ctx, words.VERDICTS, case.verdict), _("changes") if case.flips else _("stays")]
            for case, words_of_case in cases
            if case is not None
        ],
        suppressed_sentence(code, translate(ctx)) if code else None,
    )
