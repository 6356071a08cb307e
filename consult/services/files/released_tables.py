"""Tables of what was released: rows of cells for files, nothing that names a person."""

from collections.abc import Iterator, Mapping, Sequence

from analysis.model.criterion import CriterionResult
from analysis.model.figures import Share
from analysis.model.stage import MeasureResult, PairResult, VariableResult
from analysis.protocol.protocol import NO_ANSWER
from analysis.protocol.states import NoAnswer
from analysis.verdict.leaning import reading
from consult.definition.consultation import Definition
from consult.services.files.table_source import Row, Table, TableSource
from consult.services.frozen.codebook import NOT_IN_TOP, CodebookVariable, theme_of
from consult.services.measures import measures
from consult.services.panel.participation import by_stage
from consult.services.rounds.results import released_texts
from consult.services.rounds.stages import stages_of
from consult.words.wording import stability_sentence, verdict_sentence


def consensus_table(source: TableSource) -> Table:
    """Per round, measure and criterion: the figures, the verdict and why."""
    points, bands = _points(source.definition), _bands(source.definition)
    header = [
        *("stage", "round", "measure", "wording", "theme", "title", "criterion", "decides"),
        *("respondents", "n", "answered", *NO_ANSWER),
        *(f"count_{point}" for point in points),
        *("median", "q1", "q3", "quartile_type"),
        *(f"{name}_{band}" for band in bands for name in ("count", "share")),
        *("verdict", "verdict_code", "margin", "margin_towards", "flips_with_no_opinions"),
        *("stability", "stability_code", "pairs", "unchanged", "within_one"),
        *("outcome", "class", "settled", "verdict_reason", "stability_reason", "suppressed"),
    ]
    return header, _consensus_rows(source, points, bands)


def _consensus_rows(source: TableSource, points: Sequence[int], bands: Sequence[str]) -> Iterator[Row]:
    criteria = source.definition.measures.criteria if source.definition.measures else ()
    for frozen in source.frozen:
        if frozen.stage.kind != "round":
            continue
        for wording in measures.wordings_in_stage(source.session, frozen.stage):
            measure = frozen.numbers.measures.get(wording.key)
            for criterion in criteria if measure else ():
                block = measure.criteria.get(criterion.key) if measure else None
                if measure is None or block is None:
                    continue
                theme = theme_of(wording.measure, source.definition)
                start: Row = [
                    frozen.stage.key,
                    frozen.stage.round_number,
                    wording.key,
                    wording.version.number,
                    source.read(theme),
                    source.read(wording.title),
                    criterion.key,
                    criterion.decides,
                ]
                scale = source.definition.scales[criterion.scale]
                words = {band.key: f"{band.start}–{band.end}" for band in scale.bands}
                yield start + _consensus_cells(source, measure, block, points, bands, words)


def _consensus_cells(
    source: TableSource,
    measure: MeasureResult,
    block: CriterionResult,
    points: Sequence[int],
    bands: Sequence[str],
    words: Mapping[str, str],
) -> Row:
    verdict, stability = block.verdict, block.stability
    states, shares = block.no_answer or {}, block.shares or {}
    counts = dict(enumerate(block.counts or (), start=block.scale.lo))
    numbers, rules = verdict.numbers, source.definition.rules
    pairs = stability.numbers
    return [
        block.respondents,
        block.n,
        block.answered,
        *(states.get(state) for state in NoAnswer),
        *(counts.get(point) for point in points),
        block.median,
        block.q1,
        block.q3,
        block.quartile_type,
        *(cell for band in bands for cell in _share_cells(shares.get(band))),
        verdict.verdict.value,
        verdict.code,
        verdict.margin,
        numbers.towards.value if numbers.towards else None,
        verdict.with_no_opinions.flips,
        stability.state.value,
        stability.code,
        *((pairs.pairs, pairs.unchanged, pairs.within_one) if pairs else (None, None, None)),
        reading(block, rules.dissent),
        source.classes.code(measure),
        measure.settled,
        verdict_sentence(verdict.code, numbers, source.translate, words),
        stability_sentence(stability, source.translate, rules.stability.within),
        block.suppressed,
    ]


def _share_cells(share: Share | None) -> Row:
    return [None, None] if share is None else [share.count, share.share]


def _points(definition: Definition) -> list[int]:
    criteria = definition.measures.criteria if definition.measures else ()
    return sorted({point for item in criteria for point in definition.scales[item.scale].points})


def _bands(definition: Definition) -> list[str]:
    criteria = definition.measures.criteria if definition.measures else ()
    bands = [band.key for item in criteria for band in definition.scales[item.scale].bands]
    return list(dict.fromkeys(bands))


def distributions(source: TableSource) -> Table:
    """Per stage and variable, ratings included: how many gave each value or state."""
    header = [
        *("stage", "variable", "question", "item", "scale", "kind", "value", "label"),
        *("count", "n", "share", "suppressed"),
    ]
    return header, _distribution_rows(source)


def _distribution_rows(source: TableSource) -> Iterator[Row]:
    for frozen in source.frozen:
        blocks: dict[str, VariableResult | CriterionResult] = dict(frozen.numbers.variables)
        for key, measure in frozen.numbers.measures.items():
            blocks |= {f"{key}.{name}": block for name, block in measure.criteria.items()}
        for key, column in source.variables.items():
            if key in blocks:
                yield from _block_rows(source, frozen.stage.key, column, blocks[key])


