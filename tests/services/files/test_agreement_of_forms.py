"""Page, CSV, XLSX, SAV, Parquet, Word file and PDF tell what the rows say, to the shown digit."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import docx as word
import pandas
import pytest
from lxml import html

from consult.briefing import docx, pdf, rated_measures
from consult.briefing.model import Briefing
from consult.services.briefings import briefing_of
from consult.services.files import consensus_table, downloads
from consult.services.staff import accounts, sign_in
from consult.web.results import rated
from consult.words import wording
from tests.briefing.pdf_text import Pdf
from tests.services.agreement import (
    MEASURES,
    ROUNDS,
    SLUG,
    Figures,
    Held,
    counted_again,
    differing,
    newest,
    random_consultation,
)
from tests.services.files.opening import opened
from tests.sizes import size

CONSULTATIONS = size("AGREEMENT")
"""How many random consultations are gone through; 200 take about fifteen minutes."""
SEEDS = range(CONSULTATIONS)
LAST = ROUNDS[-1]
Wanted = dict[tuple[str, str], Figures]


def _short(value: float | None) -> str:
    """3.0 as 3, 3.5 as 3.5."""
    return "–" if value is None else f"{value:g}"


# Each form: what it tells, and what it should; by measure


def board(held: Held, wanted: Wanted) -> Iterator[str]:
    """The verdict board of the last round, as an analyst sees it."""
    client = held.app.test_client()
    with held.database.writing() as session:
        account = accounts.find(session, "analyst@staff.example.org")
        token = sign_in.open_staff_session(session, account, 12)
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    page = html.fromstring(client.get(f"/c/{SLUG}/results/{LAST}").text)
    seen = set()
    for row in page.xpath('//table[caption="Verdict board"]/tbody/tr'):
        cells = [" ".join(cell.itertext()).split() for cell in row]
        key = cells[0][0]
        seen.add(key)
        right = wanted[LAST, key]
        share = "–" if right.high is None else f"{right.high} of {right.n}"
        interval = "–"
        if right.interval is not None:
            low, high = (f"{100 * end:.0f}" for end in right.interval)
            interval = f"{low}–{high} %"
        told = {
            "n": " ".join(cells[1]),
            "median": cells[2][0],
            "half": " ".join(cells[2][1:]),
            "high": " ".join(cells[3]),
            "margin": _margin_of(" ".join(cells[5]), right),
        }
        yield from differing(
            told,
            {
                "n": str(right.n),
                "median": _short(right.median),
                "half": right.context or "–",
                "high": f"{share} {interval}",
                "margin": right.margin,
            },
        )
        verdict = " ".join(cells[4]).lower()
        if right.high is not None and not _begins(verdict, right.verdict):
            yield f"{key}: the board says {verdict!r}, the rows {right.verdict}"
    assert seen == set(MEASURES)


def _begins(said: str, verdict: str) -> bool:
    return said.startswith(str(wording.VERDICTS[verdict]).lower())


def _margin_of(said: str, right: Figures) -> int | None:
    """The number of ratings the board names; where it names none, none is compared."""
    found = re.match(r"(\d+) ratings? ", said)
    return int(found[1]) if found else right.margin


def file(form: str) -> Callable[[Held, Wanted], Iterator[str]]:
    """The consensus table in one format, opened with pandas."""

    def read(held: Held, wanted: Wanted) -> Iterator[str]:
        with held.database.reading() as session:
            data = b"".join(downloads.content(session, newest(held), "consensus-table.csv", "analyst", "en", form))
        with TemporaryDirectory() as folder:
            frame = opened(data, form, Path(folder))
        seen = 0
        for _, row in frame.iterrows():
            right = wanted[str(row["stage"]), str(row["measure"])]
            seen += 1
            told = {
                name: _number(row[name]) for name in ("n", "median", "q1", "q3", "margin", "count_high", "share_high")
            }
            half = right.half or (None, None)
            share = None if right.high is None else right.high / right.n
            yield from differing(
                {**told, "share_high": _digits(told["share_high"]), "verdict": row["verdict"]},
                {
                    "n": right.n,
                    "median": right.median,
                    "q1": half[0],
                    "q3": half[1],
                    "margin": right.margin,
                    "count_high": right.high,
                    "share_high": _digits(share),
                    "verdict": right.verdict,
                },
            )
        assert seen == len(wanted)

    return read


def _number(cell: Any) -> float | None:
    """A cell of any of the formats as a number, with a comma for European Excel; empty is none."""
    return None if pandas.isna(cell) or cell == "" else float(str(cell).replace(",", "."))


def _digits(share: float | None) -> float | None:
    return None if share is None else round(share, 9)


def _briefing(held: Held) -> Briefing:
    with held.database.reading() as session:
        return briefing_of(session, newest(held), "en")


def word_file(held: Held, wanted: Wanted) -> Iterator[str]:
    """The overview and the distributions of both rounds in the Word file."""
    document = word.Document(io.BytesIO(docx.write(_briefing(held), has_pictures=False)))
    overview, spread = set(), []
    for table in document.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        if rows[0][:2] == ["Measure", "Theme"]:
            column = next(at for at, name in enumerate(rows[0]) if "4–5" in name)
            for row in rows[1:]:
                overview.add(_key(row[0]))
                right = wanted[LAST, _key(row[0])]
                if right.high is not None:
                    yield from differing({"high": _plain(row[column])}, {"high": _share(right)})
        if rows[0][:2] == ["Variable", "answers in order"] and rows[1][0].endswith(" wish"):
            spread.append(rows[1:])
    assert overview == set(MEASURES) and len(spread) == len(ROUNDS)
    for stage, lines in zip(ROUNDS, spread, strict=True):
        for name, _answers, median, n in lines:
            right = wanted[stage, _key(name)]
            yield from differing({"median": median, "n": n}, {"median": _short(right.median), "n": str(right.n)})


def _key(cell: str) -> str:
    found = re.search(r"\bL\d\b", cell)
    assert found is not None, cell
    return found[0]


def _plain(cell: str) -> str:
    """A cell without the number of its source."""
    return re.sub(r"\s+", " ", re.sub(r"\[\d+\]|\u2060", "", cell)).strip()


def _share(right: Figures) -> str:
    """`15 of 18`; from 20 ratings on with its percentage."""
    assert right.high is not None
    half_up = (200 * right.high + right.n) // (2 * right.n)
    percent = f" ({half_up} %)" if right.n >= 20 else ""
    return f"{right.high} of {right.n}{percent}"


def paper(held: Held, wanted: Wanted) -> Iterator[str]:
    """Every measure's sentence in the PDF: `7 of 9 rated it 4–5`."""
    said = re.sub(r"[\s\u00a0\u2060\u00ad]+", " ", Pdf(pdf.write(_briefing(held))).text())
    for key in MEASURES:
        right = wanted[LAST, key]
        if right.high is None:
            continue
        told = re.findall(rf"\b{key} [^;.]*?, (\d+) of (\d+)(?: \(\d+ %\))? rated it 4–5", said)
        rows = re.findall(rf"\b{key} wish (?:\d+ ?· ?)+\d+ ([\d.]+) (\d+)", said)
        if (_short(right.median), str(right.n)) not in rows:
            yield f"{key}: {rows} in the PDF, median {right.median}, n {right.n} counted"
        if any(pair != (str(right.high), str(right.n)) for pair in told):
            yield f"{key}: {told} in the PDF, {right.high} of {right.n} counted"


