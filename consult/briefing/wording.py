"""Sentences for what the analysis says in codes and numbers, in the reader's language.

Every function takes ``translate``: anything with ``gettext`` and ``ngettext``, such as the
translations of the briefing or of a web request. Thresholds are said as counts ("14 needed"), so
that a small panel never reads as a percentage.
"""

import gettext as gettext_module
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol

PERCENT_FROM = 20
"""Below so many answers a share is given as a count only."""

TRANSLATIONS = Path(__file__).parent.parent / "web" / "translations"


class Translate(Protocol):
    """What sentences need of a catalogue."""

    def gettext(self, message: str) -> str: ...

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


@cache
def translations(language: str) -> gettext_module.NullTranslations:
    """The catalogue of a language; English where there is none."""
    return gettext_module.translation(
        "messages", localedir=str(TRANSLATIONS), languages=[language], fallback=True
    )


def counted(count: int, of: int, translate: Translate) -> str:
    """`15 of 18`; from 20 answers on with the share, `15 of 21 (71 %)`."""
    _ = translate.gettext
    words = _("%(count)d of %(of)d") % {"count": count, "of": of}
    if of < PERCENT_FROM:
        return words
    return words + _(" (%(share)d\u00a0%%)") % {"share": _half_up(100 * count, of)}


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def point(value: float | None) -> str:
    """A median or quartile as people write it: `7`, `7.5`."""
    if value is None:
        return "–"
    return f"{value:.2f}".rstrip("0").rstrip(".")


def verdict_sentence(
    code: str,
    numbers: Mapping[str, Any],
    translate: Translate,
    bands: Mapping[str, str] | None = None,
) -> str:
    """Why a measure has this verdict, in one sentence.

    ``code`` and ``numbers`` as ``analysis.consensus.judge`` gives them, or as they were released.
    ``bands``: words for the bands, such as ``{"high": "7–9"}``; without them their keys.
    """
    _ = translate.gettext
    names = dict(bands or {})
    clauses: Mapping[str, Any] = numbers.get("clauses") or {}
    known = {"n": numbers["n"], "respondents": numbers["respondents"], "needed": numbers["needed"]}
    if code == "too_few_ratings":
        return _("Not judged: %(n)d rated it, at least %(needed)d are needed.") % known
    if code == "too_few_of_respondents":
        return _(
            "Not judged: %(n)d of %(respondents)d who took part rated it, "
            "at least %(needed)d are needed."
        ) % known  # fmt: skip
    if not clauses:
        return _("The numbers behind this verdict are withheld, because few rated it.")
    side = "out" if code in ("out", "out_blocked") else "in"
    said = [clause_words(clause, translate, names) for clause in clauses[side]]
    if code in ("in", "out"):
        opening = _("In: %(why)s.") if code == "in" else _("Out: %(why)s.")
        return opening % {"why": "; ".join(said)}
    if code in ("in_blocked", "out_blocked"):
        failing = next(
            (words for words, clause in zip(said, clauses[side], strict=True)
             if not clause["holds"]), said[-1],
        )  # fmt: skip
        return _("No verdict: %(first)s, but %(failing)s.") % {"first": said[0], "failing": failing}
    both = [clause_words(clauses[name][0], translate, names) for name in ("in", "out")]
    return _("No verdict: %(why)s.") % {"why": "; ".join(dict.fromkeys(both))}


