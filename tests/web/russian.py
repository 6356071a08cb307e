"""What a Russian reader finds in Latin letters on a page."""

import re
from collections.abc import Iterator

from lxml import html
from lxml.html import HtmlElement

ADDRESS = re.compile(r"\S+@\S+|https?:\S+|/\S+")
KEY = re.compile(r"\b[A-Z]+\d*(?:-\d+\w*)?(?:\.\w+)*\b|\b\w+[._-]\w[\w.-]*|\b[0-9a-f]{8,}\b")
"""Names of variables, stages and files, and digests."""
WORD = re.compile(r"(?<!\w)[a-z]{2,}(?!\w)")
SOURCE = re.compile(r"\bS\d+: .+")
"""A publication under its own title."""
LATIN = {"feasibility", "importance", "own", "suppressed"}
"""Keys of the data that stand in Latin letters for every reader."""
READ = ("alt", "aria-label", "placeholder", "title")


def left_in_english(page: str) -> list[str]:
    """Texts with words in small Latin letters for a Russian reader, where no language is said."""
    found = []
    for words in _read(html.fromstring(page)):
        said = WORD.findall(KEY.sub("", ADDRESS.sub("", SOURCE.sub("", words))))
        if set(said) - LATIN:
            found.append(words)
    return found


def _read(tree: HtmlElement) -> Iterator[str]:
    for element in tree.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        if _is_russian(element):
            is_key = element.tag == "code" or element.get("class") == "key"
            yield "" if is_key else element.text or ""
            if element.xpath("not(parent::*[@class='source'])"):
                yield from (element.get(name, "") for name in READ)
        parent = element.getparent()
        if parent is not None and _is_russian(parent) and parent.tag not in ("script", "style"):
            yield element.tail or ""


def _is_russian(element: HtmlElement) -> bool:
    return element.xpath("string(ancestor-or-self::*[@lang][1]/@lang)") in ("", "ru")
