"""The briefing in its forms, the editor's side file, and the check of an edited Word file."""

import io
from pathlib import Path

import docx

from tests.commands.conftest import CommandLine

SLUG = "town-library"


def test_every_form_is_written_the_same_each_time(rated: CommandLine, tmp_path: Path) -> None:
    for form, begins in (("html", b"<!doctype"), ("docx", b"PK"), ("pdf", b"%PDF-1.7")):
        out = tmp_path / f"briefing.{form}"
        rated.out("briefing", SLUG, "--format", form, "--out", out)
        first = out.read_bytes()
        assert first.startswith(begins)
        rated.out("briefing", "write", SLUG, "--out", out)
        assert out.read_bytes() == first
    wrong = ("briefing", SLUG, "--format", "pdf", "--out", tmp_path / "briefing.docx")
    assert "ends in .pdf" in rated(*wrong, code=2).stderr


def test_an_editors_words_are_merged_and_never_overwritten(
    rated: CommandLine, tmp_path: Path
) -> None:
    notes, out = tmp_path / "briefing.md", tmp_path / "briefing.html"
    rated.out("briefing", SLUG, "--out", notes)
    empty = notes.read_text(encoding="utf-8")
    assert "## summary" in empty
    notes.write_text(empty + "\n## annex\nWords of the editor.\n", encoding="utf-8")
    assert "never written over" in rated.refused("briefing", SLUG, "--out", notes)
    rated.out("briefing", SLUG, "--notes", notes, "--out", out)
    assert "Words of the editor." in out.read_text(encoding="utf-8")
    notes.write_text("## elsewhere\nLost?\n", encoding="utf-8")
    said = rated.refused("briefing", SLUG, "--notes", notes, "--out", out)
    assert "there is no section 'elsewhere'" in said


def test_a_changed_number_is_told_with_its_source(rated: CommandLine, tmp_path: Path) -> None:
    out = tmp_path / "briefing.docx"
    rated.out("briefing", SLUG, "--out", out)
    assert "as in the frozen results" in rated.out("briefing", "check", out)
    paper = docx.Document(io.BytesIO(out.read_bytes()))
    run = next(run for one in paper.paragraphs for run in one.runs if "rated measures" in run.text)
    run.text = run.text.replace("Of ", "Of 9")
    paper.save(str(out))
    result = rated("briefing", "check", out, code=1)
    assert "no longer as in the frozen results" in result.stdout and "verdicts" in result.stdout
    out.write_bytes(b"nothing")
    assert "no Word file" in rated.refused("briefing", "check", out)
