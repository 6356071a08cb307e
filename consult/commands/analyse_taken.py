"""How `consult analyse` took a file: the order of rounds, and what nobody declared."""

from collections.abc import Iterator

from analysis.model.file import FileDocument
from analysis.protocol.protocol import (
    Clause,
    ConsensusRule,
    DisagreementClause,
    MedianClause,
    Protocol,
    Scale,
    ShareClause,
)
from consult.commands import context
from consult.words.catalogues import ENGLISH
from consult.words.numbers import decimal

ORDERS = {
    "declared": "Rounds in the order declared",
    "numbers": "Rounds in the order of their numbers",
    "appearance": "Rounds in order of first appearance",
}


def sentences(document: FileDocument) -> Iterator[str]:
    """In which order rounds were taken, and what was assumed because nobody declared it."""
    if len(document.rounds) > 1:
        named = ", ".join(context.visible(key) for key in document.rounds)
        yield f"{ORDERS[document.round_order]}: {named}."
    protocol = Protocol.from_dict(document.protocol)
    scales = "; ".join(_scale_words(scale) for scale in protocol.scales)
    rule = _rule_words(protocol.consensus)
    words = {"scale": f"the scale, {scales}", "bands": f"bands in thirds, {scales}", "rule": f"the rule, {rule}"}
    if document.assumed:
        found = "; ".join(words[code] for code in document.assumed)
        yield f"Assumed, for nobody declared it: {found}. --protocol declares another."
    for doubt in document.assumed_doubts:
        yield (
            f"Warning: no {context.visible(doubt.criterion)} is above {doubt.highest}. If the "
            "scale ends there, declare it; judged on 1 to 9 these verdicts would mean nothing."
        )


def _rule_words(rule: ConsensusRule) -> str:
    into, out = (" and ".join(map(_clause_words, side)) for side in (rule.into, rule.out))
    return f"in with {into}; out with {out}; from {rule.minimum_n} ratings"


def _clause_words(clause: Clause) -> str:
    """A clause of a rule, before anything was counted."""
    if isinstance(clause, ShareClause):
        return f"{clause.band} {clause.op} {100 * clause.num / clause.den:.0f} %"
    if isinstance(clause, DisagreementClause):
        return "two camps" if clause.present else "no two camps (IPRAS)"
    limit = clause.twice / 2 if isinstance(clause, MedianClause) else clause.num / clause.den
    return f"{clause.kind} {clause.op} {decimal(limit, ENGLISH)}"


def _scale_words(scale: Scale) -> str:
    bands = ", ".join(f"{band.key} {band.lo}-{band.hi}" for band in scale.bands)
    return f"{scale.lo} to {scale.hi} ({bands})"