FORMS: dict[str, Callable[[Held, Wanted], Iterator[str]]] = {
    "board": board,
    **{form: file(form) for form in ("csv", "csv-excel", "xlsx", "sav", "parquet")},
    "docx": word_file,
    "pdf": paper,
}


@pytest.mark.parametrize("seed", SEEDS)
def test_every_form_tells_what_the_rows_say(tmp_path: Path, seed: int) -> None:
    with random_consultation(tmp_path, seed) as held:
        wanted = counted_again(held)
        found = {name: said for name, form in FORMS.items() if (said := list(form(held, wanted)))}
    assert found == {}


def _one_more(function: Callable[..., Any]) -> Callable[..., Any]:
    def told(*given: Any) -> Any:
        return f"1{function(*given)}"

    return told


@pytest.mark.parametrize(
    ("place", "name", "form"),
    [(rated, "half", "board"), (rated, "interval", "board"), (rated_measures, "counted", "docx")],
)
def test_a_form_that_tells_another_number_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Any, name: str, form: str
) -> None:
    monkeypatch.setattr(place, name, _one_more(getattr(place, name)))
    with random_consultation(tmp_path, 3) as held:
        assert list(FORMS[form](held, counted_again(held)))


def test_a_file_that_tells_another_number_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shifted = tuple(
        replace(column, cell=lambda row: row.block.n + 1) if column.name == "n" else column
        for column in consensus_table.ANSWERED
    )
    monkeypatch.setattr(consensus_table, "ANSWERED", shifted)
    with random_consultation(tmp_path, 3) as held:
        wanted = counted_again(held)
        for form in ("csv", "xlsx", "sav"):
            assert list(FORMS[form](held, wanted)), form
