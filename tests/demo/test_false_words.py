"""No page of the finished demonstration says what its frozen counts do not."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from consult.briefing import html
from consult.config import Config
from consult.database import Database
from consult.models import Account, Consultation, Stage
from consult.services.briefings import briefing_of
from consult.services.rounds.results import released_numbers
from consult.services.staff import sign_in
from consult.web.application import make_app
from consult.web.results.charting.views import VIEWS

SLUG = "ndpc-2020"
FALSE = re.compile(
    r"\bfirm\b|\bdisputed\b|\bvotes?\b|\bcontested\b|\bmiddling\b"
    r"|happens when the next round opens|half of the panel rated|\btwo camps\b"
    r"|(?<!changed or )\bdropped\b"  # a line of the checklist asks so
    r"|in equal number|\bIn: In:|those who left|who left had|stability unknown"
    r"|[Ss]till moving: [^.]*\. \d+ of \d+ stayed"
)
HELD = re.compile(r"(\d+) of (\d+) rated it (\d)–(\d)")


def words_of(page: str) -> str:
    """What a reader reads of a page, without charts' data."""
    bare = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", bare)))


def false_words(page: str) -> list[str]:
    """Phrases that no figure could make true, each with what stands around it."""
    words = words_of(page)
    return [words[max(0, at.start() - 60) : at.end() + 40] for at in FALSE.finditer(words)]


def untold_counts(page: str, held: set[tuple[int, ...]]) -> list[str]:
    """Statements `n of m rated it a–b` that no frozen count of a band bears out."""
    return [found[0] for found in HELD.finditer(words_of(page)) if tuple(map(int, found.groups())) not in held]


def frozen_counts(session: Session, here: Consultation) -> set[tuple[int, ...]]:
    """Count, n, first and last point of every band released for a rating, in any round."""
    found = set()
    stages = session.scalars(select(Stage).where(Stage.consultation_id == here.id))
    for numbers in filter(None, (released_numbers(session, stage) for stage in stages)):
        for measure in numbers.measures.values():
            for block in measure.criteria.values():
                lo, counts = block.scale.lo, block.counts or ()
                for first, last in ((1, 3), (4, 6), (7, 9)):
                    inside = sum(counts[first - lo : last - lo + 1])
                    found.add((inside, block.n, first, last))
    return found


@pytest.fixture(scope="module")
def pages(runs: list[tuple[Path, str]]) -> Iterator[dict[str, str]]:
    """The board, every chart, every measure in every round, the public pages and the briefing."""
    url = f"sqlite:///{runs[0][0] / 'data' / 'demo' / 'consult.db'}"
    app = make_app(Config(database_url=url, rate_limit="10000 per minute"))
    app.testing = True
    database: Database = app.extensions["consult_database"]
    client = app.test_client()
    with database.writing() as session:
        account = next(one for one in session.scalars(select(Account)) if "analyst" in one.email)
        token = sign_in.open_staff_session(session, account, 12)
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    found = {"briefing": ""}
    with database.reading() as session:
        here = session.scalars(select(Consultation).filter_by(slug=SLUG)).one()
        found["briefing"] = html.render(briefing_of(session, here, "en"), "en")
        found["held"] = repr(sorted(frozen_counts(session, here)))
    addresses = [f"/c/{SLUG}/results", f"/c/{SLUG}/results?criterion=feasibility", f"/c/{SLUG}/public"]
    addresses += [f"/c/{SLUG}/results/charts/{view}" for view in VIEWS]
    addresses += [f"/c/{SLUG}/results/round-{number}" for number in (1, 2, 3)]
    for address in addresses:
        found[address] = client.get(address).text
    linked = re.findall(rf'href="(/c/{SLUG}/(?:results/round-\d|public)/M\d+)"', "".join(found.values()))
    for address in sorted(set(linked)):
        found[address] = client.get(address).text
    yield found
    database.dispose()


def test_the_sweep_finds_what_it_looks_for() -> None:
    seeded = (
        "<p>prepare: important, feasibility <b>disputed</b></p>",
        "<td>firm: 3 votes</td>",
        "Not released yet: that happens when the next round opens.",
        "Still moving: too many moved to another band. 16 of 16 stayed within one point.",
        "half of the panel rated between 7.25 and 8",
    )
    assert all(false_words(page) for page in seeded)
    assert not false_words("<script>votes, firm, disputed</script><p>2 ratings</p>")
    assert untold_counts("<p>12 of 16 rated it 7–9</p>", {(12, 16, 4, 6)})
    assert not untold_counts("<p>12 of 16 rated it 7–9</p>", {(12, 16, 7, 9)})


def test_no_page_says_what_is_not_so(pages: dict[str, str]) -> None:
    assert len(pages) > 100 and all("<h1" in page for name, page in pages.items() if "/" in name)
    found = {name: said for name, page in pages.items() if (said := false_words(page))}
    assert found == {}


def test_every_count_of_a_band_is_a_frozen_one(pages: dict[str, str]) -> None:
    held = {tuple(map(int, re.findall(r"\d+", one))) for one in re.findall(r"\(([^()]*)\)", pages["held"])}
    told = [one for page in pages.values() for one in HELD.findall(words_of(page))]
    assert len(told) > 500
    found = {name: said for name, page in pages.items() if (said := untold_counts(page, held))}
    assert found == {}
