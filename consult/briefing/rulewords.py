"""The registered rules, in words: every threshold as so many of so many."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from analysis.protocol.protocol import Protocol
from consult.briefing.context import BriefingContext
from consult.definition.rules import ClauseText
from consult.released_texts import SIDES
from consult.words.wording import point


def rule_lines(ctx: BriefingContext) -> Iterator[str]:
    """Consensus, stability, outcome, stopping, feedback and disclosure, one sentence each."""
    _ = ctx.t.gettext
    protocol = ctx.definition.rules
    text = ctx.definition.protocol
    yield _("In: %(clauses)s. Out: %(out)s.") % {
        "clauses": _clauses(ctx, text.consensus.into),
        "out": _clauses(ctx, text.consensus.out),
    }
    yield _("A verdict needs %(n)d ratings, from at least %(share)s of those who took part.") % {
        "n": protocol.consensus.minimum_n,
        "share": _ratio(ctx, protocol.consensus.minimum_share),
    }
    rule = protocol.stability
    yield _(
        "Stable: of at least %(pairs)d who rated in both rounds, %(share)s move by at most "
        "%(within)d on the scale, the median moves by at most %(shift)s, and fewer than %(net)s "
        "change band on balance. With so few people this rule calls a part of truly stable "
        "measures moving."
    ) % {
        "pairs": rule.minimum_pairs,
        "share": _ratio(ctx, rule.share_within),
        "within": rule.within,
        "shift": point(rule.median_shift[0] / rule.median_shift[1], ctx.t),
        "net": _ratio(ctx, rule.net_band_change),
    }
    yield from _procedure(ctx, protocol)


def _procedure(ctx: BriefingContext, protocol: Protocol) -> Iterator[str]:
    """Dissent, rounds, feedback, disclosure, quantiles."""
    _ = ctx.t.gettext
    yield _("Lasting disagreement: stable, and at least %(share)s in each of the outer bands.") % {
        "share": _ratio(ctx, protocol.dissent.each_band)
    }
    yield _(
        "%(rounds)d rounds, fixed in advance; the panel was never asked until it agreed. The "
        "verdict is that of the last round in which a measure was rated."
    ) % {"rounds": protocol.stopping.rounds}
    yield from feedback_lines(ctx)
    floor = protocol.disclosure
    yield _(
        "Shown: a distribution from %(distribution)d answers, a median from %(median)d, reasons "
        "from %(reasons)d, a group from %(subgroup)d in every cell, changes from %(paired)d pairs."
    ) % {
        "distribution": floor.distribution,
        "median": floor.median,
        "reasons": floor.reasons,
        "subgroup": floor.subgroup,
        "paired": floor.paired,
    }
    yield _("Quartiles are of type %(quartiles)d, percentiles of IPRAS of type %(ipras)d (Hyndman and Fan 1996).") % {
        "quartiles": protocol.quantiles.quartile_type,
        "ipras": protocol.quantiles.ipras_type,
    }


def feedback_lines(ctx: BriefingContext) -> Iterator[str]:
    """What was shown of a round in the next one: by the rule as far as it came to it, and by the
    record how many reasons there were. Nothing where no round could show any."""
    _, rule = ctx.t.gettext, ctx.definition.rules.feedback
    shown = [stage for stage in ctx.rounds if (stage.round or 0) >= rule.from_round - 1][:-1]
    if not shown:
        return
    forms = {*(rule.randomise or (rule.form,)), *(form for _number, form in rule.rounds)}
    if forms & {"bars_beside", "bars_on_scale", "short_list"}:
        yield _(
            "From round %(round)d on experts saw of the round before: the median, how many rated "
            "it where, and the distribution as bars."
        ) % {"round": rule.from_round}
    elif "words" in forms:
        yield _(
            "From round %(round)d on experts saw of the round before: the median, and how many "
            "rated it where, in words."
        ) % {"round": rule.from_round}
    if "short_list" in forms:
        yield _(
            "Measures with a clear verdict, on which an expert was near the panel, stood in a short list of one line "
            "each; such ratings could be kept from the list one by one, and this was recorded."
        )
    released = [said for stage in shown for one in stage.texts.values() for said in one.criteria.values()]
    counts = Counter({side: sum(len(said.of(side)) for said in released) for side in SIDES})
    if not counts.total():
        yield _("No reasons were shown to the panel.")
        return
    yield _(
        "Reasons shown to the panel in the next round: %(high)d with high ratings, %(low)d with "
        "low ones, %(other)d with their side not named."
    ) % dict(counts)


def evidence_line(ctx: BriefingContext) -> str:
    """Whether experts were given the evidence on the measures; nothing where there is none."""
    if not ctx.definition.evidence:
        return ""
    _ = ctx.t.gettext
    return {
        "never": _("Experts were not shown it beside the measures they rated."),
        "on_request": _("Experts could open it beside each measure while they rated."),
        "after_first_rating": _("Experts could open it beside a measure once they had rated it."),
    }[ctx.definition.rules.feedback.evidence]


def _ratio(ctx: BriefingContext, share: tuple[int, int]) -> str:
    return ctx.t.gettext("%(part)d in %(whole)d") % {"part": share[0], "whole": share[1]}


def _clauses(ctx: BriefingContext, clauses: tuple[ClauseText, ...]) -> str:
    return ", ".join(_clause(ctx, clause) for clause in clauses)


def _clause(ctx: BriefingContext, clause: ClauseText) -> str:
    _ = ctx.t.gettext
    built: Any = clause.build()
    kind = built.kind
    if kind == "share":
        words = {">=": _("at least %(part)s rate it “%(band)s”"), "<": _("fewer than %(part)s rate it “%(band)s”")}[
            built.op
        ]
        share = _ratio(ctx, (built.num, built.den))
        return words % {"part": share, "band": _(built.band)}
    if kind == "median":
        words = {">=": _("median at least %(limit)s"), "<=": _("median at most %(limit)s")}[built.op]
        return words % {"limit": point(built.twice / 2, ctx.t)}
    if kind == "iqr":
        words = {
            "<=": _("middle half at most %(limit)s points wide"),
            ">=": _("middle half at least %(limit)s points wide"),
        }[built.op]
        return words % {"limit": point(built.num / built.den, ctx.t)}
    return _("disagreement by IPRAS") if built.present else _("no disagreement by IPRAS")
