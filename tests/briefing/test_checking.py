"""A number that an editor changed is found with its source; what was not touched gives nothing."""

import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import docx as python_docx
import pytest

from consult.briefing import docx
from consult.briefing.checking import Report, check
from consult.briefing.contents import build
from consult.briefing.docx_reading import NUMBER
from consult.briefing.model import Briefing
from consult.errors import NotPossible
from tests.briefing.made import made


@cache
def briefing(name: str = "town-library", language: str = "en", seed: int = 7) -> Briefing:
    return build(made(name, language=language, seed=seed))


def edited(change: Callable[[Any], None], found: Briefing | None = None) -> Report:
    found = found or briefing()
    paper = python_docx.Document(io.BytesIO(docx.write(found, has_pictures=False)))
    change(paper)
    file = io.BytesIO()
    paper.save(file)
    return check(file.getvalue(), found)


def run_with(paper: Any, words: str) -> Any:
    return next(run for one in paper.paragraphs for run in one.runs if words in run.text)


def test_an_untouched_file_has_no_finding() -> None:
    report = edited(lambda paper: None)
    assert report.findings == [] and report.untraced == [] and report.checked > 100


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_large_consultation_has_none_either(language: str) -> None:
    report = edited(lambda paper: None, briefing("ndpc-2020", language))
    assert report.findings == [] and report.checked > 1000


def test_a_number_in_a_sentence() -> None:
    def change(paper: Any) -> None:
        run = run_with(paper, "of 18 rated it")
        run.text = NUMBER.sub("3", run.text, count=1)

    (finding,) = edited(change).findings
    assert finding.found == "3" and finding.expected not in ("", "3")
    assert finding.source.endswith("n=18") and finding.section and "of 18" in finding.passage


def test_a_number_in_a_table() -> None:
    def change(paper: Any) -> None:
        table = next(one for one in paper.tables if "of 18" in one.cell(1, 2).text or "of 18" in one.cell(1, 1).text)
        cell = next(one for one in table.rows[1].cells if "of 18" in one.text)
        cell.paragraphs[0].runs[0].text = "1 of 18"

    (finding,) = edited(change).findings
    assert finding.found == "1" and "n=18" in finding.source and "Table" in finding.passage


def test_a_sentence_written_anew_keeps_its_numbers() -> None:
    def change(paper: Any) -> None:
        run = run_with(paper, "of 18 rated it")
        run.text = "As one sees, " + run.text

    assert edited(change).findings == []


def test_a_sentence_written_anew_with_another_number() -> None:
    def change(paper: Any) -> None:
        run = run_with(paper, "of 18 rated it")
        run.text = "As one sees, " + run.text.replace("of 18", "of 19", 1)

    (finding,) = edited(change).findings
    assert (finding.found, finding.expected) == ("19", "18")


def test_own_words_are_held_against_what_they_cite() -> None:
    def change(paper: Any) -> None:
        first = next(one for one in paper.paragraphs if one.style.name == "Heading 1")
        first.insert_paragraph_before("Entirely our own: 77 people agreed [1].")
        first.insert_paragraph_before("In Tallinn we met 12 times without any mark behind it.")

    report = edited(change)
    assert [one.found for one in report.findings] == ["77"]
    assert [one.found for one in report.untraced] == ["12"]


def test_moved_and_deleted_passages_are_no_findings() -> None:
    def change(paper: Any) -> None:
        body = paper.element.body
        table = paper.tables[0]._tbl
        table.remove(table.tr_lst[-1])
        listed = [one for one in paper.paragraphs if one.style.name == "List Bullet"]
        body.insert(3, listed[0]._p)

    assert edited(change).findings == []


def test_results_that_changed_since_are_found() -> None:
    """The file is of yesterday, the results of today are others."""
    before = docx.write(briefing(seed=7), has_pictures=False)
    report = check(before, briefing(seed=8))
    assert len(report.findings) > 20
    assert all(one.found != one.expected for one in report.findings)


def test_another_file_is_refused() -> None:
    with pytest.raises(NotPossible, match="no_word_file"):
        check(b"PK nothing", replace(briefing()))
