"""What a briefing is written from, out of a package."""

from dataclasses import replace

from consult.briefing.context import BriefingInput
from consult.services.briefings import gather
from consult.services.package.restoring import Restored


def briefing_input(restored: Restored, language: str) -> BriefingInput:
    """What the briefing is made of, from a package whose results are in place."""
    given = gather(restored.session, restored.consultation, language)
    return replace(given, free_texts=restored.results["free_texts"])
