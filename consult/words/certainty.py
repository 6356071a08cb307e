"""What would change a result, in one statement: ratings, those who stopped, the panel redrawn."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.model.criterion import CriterionResult
from analysis.model.stage import Stage
from analysis.protocol.protocol import Protocol
from analysis.verdict.clauses import ClauseContext
from analysis.verdict.stopping import Tipping, tipping
from consult.words.phrases import Translate
from consult.words.wording import VERDICTS


class Redraws(NamedTuple):
    """In how many of a hundred panels drawn again a measure is among so many first."""

    first: int
    in_hundred: int


def redraws_of(numbers: Stage | None, key: str, *, by_picks: bool) -> Redraws | None:
    """Of a round's first places, by picks or by share; None where they do not say."""
    first = numbers.first if numbers is not None else None
    if first is None:
        return None
    chance = ((first.by_picks if by_picks else first.by_share) or {}).get(key)
    return None if chance is None else Redraws(first.pick, round(100 * chance))


def stopped(
    protocol: Protocol, criterion: str, block: CriterionResult, before: Sequence[int], number: int | None
) -> Tipping | None:
    """What those who stopped could have changed; None where nobody did or counts are withheld.

    `before`: submissions of the earlier rounds that asked it. Who stopped: as many as fell away
    since the fullest of them, not only since the round before.
    """
    gone = max(before, default=0) - block.respondents
    if gone < 1 or block.counts is None or block.verdict.verdict == "not_judged":
        return None
    rule = protocol.consensus
    withheld = block.answered - block.n if rule.denominator == "answered" else 0
    bench = ClauseContext(protocol.criterion_scale(criterion), protocol.quantiles, withheld)
    counts = np.asarray(block.counts, np.int64)
    return tipping(rule, bench, counts, gone, number)


def what_would_change(
    block: CriterionResult,
    bands: Sequence[str],
    translate: Translate,
    missing: Tipping | None = None,
    redraws: Redraws | None = None,
) -> str:
    """`2 ratings would have to change; “no verdict” if 2 of the 4 who stopped had rated it lowest`.

    `bands`: the keys of the bands at both ends of the scale.
    """
    parts = [_ratings(block, bands, translate)]
    if missing is not None:
        parts.append(_missing(missing, translate))
    if redraws is not None:
        parts.append(
            translate.gettext("among the first %(first)d in %(chance)d of 100 panels drawn again")
            % {"first": redraws.first, "chance": redraws.in_hundred}
        )
    return "; ".join(parts)


def _ratings(block: CriterionResult, bands: Sequence[str], translate: Translate) -> str:
    """How many ratings lie between a measure and another verdict; in words where none would do."""
    _, ngettext = translate.gettext, translate.ngettext
    verdict = block.verdict
    margin = verdict.margin
    if verdict.verdict == "not_judged":
        return _("not judged")
    shares = block.shares or {}
    if verdict.verdict == "none" and shares and not any(shares[key].count for key in bands):
        return _("nobody rated it high or low")
    if margin is None:
        return _("how many ratings would change it is not known")
    if verdict.verdict in ("in", "out"):
        return ngettext("%(num)d rating would have to change", "%(num)d ratings would have to change", margin) % {
            "num": margin
        }
    towards = verdict.numbers.towards
    nearest = _(VERDICTS[towards]) if towards in VERDICTS else _("in or out")
    return ngettext("%(num)d rating short of “%(verdict)s”", "%(num)d ratings short of “%(verdict)s”", margin) % {
        "num": margin,
        "verdict": nearest,
    }


def _missing(missing: Tipping, translate: Translate) -> str:
    _, ngettext = translate.gettext, translate.ngettext
    if missing.needed is None or missing.verdict is None:
        return ngettext(
            "it would stand even if the %(gone)d who stopped had rated it lowest or highest",
            "it would stand even if all %(gone)d who stopped had rated it lowest or highest",
            missing.gone,
        ) % {"gone": missing.gone}
    words = {
        "low": _("“%(verdict)s” if %(num)d of the %(gone)d who stopped had rated it lowest"),
        "high": _("“%(verdict)s” if %(num)d of the %(gone)d who stopped had rated it highest"),
    }[missing.end or "low"]
    verdict = _(VERDICTS[missing.verdict])
    return words % {"num": missing.needed, "gone": missing.gone, "verdict": verdict}