def clause_words(clause: Mapping[str, Any], translate: Translate, bands: Mapping[str, str]) -> str:
    """One clause of the rule with what was found: `15 of 18 rated it 7–9 (14 needed)`."""
    _, ngettext = translate.gettext, translate.ngettext
    kind = clause["kind"]
    if kind == "share":
        (numerator, denominator), band = clause["limit"], clause["band"]
        exact = numerator * clause["of"]
        least = -(-exact // denominator)
        found = ngettext(
            "%(count)s rated it %(band)s", "%(count)s rated it %(band)s", clause["count"]
        ) % {
            "count": counted(clause["count"], clause["of"], translate),
            "band": bands.get(band, _(band)),
        }
        if clause["op"] == ">=":
            return found + _(" (%(least)d needed)") % {"least": least}
        most = least - 1 if clause["op"] == "<" else exact // denominator
        return found + _(" (at most %(most)d allowed)") % {"most": most}
    if kind == "disagreement":
        if clause["holds"] is clause["present"]:
            return _("there are two camps by the IPRAS measure")
        return _("there are no two camps by the IPRAS measure")
    limit = point(clause["limit"][0] / clause["limit"][1])
    words = _MIDDLE[kind, clause["op"]][not clause["holds"]]
    return _(words) % {"limit": limit}


def N_(message: str) -> str:
    """Mark a message for the catalogue that is translated where it is used."""
    return message


_MIDDLE = {
    ("median", ">="): (
        N_("the median is at least %(limit)s"),
        N_("the median is below %(limit)s"),
    ),
    ("median", "<="): (
        N_("the median is at most %(limit)s"),
        N_("the median is above %(limit)s"),
    ),
    ("iqr", "<="): (
        N_("the middle half spans at most %(limit)s points"),
        N_("the middle half spans more than %(limit)s points"),
    ),
    ("iqr", ">="): (
        N_("the middle half spans at least %(limit)s points"),
        N_("the middle half spans less than %(limit)s points"),
    ),
}  # fmt: skip

BAND_KEYS = (N_("low"), N_("middle"), N_("high"))

OUTCOMES = {
    "agreed": N_("agreed"),
    "not_prioritised": N_("not prioritised"),
    "middling": N_("middling"),
    "stable_dissent": N_("stable dissent"),
    "still_moving": N_("still moving"),
    "not_judged": N_("not judged"),
}

CLASSES = {
    "act_now": N_("act now"),
    "prepare_hard": N_("prepare: important, agreed to be hard"),
    "prepare_disputed": N_("prepare: important, feasibility disputed"),
    "contested": N_("contested"),
    "middling": N_("middling"),
    "low_priority": N_("low priority"),
    "still_moving": N_("still moving"),
    "not_judged": N_("not judged"),
}

VERDICTS = {
    "in": N_("in"),
    "out": N_("out"),
    "none": N_("no verdict"),
    "not_judged": N_("not judged"),
}

STABILITY = {
    "stable": N_("Stable: ratings changed little since the round before."),
    "rated_once": N_("Stability unknown: rated in one round only."),
    "not_pairable": N_("Stability unknown: the wording was changed, so ratings do not compare."),
    "too_few_pairs": N_("Stability unknown: too few rated it in both rounds."),
    "share_within": N_("Still moving: many moved by more than the rule allows."),
    "median_shift": N_("Still moving: the median moved by more than the rule allows."),
    "net_change": N_("Still moving: too many moved to another band."),
}

SUPPRESSED = {
    "distribution_below_floor": N_("Not shown: too few answered for a distribution."),
    "median_below_floor": N_("Not shown: too few answered for a median."),
    "pairs_below_floor": N_("Not shown: too few answered both times."),
    "subgroup_below_floor": N_("Not shown: one of the groups is too small."),
    "complement": N_("Not shown: it would give away a figure that is not shown."),
    "differencing": N_("Not shown: set against another figure it would point at a few people."),
}

FATES = {
    "carried": N_("rated again"),
    "settled": N_("settled"),
    "dropped": N_("dropped"),
    "merged": N_("merged"),
    "reworded": N_("reworded"),
    "added": N_("added"),
}

DEVIATIONS = {
    "opened early": N_("opened early"),
    "closed early": N_("closed early"),
    "close moved": N_("close moved"),
}


def said(words: Mapping[str, str], code: str, translate: Translate) -> str:
    """The words for a code; the code itself where a later version of the analysis is ahead."""
    return translate.gettext(words[code]) if code in words else code


def stability_sentence(stability: Mapping[str, Any], translate: Translate) -> str:
    """Whether ratings were stable, with the pairs it rests on where they are known."""
    words = said(STABILITY, stability["code"], translate)
    numbers = stability.get("numbers") or {}
    if not numbers.get("pairs"):
        return words
    within = numbers.get("within_one")
    if within is None:
        return words
    _ = translate.gettext
    return words + " " + _("%(within)s stayed within one point.") % {
        "within": counted(within, numbers["pairs"], translate)
    }  # fmt: skip


def suppressed_sentence(code: str, translate: Translate) -> str:
    """Why a figure is not shown."""
    return said(SUPPRESSED, code, translate)


def certainty(criterion: Mapping[str, Any], translate: Translate) -> str:
    """How certain a result is: firm, one vote from failing, one vote short, divided, not judged."""
    _, ngettext = translate.gettext, translate.ngettext
    verdict, outcome = criterion["verdict"], criterion["outcome"]
    margin = verdict.get("margin")
    if outcome == "not_judged":
        return _("not judged")
    if outcome == "stable_dissent":
        return _("divided")
    if outcome == "still_moving":
        return _("still moving")
    if margin is None:
        return _("margin not known")
    if verdict["verdict"] in ("in", "out"):
        if margin == 1:
            return _("one vote from failing")
        return ngettext(
            "firm: %(margin)d vote would have to change",
            "firm: %(margin)d votes would have to change",
            margin,
        ) % {"margin": margin}
    if margin == 1:
        return _("one vote short")
    return ngettext("%(margin)d vote short", "%(margin)d votes short", margin) % {"margin": margin}
