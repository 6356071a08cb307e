"""What `consult analyse` prints: tables and sentences of a file's results."""

from collections import Counter
from collections.abc import Iterator

from analysis.model.criterion import Chances, CriterionResult
from analysis.model.file import Document, Doubt, FileDocument, RedundantClause
from analysis.model.stage import Stage
from analysis.protocol.protocol import Protocol
from analysis.protocol.states import Verdict
from analysis.verdict.leaning import reading
from consult.commands import analyse_taken, context
from consult.commands.analyse_cells import NOTHING, percent, probability
from consult.commands.analyse_panels import groups_sentence, panel_notes, panel_table, ranking_parts, subgroup_tables
from consult.commands.analyse_statistics import statistics_parts
from consult.words import catalogues, phrases, without, wording
from consult.words.missing import missing_sentence
from consult.words.readings import READINGS, reading_words, sides_sentence

STATES = {"stable": "stable", "moving": "moving", "not_assessed": "not known"}


def criteria(stage: Stage) -> Iterator[tuple[str, str, CriterionResult]]:
    """Every measure and criterion of a stage, with its figures."""
    for key, measure in stage.measures.items():
        for name, block in measure.criteria.items():
            yield key, name, block


def printed(document: Document) -> Iterator[str]:
    """The parts of the report, in order."""
    yield "\n".join(opening(document))
    yield from (hollow_sentence(found) for found in document.hollow)
    for stage in document.stages:
        yield f"Round {context.visible(stage.stage)}: {headline(document, stage)}"
        yield verdict_table(document, stage)
        yield "\n".join(sentences(document, stage))
        if stage.panel:
            yield panel_table(stage)
            yield from panel_notes(stage)
        yield from subgroup_tables(stage)
    yield from statistics_parts(document)
    yield from closing(document)


def headline(document: FileDocument, stage: Stage) -> str:
    """How many took part, and how many items came to what by the deciding criterion."""
    english, rule = catalogues.catalogue("en"), _rules(document).dissent
    codes = Counter(reading(block, rule) for _, name, block in criteria(stage) if name == stage.deciding)
    found = [f"{codes[code]} {phrases.said(READINGS, code, english)}" for code in READINGS if codes[code]]
    told = f"{stage.participation.submitted} took part"
    return f"{told}; {context.visible(stage.deciding or '')}: {', '.join(found)}" if found else told


def opening(document: FileDocument) -> list[str]:
    """How much there is, by which rule it is judged, and what was taken for granted."""
    head = (
        f"{context.counted(document.experts, 'expert')}, "
        f"{context.counted(len(document.rounds), 'round')}; "
        f"protocol {document.protocol_digest[:12]}"
    )
    return [head, *analyse_taken.sentences(document)]


def closing(document: FileDocument) -> Iterator[str]:
    """What belongs to no round: ranking, groups of opinion, digest."""
    if document.ranking:
        yield from ranking_parts(document.ranking)
    if document.opinion_groups:
        yield groups_sentence(document.opinion_groups)
    yield f"results digest {document.digest}"


def hollow_sentence(found: RedundantClause) -> str:
    """A clause of the rule that decides nothing, or a side that nobody can meet."""
    where = f"'{found.side}'" + (f" of round {found.round}" if found.round else "")
    if found.at is None:
        return f"The clauses {where} can never all hold ({found.panels} panels looked at)."
    return (
        f"Clause {found.at + 1} of {where} ({found.kind}) decides nothing: where the others "
        f"hold it never fails ({found.panels} panels looked at)."
    )


def verdict_table(document: FileDocument, stage: Stage) -> str:
    """One line per item and criterion."""
    english, rule = catalogues.catalogue("en"), _rules(document).dissent
    rows = []
    for key, name, block in criteria(stage):
        verdict, robust = block.verdict, block.robustness
        one_out = robust.leave_one_out.flips if robust else None
        shares = block.shares or {}
        top = shares[list(shares)[-1]].share if shares else None
        rows.append(
            (
                key,
                name,
                block.n,
                wording.point(block.median, english),
                wording.point(block.iqr, english),
                percent(top),
                phrases.said(wording.VERDICTS, verdict.verdict, english),
                NOTHING if verdict.margin is None else verdict.margin,
                NOTHING if one_out is None else f"{one_out} of {block.n}",
                STATES[block.stability.state],
                reading_words(block, rule, english),
            )
        )
    head = (
        "item",
        "criterion",
        "n",
        "median",
        "IQR",
        "high",
        "verdict",
        "margin",
        "flips without",
        "stability",
        "outcome",
    )
    return context.table(head, rows)


def _rules(document: FileDocument) -> Protocol:
    return Protocol.from_dict(document.protocol)


def _bands(document: FileDocument) -> dict[str, dict[str, str]]:
    return {scale.key: {band.key: f"{band.lo}–{band.hi}" for band in scale.bands} for scale in _rules(document).scales}


def sentences(document: FileDocument, stage: Stage) -> Iterator[str]:
    """Why each verdict is so, how stable, and what would change it."""
    english, bands = catalogues.catalogue("en"), _bands(document)
    rules = _rules(document)
    doubts = (document.doubt or {}).get(stage.stage, {})
    for key, name, block in criteria(stage):
        verdict, known = block.verdict, bands[block.scale.key]
        words = [
            wording.verdict_sentence(verdict.code, verdict.numbers, english, known),
            without.stability_of(block, english, rules.stability.within),
            sides_sentence(block, rules.dissent, known, english),
            *robustness_sentences(block, doubts.get(f"{key}.{name}")),
        ]
        if block.suppressed:
            words.append(missing_sentence(block, english))
        yield f"{context.visible(key)} {context.visible(name)}: {' '.join(filter(None, words))}"


def robustness_sentences(block: CriterionResult, doubt: Doubt | None) -> Iterator[str]:
    """What would change the verdict, where something would; and the part of chance."""
    robust, verdict = block.robustness, block.verdict.verdict
    if verdict == "not_judged":
        return
    if robust and robust.leave_one_out.flips:
        flips = robust.leave_one_out.flips
        yield f"Without any one of {flips} of the {block.n} it would be another verdict."
    if robust and robust.quantile_types.flips:
        yield "The verdict depends on the quantile type."
    if block.verdict.with_no_opinions.flips:
        yield "It would be another verdict with no-opinions counted in."
    cases = block.sensitivity
    if any(case is not None and case.flips for case in (cases.worst, cases.best)):
        yield "Those who stopped since the round before could have changed it."
    if verdict in ("in", "out") and doubt and doubt.chance:
        yield f"Chance alone gives this verdict {chance_words(doubt.chance, verdict)}."
    if doubt:
        same = probability(1 - doubt.posterior.flips)
        yield f"Probability that another such panel says the same: {same}."


def chance_words(chance: Chances, verdict: Verdict) -> str:
    """`once in 11243`, `in 12 % of panels`, or `in none of 20000 draws`."""
    share = (chance.into if verdict == Verdict.IN else chance.out) or 0
    if share == 0:
        return f"in none of {chance.draws} draws" if chance.draws else "never"
    return f"in {percent(share)} of panels" if share >= 0.01 else f"once in {1 / share:.0f}"
