"""Mails at the end: of a stage with what counts and what follows, of the whole with its results."""

import lxml.html
import pytest

from consult.config import Config
from consult.definition.consultation import Definition
from consult.services.access import purposes
from consult.services.mail import closing
from tests.services.conftest import World
from tests.services.mail.test_composing import composed, content

RESULTS = "/c/town-library/public"


def test_who_submitted_and_who_only_began_read_something_else(definition: Definition) -> None:
    following = closing.following("en", "Round 2", "2 November")
    both = [
        closing.closed(definition, "en", "Anna", "Round 1", following, has_submitted=has_submitted).body
        for has_submitted in (True, False)
    ]
    assert "your answers count" in both[0] and "does not count" in both[1]
    assert all("opens on 2 November" in body for body in both)


def test_the_last_mail_leads_to_the_results_and_is_nobodys_own(world: World, config: Config) -> None:
    address = config.public_url.rstrip("/") + RESULTS
    mail = closing.finished(world.definition, "en", "Anna", address)
    assert "/i/" not in mail.body
    page = lxml.html.fromstring(content(composed(world, config, purposes.FINISHED, "", mail), "html"))
    assert page.xpath("//a/@href") == [address]


@pytest.mark.parametrize("language", ["da", "de", "et", "fi", "is", "lt", "lv", "nb", "pl", "ru", "sv"])
def test_it_is_written_in_the_experts_language(definition: Definition, language: str) -> None:
    english, own = (closing.finished(definition, code, "Anna", "x") for code in ("en", language))
    assert own.subject != english.subject and "last round" not in own.body and "proposed measure" not in own.body
