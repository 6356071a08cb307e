"""Sentences for what the analysis says in codes and numbers, in the reader's language.

Every function takes ``translate``: anything with ``gettext`` and ``ngettext``, such as the
translations of the briefing or of a web request. Thresholds are said as counts ("14 needed"), so
that a small panel never reads as a percentage.
"""

from collections.abc import Mapping, Sequence
from math import ceil, floor

from analysis.model.criterion import ClauseFacts, StabilityResult, VerdictNumbers
from consult.fates import Fate
from consult.words.numbers import decimal
from consult.words.phrases import N_, Translate, language_of, said

PERCENT_FROM = 20
"""Below so many answers a share is given as a count only."""


def counted(count: int, of: int, translate: Translate) -> str:
    """`15 of 18`; from 20 answers on with the share, `15 of 21 (71 %)`."""
    _ = translate.gettext
    words = _("%(count)d of %(of)d") % {"count": count, "of": of}
    if of < PERCENT_FROM:
        return words
    return words + _(" (%(share)d\u00a0%%)") % {"share": _half_up(100 * count, of)}


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def point(value: float | None, translate: Translate) -> str:
    """A median or quartile as people write it: `7`, `7.5`, in Russian `7,5`."""
    return decimal(value, language_of(translate))


OPENINGS = {
    "in": N_("In: %(why)s."),
    "out": N_("Out: %(why)s."),
    "none": N_("No verdict: %(why)s."),
    "not_judged": N_("Not judged: %(why)s."),
}


def middle_points(
    counts: Sequence[int] | None, lo: int, q1: float | None, q3: float | None
) -> tuple[int, int, int] | None:
    """How many rated at the points around the middle half, and the first and last such point.

    Quartiles may lie where nobody can rate (7.25): the points around them are named instead, and
    those at either end that nobody chose are left out. Where too few for half of those who rated
    would be left (a quartile may lie far from any point that somebody chose), the next points out
    that somebody chose are named.
    """
    if not counts or q1 is None or q3 is None:
        return None
    chosen = [lo + at for at, people in enumerate(counts) if people]
    inside = [at for at in chosen if floor(q1) <= at <= ceil(q3)]
    if 2 * sum(counts[at - lo] for at in inside) < sum(counts):
        low = max(at for at in chosen if at <= q1)
        high = min(at for at in chosen if at >= q3)
        inside = [at for at in chosen if low <= at <= high]
    return sum(counts[at - lo] for at in inside), inside[0], inside[-1]


def verdict_sentence(
    code: str, numbers: VerdictNumbers, translate: Translate, bands: Mapping[str, str] | None = None
) -> str:
    """Why a measure has this verdict, in one sentence that begins with the verdict.

    ``code`` and ``numbers`` as ``verdict.consensus.judge`` gives them, or as they were released.
    ``bands``: words for the bands, such as ``{"high": "7–9"}``; without them their keys.
    """
    why = verdict_reason(code, numbers, translate, bands)
    if code.startswith("too_few"):
        opening = "not_judged"
    elif not numbers.clauses:
        return f"{why}."
    else:
        opening = code if code in ("in", "out") else "none"
    return translate.gettext(OPENINGS[opening]) % {"why": why}


def verdict_reason(
    code: str, numbers: VerdictNumbers, translate: Translate, bands: Mapping[str, str] | None = None
) -> str:
    """The same without the verdict and the full stop, to stand beside it."""
    _ = translate.gettext
    names = dict(bands or {})
    clauses = numbers.clauses
    known = {"n": numbers.n, "respondents": numbers.respondents, "needed": numbers.needed}
    if code == "too_few_ratings":
        return _("%(n)d rated it, at least %(needed)d are needed") % known
    if code == "too_few_of_respondents":
        return _("%(n)d of %(respondents)d who took part rated it, at least %(needed)d are needed") % known
    if clauses is None:
        return _("The numbers behind this verdict are withheld, because few rated it")
    side = clauses.out if code in ("out", "out_blocked") else clauses.into
    said = [clause_words(clause, translate, names) for clause in side]
    if code in ("in", "out"):
        return "; ".join(said)
    if code in ("in_blocked", "out_blocked"):
        failing = next((words for words, clause in zip(said, side, strict=True) if not clause.holds), said[-1])
        return _("%(first)s, but %(failing)s") % {"first": said[0], "failing": failing}
    both = [clause_words(side[0], translate, names) for side in (clauses.into, clauses.out)]
    return "; ".join(dict.fromkeys(both))


