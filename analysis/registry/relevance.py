"""What rules of panels make of the ratings of one item: in, out, relevant."""

from collections.abc import Iterator

from analysis.registry.entry import Figure, Statistic, number, truth, word
from analysis.registry.given import OneMeasure
from analysis.statistics.appropriateness import classify, ipras, share_rule
from analysis.statistics.content_validity import aiken_v, content_ratio, critical_ratio, item_validity, modified_kappa
from analysis.statistics.panel_rule import agrees_by_panel_rule, disagrees_by_panel_rule
from analysis.statistics.value import OUT_OF_RANGE, SCALE_TOO_SHORT

RAM = (1, 9)
"""The scale for which the RAND/UCLA method was made."""


def _rand(given: OneMeasure) -> Iterator[Figure]:
    lo, hi = given.scale.lo, given.scale.hi
    if (lo, hi) != RAM:
        yield word("class", None, why=OUT_OF_RANGE)
    else:
        for kind, half in (("strict", "half medians uncertain"), ("up", "half medians to the higher class")):
            found = ipras(given.counts, lo, hi).disagreement
            yield word(f"class, {half}", classify(given.counts, bool(found), kind))
    why = SCALE_TOO_SHORT if given.scale.k % 3 else OUT_OF_RANGE
    yield truth("agreement by panel size", agrees_by_panel_rule(given.counts, lo), why=why)
    yield truth("disagreement by panel size", disagrees_by_panel_rule(given.counts), why=why)


def _ipras(given: OneMeasure) -> Iterator[Figure]:
    kind = given.protocol.quantiles.ipras_type
    found = ipras(given.counts, given.scale.lo, given.scale.hi, kind)
    yield number(f"IPR, type {kind}", found.ipr)
    yield number("IPRAS", found.ipras)
    yield number("disagreement index", found.disagreement_index)
    yield truth("disagreement", found.disagreement)


def _comet(given: OneMeasure) -> Iterator[Figure]:
    if given.ends is None:
        yield word("COMET 70/15", None, why=SCALE_TOO_SHORT)
        return
    low, high = given.ends
    yield word("COMET 70/15", share_rule(given.within(high), given.within(low), given.n))


def _content(given: OneMeasure) -> Iterator[Figure]:
    n = given.n
    if given.ends is None:
        yield number("I-CVI", None, why=SCALE_TOO_SHORT)
    else:
        high = given.ends[1]
        relevant = given.within(high)
        yield number("I-CVI", item_validity(relevant, n), high.key)
        yield number("modified kappa", modified_kappa(relevant, n), high.key)
        yield number("CVR", content_ratio(relevant, n), high.key)
        yield number("critical CVR", critical_ratio(n), high.key)
    yield number("Aiken V", aiken_v(given.counts))


RELEVANCE: tuple[Statistic[OneMeasure], ...] = (
    Statistic(
        "rand",
        "RAND/UCLA class, panel-size rule",
        "appropriate, uncertain, inappropriate",
        "scales without thirds; panels outside 7–25",
        "Fitch et al. 2001",
        _rand,
    ),
    Statistic(
        "ipras",
        "IPRAS, disagreement index",
        "do two camps disagree, skew allowed for",
        "as validated on other scales than 1–9",
        "Fitch et al. 2001",
        _ipras,
    ),
    Statistic(
        "comet",
        "COMET 70/15",
        "in or out of a core outcome set, beside the registered rule",
        "choosing the threshold after the data",
        "Harman et al. 2013; Williamson et al. 2017",
        _comet,
    ),
    Statistic(
        "content-validity",
        "I-CVI, modified κ, CVR, Aiken V",
        "do experts find an item relevant (the highest band)",
        "below the critical CVR of that panel size",
        "Lynn 1986; Polit et al. 2007; Lawshe 1975; Ayre & Scally 2014; Aiken 1980",
        _content,
    ),
)
