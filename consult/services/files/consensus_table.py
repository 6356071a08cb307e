"""The consensus table: per round, measure and criterion the figures, the verdict and why."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analysis.model.criterion import CriterionResult, StabilityNumbers
from analysis.model.stage import MeasureResult
from analysis.protocol.states import NoAnswer
from analysis.verdict.leaning import reading
from consult.definition.consultation import Definition
from consult.definition.measure import Criterion
from consult.models import Stage
from consult.services.files import fields
from consult.services.files.fields import NO_ANSWER_LABELS
from consult.services.files.table_column import Table, TableColumn, table
from consult.services.files.table_source import CameTo, TableSource
from consult.services.frozen.codebook import theme_of
from consult.services.measures import measures
from consult.services.measures.measures import Wording
from consult.words.without import stability_of
from consult.words.wording import verdict_sentence


@dataclass(frozen=True, slots=True)
class Judged:
    """One measure in one round under one criterion, with what was released of it."""

    source: TableSource
    stage: Stage
    wording: Wording
    criterion: Criterion
    measure: MeasureResult
    block: CriterionResult

    def state_count(self, state: NoAnswer) -> int | None:
        """How many gave no rating for that reason."""
        return (self.block.no_answer or {}).get(state)

    def point_count(self, point: int) -> int | None:
        """How many chose a point; None where the scale does not have it."""
        counts, place = self.block.counts or (), point - self.block.scale.lo
        return counts[place] if 0 <= place < len(counts) else None

    @property
    def came_to(self) -> CameTo:
        """What the measure came to, whichever round the row is about."""
        return self.source.came_to[self.wording.key]

    @property
    def pairs(self) -> StabilityNumbers | None:
        """Who rated in this round and in the one before; None where stability is not assessed."""
        return self.block.stability.numbers

    @property
    def verdict_reason(self) -> str:
        """Why the verdict is what it is, in a sentence."""
        scale = self.source.definition.scales[self.criterion.scale]
        bands = {band.key: f"{band.start}–{band.end}" for band in scale.bands}
        verdict = self.block.verdict
        return verdict_sentence(verdict.code, verdict.numbers, self.source.translate, bands)

    @property
    def stability_reason(self) -> str:
        """Why ratings count as stable or not, in a sentence."""
        within = self.source.definition.rules.stability.within
        return stability_of(self.block, self.source.translate, within)


Columns = Sequence[TableColumn[Judged]]

PLACE: Columns = (
    fields.STAGE.column(lambda row: row.stage.key, is_key=True),
    fields.ROUND.column(lambda row: row.stage.round_number),
    fields.MEASURE.column(lambda row: row.wording.key, is_key=True),
    fields.WORDING.column(lambda row: row.wording.version.number),
    TableColumn(
        "theme",
        "string",
        "theme of the measure",
        lambda row: row.source.read(theme_of(row.wording.measure, row.source.definition)),
    ),
    fields.MEASURE_TITLE.column(lambda row: row.source.read(row.wording.title)),
    fields.CRITERION.column(lambda row: row.criterion.key, is_key=True),
    TableColumn(
        "decides",
        "boolean",
        "whether this criterion decides what becomes of the measure",
        lambda row: row.criterion.decides,
    ),
)
ANSWERED: Columns = (
    TableColumn("respondents", "integer", "how many submitted the round", lambda row: row.block.respondents),
    fields.N.column(lambda row: row.block.n),
    TableColumn("answered", "integer", "how many chose a point or withheld an opinion", lambda row: row.block.answered),
)
MIDDLE: Columns = (
    TableColumn("median", "number", "median", lambda row: row.block.median),
    TableColumn("q1", "number", "first quartile", lambda row: row.block.q1),
    TableColumn("q3", "number", "third quartile", lambda row: row.block.q3),
    TableColumn(
        "quartile_type", "integer", "quantile type after Hyndman and Fan (1996)", lambda row: row.block.quartile_type
    ),
)
VERDICT: Columns = (
    TableColumn(
        "verdict", "string", "verdict: in, out, none or not_judged", lambda row: row.block.verdict.verdict.value
    ),
    TableColumn("verdict_code", "string", "why, as a code", lambda row: row.block.verdict.code),
    TableColumn(
        "margin",
        "integer",
        "how many ratings the verdict is away from another one",
        lambda row: row.block.verdict.margin,
    ),
    TableColumn(
        "margin_towards",
        "string",
        "the verdict that is nearest",
        lambda row: towards.value if (towards := row.block.verdict.numbers.towards) else None,
    ),
    TableColumn(
        "flips_with_no_opinions",
        "boolean",
        "whether counting withheld opinions would change the verdict",
        lambda row: row.block.verdict.with_no_opinions.flips,
    ),
)
STABILITY: Columns = (
    TableColumn("stability", "string", "whether ratings were stable", lambda row: row.block.stability.state.value),
    TableColumn("stability_code", "string", "why, as a code", lambda row: row.block.stability.code),
    TableColumn(
        "pairs",
        "integer",
        "how many rated in this round and in the one before",
        lambda row: row.pairs.pairs if row.pairs else None,
    ),
    TableColumn(
        "unchanged",
        "number",
        "how many of the pairs kept their rating",
        lambda row: row.pairs.unchanged if row.pairs else None,
    ),
    TableColumn(
        "within_one",
        "number",
        "how many of the pairs moved by one point at most",
        lambda row: row.pairs.within_one if row.pairs else None,
    ),
)
OUTCOME: Columns = (
    TableColumn(
        "outcome",
        "string",
        "outcome of the criterion",
        lambda row: reading(row.block, row.source.definition.rules.dissent),
    ),
    TableColumn("class", "string", "outcome of the measure", lambda row: row.source.classes.code(row.measure)),
    TableColumn("settled", "boolean", "whether the measure is settled", lambda row: row.measure.settled),
    TableColumn("verdict_reason", "string", "why, in a sentence", lambda row: row.verdict_reason, is_wide=True),
    TableColumn("stability_reason", "string", "why, in a sentence", lambda row: row.stability_reason, is_wide=True),
    fields.WHY_SUPPRESSED.column(lambda row: row.block.suppressed),
)
STATUS: Columns = (
    TableColumn("status", "string", "what the measure came to", lambda row: row.came_to.words),
    TableColumn("status_code", "string", "the same as a code", lambda row: row.came_to.status.code),
    TableColumn(
        "status_is_final",
        "boolean",
        "whether that is final; before the consultation is finished it may change",
        lambda row: row.came_to.is_final,
    ),
)


def consensus_table(source: TableSource) -> Table:
    """Per round, measure and criterion: the figures, the verdict and why; and what the measure came to."""
    return table([*_columns(source), *STATUS], _judged(source))


def consensus_without_status(source: TableSource) -> Table:
    """The same as it was before there was one status of a measure."""
    return table(_columns(source), _judged(source))


def _columns(source: TableSource) -> Columns:
    points, bands = _points(source.definition), _bands(source.definition)
    return [
        *PLACE,
        *ANSWERED,
        *map(_state_column, NoAnswer),
        *map(_point_column, points),
        *MIDDLE,
        *(column for band in bands for column in _band_columns(band)),
        *VERDICT,
        *STABILITY,
        *OUTCOME,
    ]


def _state_column(state: NoAnswer) -> TableColumn[Judged]:
    title = f"how many: {NO_ANSWER_LABELS[state]}"
    return TableColumn(state.value, "integer", title, lambda row: row.state_count(state))


def _point_column(point: int) -> TableColumn[Judged]:
    title = f"how many ratings: {point}"
    return TableColumn(f"count_{point}", "integer", title, lambda row: row.point_count(point))


def _band_columns(band: str) -> Columns:
    """How many ratings lie in a band, and which share of them."""
    return (
        TableColumn(
            f"count_{band}",
            "integer",
            f"how many ratings: {band}",
            lambda row: share.count if (share := (row.block.shares or {}).get(band)) else None,
        ),
        TableColumn(
            f"share_{band}",
            "number",
            f"share of the ratings: {band}",
            lambda row: share.share if (share := (row.block.shares or {}).get(band)) else None,
        ),
    )


def _judged(source: TableSource) -> Iterator[Judged]:
    criteria = source.definition.measures.criteria if source.definition.measures else ()
    for frozen in source.frozen:
        if frozen.stage.kind != "round":
            continue
        for wording in measures.wordings_in_stage(source.session, frozen.stage):
            measure = frozen.numbers.measures.get(wording.key)
            for criterion in criteria if measure else ():
                block = measure.criteria.get(criterion.key) if measure else None
                if measure is not None and block is not None:
                    yield Judged(source, frozen.stage, wording, criterion, measure, block)


def _points(definition: Definition) -> list[int]:
    criteria = definition.measures.criteria if definition.measures else ()
    return sorted({point for item in criteria for point in definition.scales[item.scale].points})


def _bands(definition: Definition) -> list[str]:
    criteria = definition.measures.criteria if definition.measures else ()
    bands = [band.key for item in criteria for band in definition.scales[item.scale].bands]
    return list(dict.fromkeys(bands))
