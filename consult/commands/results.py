"""Frozen results: printing what was released, and recomputing them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from analysis.canonical import canonical_json, digest, plain
from analysis.model.criterion import CriterionResult
from analysis.model.figures import Block
from analysis.model.stage import ReleasedStage
from analysis.model.writer import written
from analysis.result.stage import stage_result
from consult.commands import context
from consult.commands.analyse_tables import STATES
from consult.commands.context import Cell, CommandContext
from consult.commands.overview import STEPS
from consult.commands.package import verify_package
from consult.errors import NotPossible, StageNotFrozen
from consult.models import Result, Stage
from consult.refusals.codes import Code, Refusal
from consult.refusals.facts import OfStage
from consult.services.files import keeping
from consult.services.package.comparing import REPRODUCED, by_version, differences
from consult.services.rounds import gathering, results, starting
from consult.services.rounds.stages import stages_of
from consult.services.running import leaving
from consult.services.submissions import left_since
from consult.words import catalogues, phrases, without, wording
from consult.words.missing import missing_sentence
from consult.words.readings import reading_words


@click.command()
@context.slug_argument
@context.stage_argument
@click.option("--json", "as_json", is_flag=True, help="Everything released, as canonical JSON.")
def results_command(slug: str, stage_key: str, as_json: bool) -> None:
    """Print the released verdicts of a frozen stage, why they are so, and the digest."""
    with context.reading(slug) as here:
        stage = here.stage(stage_key)
        numbers = results.released_numbers(here.session, stage)
        frozen = results.newest_result(here.session, stage)
        if numbers is None or frozen is None:
            raise StageNotFrozen(Refusal(Code.NO_RESULT, OfStage(stage_key)))
        if as_json:
            texts = results.released_texts(here.session, stage)
            told = results.released_json(here.session, stage)
            whole = {"digest": frozen.digest, "numbers": told, "texts": texts}
            click.echo(canonical_json(whole))
            return
        click.echo("\n\n".join(_printed(here, numbers, frozen)))


def _printed(here: CommandContext, numbers: ReleasedStage, frozen: Result) -> Iterator[str]:
    taken = numbers.participation.steps()
    yield ", ".join(f"{taken[step]} {step}" for step in STEPS)
    if saved := numbers.participation.counted_at_close:
        yield f"{saved} of them did not press Submit: saved answers counted at the close"
    if numbers.measures:
        yield context.table(
            ("measure", "criterion", "n", "median", "verdict", "margin", "stability", "outcome"),
            _verdict_rows(here, numbers),
        )
        yield "\n".join(_reasons(here, numbers))
    if numbers.priorities:
        rows = [(row.rank, row.key, row.picks) for row in numbers.priorities]
        yield context.table(("rank", "measure", "picks"), rows)
    if numbers.variables:
        yield context.table(("variable", "n", "answers"), _variable_rows(numbers))
    if numbers.pairs:
        yield context.table(("asked again", "before", "n", "up", "same", "down", ""), _pair_rows(numbers))
    yield f"results digest {frozen.digest}"


def _criteria(numbers: ReleasedStage) -> Iterator[tuple[str, str, CriterionResult]]:
    for key, measure in numbers.measures.items():
        for name, block in measure.criteria.items():
            yield key, name, block


def _verdict_rows(here: CommandContext, numbers: ReleasedStage) -> Iterator[tuple[Cell, ...]]:
    english = catalogues.catalogue("en")
    for key, name, block in _criteria(numbers):
        verdict = block.verdict
        yield (
            key,
            name,
            block.n,
            wording.point(block.median, english),
            phrases.said(wording.VERDICTS, verdict.verdict, english),
            "–" if verdict.margin is None else verdict.margin,
            STATES[block.stability.state],
            reading_words(block, here.definition.rules.dissent, english),
        )


def _reasons(here: CommandContext, numbers: ReleasedStage) -> Iterator[str]:
    english = catalogues.catalogue("en")
    for key, name, block in _criteria(numbers):
        scale = here.definition.scale_of(name)
        bands = {band.key: f"{band.start}–{band.end}" for band in scale.bands}
        verdict = block.verdict
        words = wording.verdict_sentence(verdict.code, verdict.numbers, english, bands)
        within = here.definition.protocol.stability.within
        stable = without.stability_of(block, english, within)
        yield f"{key} {name}: {words} {stable}"


def _withheld(block: Block) -> str:
    return missing_sentence(block, catalogues.catalogue("en"))


def _variable_rows(numbers: ReleasedStage) -> Iterator[tuple[Cell, ...]]:
    for key, block in numbers.variables.items():
        if block.counts is None:
            yield key, block.n, _withheld(block)
            continue
        lo = block.scale.lo if block.scale is not None else 0
        labels = block.labels or range(lo, lo + len(block.counts))
        given = zip(labels, block.counts, strict=True)
        yield key, block.n, ", ".join(f"{label}: {count}" for label, count in given)


def _pair_rows(numbers: ReleasedStage) -> Iterator[tuple[Cell, ...]]:
    for key, pair in numbers.pairs.items():
        moved = ("–" if one is None else one for one in (pair.up, pair.same, pair.down))
        yield key, pair.earlier, pair.n, *moved, _withheld(pair)


@click.command()
@click.argument("what", metavar="SLUG|FILE.zip")
def verify_command(what: str) -> None:
    """Recompute every frozen result and compare.

    Of a consultation, from the answers in the database; of a package, from the rows in it, with
    no database needed. Ends with 1 when something was changed.
    """
    if what.endswith(".zip"):
        verify_package(Path(what))
    else:
        _verify_consultation(what)


def _verify_consultation(slug: str) -> None:
    with context.reading(slug) as here:
        rows, is_sound = [], True
        for stage in stages_of(here.session, here.consultation.id):
            frozen = results.newest_result(here.session, stage)
            if frozen is not None:
                words, holds = _verified(here, stage, frozen)
                rows.append((stage.key, frozen.digest, words))
                is_sound = is_sound and holds
    if not rows:
        click.echo("no stage is frozen yet")
        return
    click.echo(context.table(("stage", "digest", ""), rows))
    if not is_sound:
        raise NotPossible("a frozen result is not what the answers give")


def _verified(here: CommandContext, stage: Stage, frozen: Result) -> tuple[str, bool]:
    """What became of a frozen result, in words, and whether that is as it should be."""
    told = json.loads(frozen.content)
    if digest(told) != frozen.digest:
        return "its content was changed", False
    protocol = starting.registered_protocol(here.session, here.consultation)
    given = gathering.stage_input(here.session, here.consultation, stage, protocol, frozen.frozen_at)
    words = _reproduced(told, written(stage_result(protocol, given)))
    if words is not None:
        changed = keeping.changed_files(here.session, here.consultation, frozen)
        since = f", but {', '.join(changed)} changed since" if changed else ""
        return words + since, not changed
    erased = leaving.erased(here.session, here.consultation.id)
    if not erased or not left_since(here.session, stage, frozen.frozen_at):
        return "the answers give another result", False
    return f"not reproducible: {erased} erased", True


def _reproduced(told: dict[str, Any], content: dict[str, Any]) -> str | None:
    """Words where the frozen content comes out again, as far as versions allow, else None."""
    now = plain(content)
    if digest(content) == digest(told):
        return REPRODUCED
    versions = [part["analysis_version"] for part in (told, now)]
    found = [one for one in differences("", told, now) if not one.startswith("analysis_version:")]
    return by_version(versions[0], versions[1], found)
