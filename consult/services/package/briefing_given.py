"""What a briefing is written from, out of a package."""

from dataclasses import replace

from consult.briefing.given import Given
from consult.services.briefings import gather
from consult.services.package.restoring import Restored


def briefing_given(restored: Restored, language: str) -> Given:
    """What the briefing is made of, from a package whose results are in place."""
    given = gather(restored.session, restored.consultation, language)
    return replace(given, free_texts=restored.results["free_texts"])
