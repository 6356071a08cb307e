"""Which numbers of an edited Word file no longer match the frozen results.

The briefing is written anew from the results and read like the edited file: paragraph by paragraph
and row by row. Where the words are the same but for their numbers, number stands against number;
where they were rewritten, the numbers of the nearest passage are the measure; in passages of the
editor's own a number is held against the source that is cited behind it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from consult.briefing import docx, lettering
from consult.briefing.docx_reading import Number, Passage, ReadPaper, read
from consult.briefing.lettering import Gap
from consult.briefing.model import Briefing

NEAR = 0.6
"""Passages that share less of their words are not the same passage rewritten."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A number that does not match. `expected`: what the results say there; empty where they say
    nothing. `source`: the key of the results it came from."""

    section: str
    passage: str
    found: str
    expected: str
    source: str


@dataclass(slots=True)
class Report:
    """What a check found. `checked`: how many numbers matched or not; `untraced`: numbers in the
    editor's own words without a source; `gaps`: texts that the PDF cannot print whole."""

    findings: list[Finding] = field(default_factory=list)
    checked: int = 0
    untraced: list[Finding] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)


def check(edited: bytes, briefing: Briefing) -> Report:
    """Compare an edited file with the briefing as the results have it now.

    Raises NotPossible when the file is no Word file.
    """
    now = read(docx.write(briefing, has_pictures=False))
    given = read(edited)
    report = Report(gaps=lettering.gaps(briefing))
    allowed = _allowed(now)
    for own, expected in _paired(given.passages, now.passages):
        if expected is None:
            _check_own(own, given, allowed, report)
        elif own.masked == expected.masked:
            _check_each(own, expected, now, report)
        else:
            _check_rewritten(own, expected, now, report)
    return report


def _paired(edited: Sequence[Passage], expected: Sequence[Passage]) -> Iterator[tuple[Passage, Passage | None]]:
    """Every edited passage with the one it comes from, if there is one; in the order of edited."""
    matcher = SequenceMatcher(None, [one.key for one in edited], [one.key for one in expected], autojunk=False)
    found: dict[int, int] = {}
    for block in matcher.get_matching_blocks():
        found.update((block.a + step, block.b + step) for step in range(block.size))
    free = [place for place in range(len(expected)) if place not in set(found.values())]
    for place, own in enumerate(edited):
        if place not in found and own.numbers:
            other = _nearest(own, expected, free)
            if other is not None:
                found[place] = other
                free.remove(other)
    for place, own in enumerate(edited):
        if own.numbers:
            yield own, expected[found[place]] if place in found else None


def _nearest(own: Passage, expected: Sequence[Passage], free: Sequence[int]) -> int | None:
    """The passage not yet taken that shares most words; one of the same words moved comes first."""
    best, place = NEAR, None
    for other in free:
        there = expected[other]
        if there.is_row != own.is_row or not there.numbers:
            continue
        if there.masked == own.masked:
            return other
        matcher = SequenceMatcher(None, there.masked.split(), own.masked.split(), autojunk=False)
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best:
            share = matcher.ratio()
            if share > best:
                best, place = share, other
    return place


def _check_each(own: Passage, expected: Passage, now: ReadPaper, report: Report) -> None:
    for mine, theirs in zip(own.numbers, expected.numbers, strict=True):
        report.checked += 1
        if mine.text != theirs.text:
            report.findings.append(_finding(own, mine, theirs.text, now.key_of(theirs)))


def _check_rewritten(own: Passage, expected: Passage, now: ReadPaper, report: Report) -> None:
    """Numbers that the passage never had, each against one that is gone from it."""
    had = Counter(number.text for number in expected.numbers)
    new: list[Number] = []
    for number in own.numbers:
        report.checked += 1
        if had[number.text]:
            had[number.text] -= 1
        else:
            new.append(number)
    gone = [number for number in expected.numbers if had[number.text]]
    for place, number in enumerate(new):
        lost = gone[place] if place < len(gone) else None
        key = now.key_of(lost or expected.numbers[0])
        report.findings.append(_finding(own, number, lost.text if lost else "", key))


def _check_own(own: Passage, given: ReadPaper, allowed: Mapping[str, set[str]], report: Report) -> None:
    for number in own.numbers:
        key = given.key_of(number)
        if not key:
            report.untraced.append(_finding(own, number, "", ""))
            continue
        report.checked += 1
        if number.text not in allowed.get(key, set()):
            there = ", ".join(sorted(allowed.get(key, set())))
            report.findings.append(_finding(own, number, there, key))


def _allowed(now: ReadPaper) -> dict[str, set[str]]:
    """The numbers that stand before each source, anywhere in the briefing."""
    found: dict[str, set[str]] = {}
    for passage in now.passages:
        for number in passage.numbers:
            found.setdefault(now.key_of(number), set()).add(number.text)
    return found


def _finding(own: Passage, number: Number, expected: str, key: str) -> Finding:
    return Finding(own.section, own.context(number), number.text, expected, key)
