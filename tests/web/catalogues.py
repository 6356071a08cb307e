"""The catalogues of the interface as tests read them, and `make messages` on a copy of them."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.sources import ROOT

FOLDER = Path("consult/words/translations")
NAMES = {
    "AA",
    "ACCORD",
    "CSV",
    "Chromium",
    "Enter",
    "Excel",
    "Fan",
    "Gattrell",
    "Hyndman",
    "IPRAS",
    "JSON",
    "JavaScript",
    "Parquet",
    "SAV",
    "SPSS",
    "UTF",
    "WCAG",
    "Word",
    "XLSX",
    "suppressed",
    "typst",
    # Commands, files and addresses as they are typed.
    "CODE",
    "anna",
    "consult",
    "correct",
    "db",
    "definition",
    "example",
    "json",
    "org",
    "panel",
    "protocol",
    "results",
    "slug",
    "summary",
    "upgrade",
}
"""Latin words that stay as they are: names, and a column as the file calls it."""
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


def path(language: str, kind: str = "po") -> Path:
    return ROOT / FOLDER / language / "LC_MESSAGES" / f"messages.{kind}"


@cache
def catalogue(language: str) -> Catalog:
    with path(language).open("rb") as file:
        return read_po(file, locale=language)


def messages(language: str) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Every message beside its translation; of plurals the English plural beside each form.

    A Russian singular stands for 21 as well: it needs the number also where English leaves it out.
    """
    for message in messages(language):
        if isinstance(message.id, str):
            yield message.id, message.string
        else:
            yield from ((message.id[1], form) for form in message.string)


def said(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What each message says, by its context (empty where it has none) and its English."""
    return {(_context(message), *_each(message.id)): _each(message.string) for message in catalogue if message.id}


def _context(message: Message) -> str:
    """A compiled catalogue is read with its contexts as bytes."""
    found: str | bytes = message.context or ""
    return found.decode() if isinstance(found, bytes) else found


def _each(words: str | Sequence[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def speaks_alike(english: str, other: str) -> bool:
    """The same names, number of uses and percent signs."""
    return (
        sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(other))
        and english.count("%") == other.count("%")
        and english.count("%%") == other.count("%%")
    )


def make_messages(folder: Path) -> tuple[Path, Path]:
    """Do what `make messages` does on a copy inside `folder`: the template and the catalogues."""
    template, copy = folder / "messages.pot", folder / "translations"
    shutil.copytree(ROOT / FOLDER, copy)
    for words in _recipe():
        swaps = {"build/messages.pot": template, str(FOLDER): copy}
        swapped = [str(swaps.get(word, word)) for word in words]
        program = [sys.executable, "-m", "babel.messages.frontend", *swapped]
        subprocess.run(program, cwd=ROOT, check=True, capture_output=True)
    return template, copy


def _recipe() -> list[list[str]]:
    """What `make messages` calls, word by word."""
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    found = [shlex.split(line.strip(" \t@")) for line in lines if "pybabel" in line and "$(NEW)" not in line]
    assert [words[2] for words in found] == ["extract", "update", "compile"]
    return [words[1:] for words in found]