def clause_words(clause: ClauseFacts, translate: Translate, bands: Mapping[str, str]) -> str:
    """One clause of the rule with what was found: `15 of 18 rated it 7–9 (14 needed)`."""
    _ = translate.gettext
    if clause.kind == "share":
        return _share_words(clause, translate, bands)
    if clause.kind == "disagreement":
        if clause.holds is clause.present:
            return _("ratings spread widely by the IPRAS measure")
        return _("ratings do not spread widely by the IPRAS measure")
    numerator, denominator = clause.limit or (0, 1)
    words = _MIDDLE[clause.kind, clause.op or ""][not clause.holds]
    return _(words) % {"limit": point(numerator / denominator, translate)}


def _share_words(clause: ClauseFacts, translate: Translate, bands: Mapping[str, str]) -> str:
    """How many of how many rated in a band, and how many would do."""
    _, ngettext = translate.gettext, translate.ngettext
    numerator, denominator = clause.limit or (0, 1)
    count, of, band = clause.count or 0, clause.of or 0, clause.band or ""
    exact = numerator * of
    least = -(-exact // denominator)
    found = ngettext("%(count)s rated it %(band)s", "%(count)s rated it %(band)s", count) % {
        "count": counted(count, of, translate),
        "band": bands.get(band, _(band)),
    }
    if clause.op == ">=":
        return found + _(" (%(least)d needed)") % {"least": least}
    most = least - 1 if clause.op == "<" else exact // denominator
    return found + _(" (at most %(most)d allowed)") % {"most": most}


_MIDDLE = {
    ("median", ">="): (N_("the median is at least %(limit)s"), N_("the median is below %(limit)s")),
    ("median", "<="): (N_("the median is at most %(limit)s"), N_("the median is above %(limit)s")),
    ("iqr", "<="): (
        N_("the middle half spans at most %(limit)s points"),
        N_("the middle half spans more than %(limit)s points"),
    ),
    ("iqr", ">="): (
        N_("the middle half spans at least %(limit)s points"),
        N_("the middle half spans less than %(limit)s points"),
    ),
}

BAND_KEYS = (N_("low"), N_("middle"), N_("high"))

VERDICTS = {"in": N_("in"), "out": N_("out"), "none": N_("no verdict"), "not_judged": N_("not judged")}

STABILITY = {
    "stable": N_("Stable: ratings changed little since the round before."),
    "rated_once": N_("Stability not known: rated in one round only."),
    "not_pairable": N_("Stability not known: the wording was changed, so ratings do not compare."),
    "kept_in_list": N_("Stability not known: over a third kept their rating from the short list."),
    "too_few_pairs": N_("Stability not known: too few rated it in both rounds."),
    "share_within": N_("too many moved further than the rule allows"),
    "median_shift": N_("the median moved by more than the rule allows"),
    "net_change": N_("more changed band one way than the other than the rule allows"),
}

FATES: Mapping[str, str] = {
    Fate.CARRIED: N_("rated again"),
    Fate.SETTLED: N_("settled"),
    Fate.DROPPED: N_("not taken further"),
    Fate.MERGED: N_("merged"),
    Fate.REWORDED: N_("reworded"),
    Fate.ADDED: N_("added"),
}

DEVIATIONS = {"opened early": N_("opened early"), "closed early": N_("closed early"), "close moved": N_("close moved")}


def stability_sentence(stability: StabilityResult, translate: Translate, within: int) -> str:
    """Whether ratings were stable, with the pairs it rests on where they are known.

    `within`: by how many points the rule lets people move. Where many stayed that close and the
    ratings count as moving all the same, both are said as what they are.
    """
    _ = translate.gettext
    stayed = _stayed(stability, translate, within)
    if stability.state != "moving":
        words = said(STABILITY, stability.code, translate)
        return f"{words} {stayed[0].upper()}{stayed[1:]}." if stayed else words
    why = "; ".join(said(STABILITY, code, translate) for code in stability.codes)
    if not stayed:
        return _("Still moving: %(why)s.") % {"why": why}
    if "share_within" in stability.codes:
        return _("Still moving: %(why)s; only %(stayed)s.") % {"why": why, "stayed": stayed}
    return _("Still moving: %(why)s, though %(stayed)s.") % {"why": why, "stayed": stayed}


def _stayed(stability: StabilityResult, translate: Translate, within: int) -> str:
    """`16 of 16 stayed within 1 point`; empty where it is not known."""
    numbers = stability.numbers
    if numbers is None or not numbers.pairs or numbers.within_one is None:
        return ""
    return translate.ngettext(
        "%(count)s stayed within %(num)d point", "%(count)s stayed within %(num)d points", within
    ) % {"count": counted(numbers.within_one, numbers.pairs, translate), "num": within}
