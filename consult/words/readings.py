"""What a panel says of a measure, in words that its counts make true.

Codes come from `verdict.leaning`, read off frozen results; nothing here stands in one. Results
frozen under older codes are read the same way.
"""

from collections.abc import Callable, Mapping

from analysis.model.criterion import CriterionResult
from analysis.model.stage import MeasureResult
from analysis.protocol.protocol import DissentRule
from analysis.verdict.leaning import measure_class, reading
from consult.definition.measure import Criterion, Measures
from consult.statuses import Ending, Status, Statuses
from consult.words.phrases import N_, Translate, said
from consult.words.wording import FATES, counted

Read = Callable[[Mapping[str, str] | None], str]

READINGS = {
    "agreed": N_("agreed"),
    "nearly_in": N_("nearly agreed"),
    "leaning_in": N_("leaning high"),
    "divided": N_("lasting disagreement"),
    "uncertain": N_("no agreement either way"),
    "leaning_out": N_("leaning low"),
    "nearly_out": N_("nearly agreed as low"),
    "not_prioritised": N_("not prioritised"),
    "still_moving": N_("still moving"),
    "stability_unknown": N_("stability not known"),
    "no_verdict": N_("no verdict"),
    "not_judged": N_("not judged"),
}

ENDINGS: Mapping[str, str] = {
    Ending.DROPPED: FATES["dropped"],
    Ending.MERGED: FATES["merged"],
    Ending.UNRATED: N_("not rated in any round"),
}


def standing_sentence(statuses: Statuses, translate: Translate) -> str:
    """Whether what is said of the measures is final, or after which round it was said."""
    if statuses.is_final:
        return translate.gettext("The consultation is finished: what became of each measure is final.")
    return translate.gettext("Provisional, after round %(round)d: the consultation is not finished yet.") % {
        "round": statuses.after
    }


def reading_words(block: CriterionResult, rule: DissentRule, translate: Translate) -> str:
    """What a block of figures says under one criterion; how many are short where few are."""
    code = reading(block, rule)
    words = said(READINGS, code, translate)
    if code not in ("nearly_in", "nearly_out"):
        return words
    numbers = block.verdict.numbers
    short = (numbers.to_in if code == "nearly_in" else numbers.to_out) or 0
    return translate.ngettext("%(reading)s, %(num)d rating short", "%(reading)s, %(num)d ratings short", short) % {
        "reading": words,
        "num": short,
    }


class Classes:
    """The class of a measure, in words: what was agreed on the deciding criterion, then on the
    other. A criterion may say in words of its own what agreement on it means."""

    def __init__(self, content: Measures, rule: DissentRule, translate: Translate, read: Read) -> None:
        self.deciding, self.sorting = content.deciding, content.sorting
        self.rule, self.translate, self.read = rule, translate, read

    def code(self, measure: MeasureResult) -> str:
        """One of `analysis.verdict.leaning.CLASS_READINGS` for a released measure."""
        sorting = self.sorting.key if self.sorting else None
        return measure_class(measure.criteria, self.deciding.key, sorting, self.rule)

    def status(self, status: Status, measure: MeasureResult | None) -> str:
        """What a measure came to; `measure`: its figures of the round that the status names."""
        if status.code in ENDINGS or measure is None:
            words = said(ENDINGS, status.code, self.translate)
            return f"{words} ({status.into})" if status.into else words
        return self.words(measure)

    def statuses(self, known: Statuses, figures: Mapping[str, Mapping[str, MeasureResult]]) -> dict[str, str]:
        """What every measure came to, by key. `figures`: those released, by stage and measure."""
        return {
            key: self.status(status, figures.get(status.stage or "", {}).get(key))
            for key, status in known.measures.items()
        }

    def status_name(self, code: str) -> str:
        """The name of a status, for a list of them."""
        return said(ENDINGS, code, self.translate) if code in ENDINGS else self.name(code)

    def words(self, measure: MeasureResult) -> str:
        """The class of one measure, with what can be said of a criterion that is open."""
        sorting = self._block(measure, self.sorting)
        name = self.name(self.code(measure), is_sorted=sorting is not None)
        if self.code(measure) == "prepare_open" and sorting is not None:
            open_words = reading_words(sorting, self.rule, self.translate)
            assert self.sorting is not None
            return f"{self._agreed(self.deciding)}; {self.read(self.sorting.label)}: {open_words}"
        if self.code(measure) in ("nearly_in", "nearly_out"):
            return reading_words(measure.criteria[self.deciding.key], self.rule, self.translate)
        return name

    def name(self, code: str, *, is_sorted: bool = True) -> str:
        """The name of a class, for a list of them."""
        _, other = self.translate.gettext, self.sorting if is_sorted else None
        if code == "act_now":
            return "; ".join(self._agreed(item) for item in (self.deciding, other) if item)
        if code == "low_priority":
            return self._low(self.deciding, said(READINGS, "not_prioritised", self.translate))
        if other is not None and code == "prepare_hard":
            as_low = _("agreed as low")
            low = self._low(other, f"{self.read(other.label)}: {as_low}")
            return f"{self._agreed(self.deciding)}; {low}"
        if other is not None and code == "prepare_open":
            label, is_open = self.read(other.label), _("not agreed")
            return f"{self._agreed(self.deciding)}; {label}: {is_open}"
        return said(READINGS, code, self.translate)

    def _block(self, measure: MeasureResult, criterion: Criterion | None) -> CriterionResult | None:
        return measure.criteria.get(criterion.key) if criterion else None

    def _agreed(self, criterion: Criterion) -> str:
        if criterion.agreed is not None:
            return self.read(criterion.agreed)
        return f"{self.read(criterion.label)}: {said(READINGS, 'agreed', self.translate)}"

    def _low(self, criterion: Criterion, otherwise: str) -> str:
        return self.read(criterion.agreed_low) if criterion.agreed_low is not None else otherwise


def sides_sentence(block: CriterionResult, rule: DissentRule, bands: Mapping[str, str], translate: Translate) -> str:
    """Why a panel is called divided: both sides in people, and the share that makes a side."""
    if reading(block, rule) != "divided":
        return ""
    shares = block.shares or {}
    low, high = (counted(shares[band].count, block.n, translate) for band in (rule.bands[0], rule.bands[-1]))
    return translate.gettext(
        "Lasting disagreement: %(low)s rated it %(bottom)s and %(high)s %(top)s, on each side at "
        "least %(part)d in %(whole)d."
    ) % {
        "low": low,
        "bottom": bands.get(rule.bands[0], rule.bands[0]),
        "high": high,
        "top": bands.get(rule.bands[-1], rule.bands[-1]),
        "part": rule.each_band[0],
        "whole": rule.each_band[1],
    }
