"""What became of a measure in words: a person's reason, or what the program noted by itself."""

from collections.abc import Callable, Mapping

from consult.fates import GoesInto, Noted
from consult.words.phrases import N_, Translate, said
from consult.words.wording import VERDICTS

GOES_INTO = N_("goes into “%(stage)s”")
STABLE = N_("stable")


def fate_reason(noted: Noted, translate: Translate, stage: Callable[[str], str], criteria: Mapping[str, str]) -> str:
    """Why it was carried or settled. `stage` gives a title by key, `criteria` hold labels."""
    if isinstance(noted, GoesInto):
        return translate.gettext(GOES_INTO) % {"stage": stage(noted.stage)}
    return "; ".join(
        f"{criteria.get(name, name)}: {said(VERDICTS, verdict, translate)}, " + translate.gettext(STABLE)
        for name, verdict in noted.verdicts
    )