def _block_rows(
    source: TableSource, stage: str, column: CodebookVariable, block: VariableResult | CriterionResult
) -> Iterator[Row]:
    read = source.read
    start: Row = [stage, column.key, read(column.text), read(column.item), column.scale]
    n = block.n
    if block.counts is None:
        yield [*start, None, None, None, None, n, None, block.suppressed]
        return
    for value, count in zip(_block_values(column, block), block.counts, strict=True):
        label = read(column.values.get(value))
        yield [*start, "value", value, label, count, n, count / n if n else None, None]
    for state, count in (block.no_answer or {}).items():
        yield [*start, "no_answer", state.value, None, count, None, None, None]


def _block_values(column: CodebookVariable, block: VariableResult | CriterionResult) -> list[str]:
    if block.scale is not None:
        return [str(point) for point in range(block.scale.lo, block.scale.hi + 1)]
    labels = list(block.labels or ()) if isinstance(block, VariableResult) else []
    return [*labels[:-1], NOT_IN_TOP] if column.level == "rank" else labels


def before_after(source: TableSource) -> Table:
    """Pairs of answers of the same people: how many went up, stayed, went down."""
    header = [
        *("stage", "variable", "question", "item", "earlier_stage", "earlier_variable"),
        *("earlier_question", "compared", "n", "up", "same", "down"),
        *("only_earlier", "only_later", "median_earlier", "median_later", "p", "p_holm"),
        "suppressed",
    ]
    return header, _pair_rows(source)


def _pair_rows(source: TableSource) -> Iterator[Row]:
    read = source.read
    for frozen in source.frozen:
        for key, pair in frozen.numbers.pairs.items():
            later, earlier = source.variables[key], source.variables[pair.earlier]
            test = pair.wilcoxon
            yield [
                frozen.stage.key,
                key,
                read(later.text),
                read(later.item),
                earlier.stages[0],
                earlier.key,
                read(earlier.text),
                compared(pair, earlier, later),
                pair.n,
                pair.up,
                pair.same,
                pair.down,
                pair.n_earlier_only,
                pair.n_later_only,
                pair.median_earlier,
                pair.median_later,
                *((test.p, test.p_holm) if test else (None, None)),
                pair.suppressed,
            ]


def compared(pair: PairResult, earlier: CodebookVariable, later: CodebookVariable) -> str:
    """What a pair sets side by side; never an effect of what lay between.

    Two questions of one questionnaire on the same rows: the first looks back, the second ahead.
    """
    if pair.label:
        return pair.label
    if set(earlier.stages) & set(later.stages):
        return "recalled and expected, in one questionnaire"
    return "asked in two questionnaires"


def participation(source: TableSource) -> Table:
    """How many came how far in each stage; of a frozen stage as it was frozen."""
    header = ["stage", "kind", "round", "frozen", "invited", "consented", "started", "submitted"]
    return header, _participation_rows(source)


def _participation_rows(source: TableSource) -> Iterator[Row]:
    frozen = {item.stage.key: item.numbers.participation for item in source.frozen}
    live = by_stage(source.session, source.consultation)
    for stage in stages_of(source.session, source.consultation.id):
        if stage.kind == "event" or (stage.opened_at is None and stage.key not in frozen):
            continue
        if source.frozen_only and stage.key not in frozen:
            continue
        counts = frozen.get(stage.key) or live[stage.key]
        yield [
            stage.key,
            stage.kind,
            stage.round_number,
            stage.key in frozen,
            counts.invited,
            counts.consented,
            counts.started,
            counts.submitted,
        ]


def variables(source: TableSource) -> Table:
    """The codebook: every variable, how it is coded, who may see it and in which file it is."""
    header = [
        *("variable", "question", "stages", "text", "item", "level", "scale", "values"),
        *("no_answer", "disclosure", "file", "asked_before_as"),
    ]
    return header, _codebook_rows(source)


def _codebook_rows(source: TableSource) -> Iterator[Row]:
    for column in source.variables.values():
        values = [
            f"{value} = {label}" if (label := source.read(words)) else value for value, words in column.values.items()
        ]
        states = (*column.states, "skipped", "blank", "not_reached")
        yield [
            column.key,
            column.question,
            " ".join(column.stages),
            source.read(column.text),
            source.read(column.item),
            column.level,
            column.scale,
            " | ".join(values),
            "" if column.level == "text" else " ".join(states),
            column.disclosure,
            column.file,
            column.earlier,
        ]


def reasons(source: TableSource) -> Table:
    """Reasons released for the next round, in the order they were released, without any author."""
    header = ["stage", "round", "measure", "title", "side", "number", "reason"]
    return header, _reason_rows(source)


def _reason_rows(source: TableSource) -> Iterator[Row]:
    for frozen in source.frozen:
        texts = released_texts(source.session, frozen.stage) or {"reasons": {}}
        titles = {
            item.key: source.read(item.title) for item in measures.wordings_in_stage(source.session, frozen.stage)
        }
        for key, sides in texts["reasons"].items():
            for side, said in sides.items():
                for number, words in enumerate(said, start=1):
                    yield [
                        frozen.stage.key,
                        frozen.stage.round_number,
                        key,
                        titles.get(key),
                        side,
                        number,
                        source.read(words),
                    ]
