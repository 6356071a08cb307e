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


def test_an_editors_words_are_merged_and_never_overwritten(rated: CommandLine, tmp_path: Path) -> None:
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
    run.text = run.text.replace(" of ", " of 9", 1)
    paper.save(str(out))
    result = rated("briefing", "check", out, code=1)
    assert "no longer as in the frozen results" in result.stdout and "verdicts" in result.stdout
    out.write_bytes(b"nothing")
    assert "no Word file" in rated.refused("briefing", "check", out)


def test_characters_that_no_font_holds_are_told_and_stop_nothing(rated: CommandLine, tmp_path: Path) -> None:
    notes, out = tmp_path / "briefing.md", tmp_path / "briefing.pdf"
    notes.write_text("## annex\nEgypt's 𓀀 and our logo \ue123, 中文 🧿.\n", encoding="utf-8")
    said = rated.out("briefing", SLUG, "--notes", notes, "--out", out)
    assert "1 text with characters that no font of the PDF holds" in said
    (line,) = [line for line in said.splitlines() if "U+" in line]
    assert "U+13000 U+E123" in line and "Egypt's" in line and "Method annex" in line
    word = tmp_path / "briefing.docx"
    assert "U+13000" not in rated.out("briefing", SLUG, "--notes", notes, "--out", word)
    assert "U+13000 U+E123" in rated.out("briefing", "check", word, "--notes", notes)
    assert "U+" not in rated.out("briefing", SLUG, "--out", out)


def test_a_form_that_cannot_be_written_does_not_stop_the_others(rated: CommandLine, tmp_path: Path) -> None:
    package, folder = tmp_path / "package.zip", tmp_path / "forms"
    rated.out("package", SLUG, "--out", package)
    (folder / "briefing-en.html").mkdir(parents=True)  # in the way of the first
    result = rated("briefing", "--from", package, "--out", folder, code=1)
    assert "briefing-en.html is not written" in result.stderr
    assert (folder / "briefing-en.docx").is_file() and (folder / "briefing-en.pdf").is_file()
