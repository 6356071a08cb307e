"""The verdicts of a file of ratings as one table."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from analysis.model.stage import Stage
from analysis.protocol.rules import DissentRule
from analysis.verdict.leaning import reading


class VerdictRow(NamedTuple):
    """One item under one criterion in one round; ``outcome`` as it is read off the counts."""

    round: str
    item: str
    criterion: str
    n: int
    median: float | None
    q1: float | None
    q3: float | None
    counts: tuple[int, ...] | None
    verdict: str
    margin: int | None
    stability: str
    outcome: str
    leave_one_out_flips: int | None


def verdict_rows(stages: Iterable[Stage], rule: DissentRule) -> Iterator[VerdictRow]:
    """Every verdict, by round, item and criterion."""
    for stage in stages:
        for item, measure in stage.measures.items():
            for criterion, block in measure.criteria.items():
                robust = block.robustness
                yield VerdictRow(
                    stage.stage,
                    item,
                    criterion,
                    block.n,
                    block.median,
                    block.q1,
                    block.q3,
                    block.counts,
                    block.verdict.verdict.value,
                    block.verdict.margin,
                    block.stability.state.value,
                    reading(block, rule),
                    robust.leave_one_out.flips if robust else None,
                )
