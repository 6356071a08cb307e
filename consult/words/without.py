"""What is found without some of those who rated, and how many that are: in words, never as tables."""

from analysis.model.criterion import CriterionResult
from analysis.model.stage import Participation
from analysis.protocol.states import Without
from consult.words.phrases import Translate
from consult.words.wording import counted, stability_sentence


def stability_of(block: CriterionResult, translate: Translate, within: int) -> str:
    """Whether ratings were stable; and what is found without those kept from the short list or only saved."""
    found = [stability_sentence(block.stability, translate, within)]
    _ = translate.gettext
    if (listed := block.kept_in_list) is not None:
        kept = _("%(count)s kept their rating from the short list") % {
            "count": counted(listed.kept, block.n, translate)
        }
        found.append(f"{kept}; {_without(listed.verdict, listed.stability, translate)}.")
    if (saved := block.counted_at_close) is not None:
        rated = _("%(count)s were saved and counted at the close") % {
            "count": counted(saved.counted, block.n, translate)
        }
        found.append(f"{rated}; {_without(saved.verdict, saved.stability, translate)}.")
    return " ".join(found)


def _without(verdict: Without, stability: Without | None, translate: Translate) -> str:
    _ = translate.gettext
    same, other = Without.UNCHANGED, Without.CHANGES
    return {
        (same, same): _("without them, verdict and stability are the same"),
        (other, same): _("without them, the verdict is another"),
        (same, other): _("without them, stability is another"),
        (other, other): _("without them, verdict and stability are others"),
        (same, None): _("without them, the verdict is the same"),
        (other, None): _("without them, the verdict is another"),
    }[verdict, stability]


def saved_sentence(title: str, taken: Participation, translate: Translate) -> str:
    """How many of a stage only saved, and that it counted; nothing where nobody did."""
    if not taken.counted_at_close or not taken.submitted:
        return ""
    saved = counted(taken.counted_at_close, taken.submitted, translate)
    return translate.gettext(
        "%(stage)s: of those who submitted, %(saved)s did not press Submit; their saved answers counted at the close."
    ) % {"stage": title, "saved": saved}
