"""What a folder's rules come to, where that needs more than reading them."""

from collections.abc import Iterator

from analysis.verdict import redundant
from consult.definition.checks.finding import Finding, Place
from consult.definition.consultation import Definition


def redundant_clauses(definition: Definition) -> Iterator[Finding]:
    """Warns of a clause that can never fail where the others hold, or of a set that never holds.

    Judged on the scale of the deciding criterion. Expects a definition without problems.
    """
    protocol = definition.rules
    if not protocol.criteria:
        return
    rule, scale = protocol.consensus, protocol.criterion_scale(protocol.deciding.key)
    raters = redundant.sizes(rule)
    for found in redundant.redundant_clauses(rule, scale, protocol.quantiles):
        number: Place = () if found.round is None else ("rounds", str(found.round))
        place: Place = ("protocol", "consensus", *number, found.side)
        if found.at is None:
            message = f"no panel of {raters[0]} to {raters[-1]} can ever meet these clauses"
            yield Finding(place, message, "check the bands and shares")
        else:
            message = "this clause can never fail where the others hold"
            yield Finding((*place, found.at), message, "it decides nothing; delete or tighten it")
