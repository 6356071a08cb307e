"""Texts for readers: their languages, and the dates inside them."""

import re
from collections.abc import Iterator
from datetime import datetime

from consult.definition.checks.content import Content
from consult.definition.checks.finding import Finding
from consult.definition.text import PLACEHOLDER

BRACED = re.compile(
    r"\{\s*(?:date|time|datetime)\b[^}]*\}?|\{[^}]*\.(?:opens|closes)\s*\}|\{\s*[^\W\d_][^{}\n]*\}", re.I
)
"""What stands in braces and begins with a letter: it would be printed as it is."""

SHORT_TITLE = 40

ENGLISH = "January February March April May June July August September October November December"
RUSSIAN = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
MONTHS = {"en": tuple(ENGLISH.split()), "ru": tuple(RUSSIAN.split())}


def first_language(content: Content) -> Iterator[Finding]:
    """Every text exists in the first language, and in declared languages only."""
    languages = content.definition.languages
    for place, text in content.texts:
        for language in text:
            if language not in languages:
                message = f"the language '{language}' is not declared"
                known = ", ".join(languages)
                yield Finding((*place, language), message, f"languages in {known}: see 'languages'")
        if languages[0] not in text:
            message = f"the text is missing in the first language, {languages[0]}"
            yield Finding(place, message, f"add '{languages[0]}: …'")


def placeholders(content: Content) -> Iterator[Finding]:
    """`{date event.opens}` and its kind name a stage."""
    stages = {stage.key for stage in content.definition.stages}
    for place, text in content.texts:
        for language, words in text.items():
            for found in BRACED.finditer(words):
                whole = PLACEHOLDER.fullmatch(found[0])
                if whole is None:
                    message = f"'{found[0]}' is not a placeholder"
                    fix = "write {date stage.opens}, {time stage.closes} or {datetime …}"
                    yield Finding((*place, language), message, fix)
                elif whole[2] not in stages:
                    message = f"'{found[0]}' names no stage"
                    fix = f"stages: {', '.join(sorted(stages))}"
                    yield Finding((*place, language), message, fix)


def short_title_length(content: Content) -> Iterator[Finding]:
    """The short title fits the header of every page."""
    for language, words in content.definition.short_title.items():
        if len(words.strip()) > SHORT_TITLE:
            message = f"the short title has {len(words.strip())} characters"
            place = ("short_title", language)
            yield Finding(place, message, f"use at most {SHORT_TITLE}")


def missing_language(content: Content) -> Iterator[Finding]:
    """Warns of texts that some readers will see in the first language instead of theirs."""
    for place, text in content.texts:
        missing = [language for language in content.definition.languages if language not in text]
        if missing and content.definition.languages[0] in text:
            message = f"the text has no translation into {', '.join(missing)}"
            yield Finding(place, message, f"readers will see it in {content.definition.languages[0]}")


def literal_dates(content: Content) -> Iterator[Finding]:
    """Warns of days of the schedule written into texts: they do not move with the schedule."""
    patterns = {
        language: re.compile(r"\b(?:" + "|".join(sorted(dates)) + r")\b", re.I)
        for language in MONTHS
        if (dates := _dates(content, language))
    }
    for place, text in content.texts:
        for language, words in text.items():
            pattern = patterns.get(language)
            for found in pattern.finditer(words) if pattern else ():
                message = f"'{found[0]}' is a day of the schedule written as text"
                fix = "write a placeholder like {date stage.opens}, or reword"
                yield Finding((*place, language), message, fix)


def _dates(content: Content, language: str) -> set[str]:
    """Days on which a stage opens or closes, as a text would say them."""
    found = set()
    for schedule in content.definition.schedules.values():
        for window in schedule.stages.values():
            for moment in (window.opens, window.closes):
                day = datetime.strptime(moment, "%Y-%m-%d %H:%M")
                month = MONTHS[language][day.month - 1]
                year = rf"(?:,? {day.year}|(?!,? \d{{4}}))"
                found.add(rf"0?{day.day}(?:st|nd|rd|th)?(?: of)? {month}{year}")
                if language == "en":
                    found.add(rf"{month} 0?{day.day}(?:st|nd|rd|th)?{year}")
    return found
