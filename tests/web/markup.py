"""What every page of the application keeps to, read off its HTML."""

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

from lxml import html
from lxml.html import HtmlElement

LANGUAGES = ("en", "ru")
FETCHED = ".//link/@href | .//*[self::script or self::img or self::iframe or self::source]/@src"
POINTING = ("aria-describedby", "aria-labelledby", "for")
DATA = ("application/json", "application/ld+json")
ERROR = ("Error: ", "Ошибка: ")


def faults(text: str, *, is_document: bool = False) -> list[str]:
    """Everything wrong with one page. A document of its own may carry its style inside."""
    page = html.fromstring(text)
    found = [*_frame(page), *_ids(page), *_controls(page), *_groups(page), *_assets(page)]
    found += list(_inline(page, may_style=is_document))
    return found


def words(element: HtmlElement) -> str:
    """The words inside an element, white space evened out."""
    return " ".join(element.text_content().split())


def _frame(page: HtmlElement) -> Iterator[str]:
    if page.get("lang") not in LANGUAGES:
        yield f"lang is {page.get('lang')}"
    titles, headings = page.xpath("//head/title"), page.xpath("//h1")
    if len(titles) != 1 or len(headings) != 1:
        yield f"{len(titles)} titles and {len(headings)} first headings"
        return
    for mark in headings[0].xpath(".//*[contains(@class, 'optional')]"):
        mark.drop_tree()
    title, heading = words(titles[0]), words(headings[0])
    for prefix in ERROR:
        title = title.removeprefix(prefix)
    if not heading or not title.startswith(heading):
        yield f"title '{title}' does not start with '{heading}'"


def _ids(page: HtmlElement) -> Iterator[str]:
    known = Counter(page.xpath("//@id"))
    yield from (f"id {one} stands {count} times" for one, count in known.items() if count > 1)
    for name in POINTING:
        for value in page.xpath(f"//@{name}"):
            yield from (f"{name} names {one}" for one in value.split() if one not in known)
    for href in page.xpath("//a/@href"):
        if href.startswith("#") and href[1:] not in known:
            yield f"a link leads to {href}"


def _controls(page: HtmlElement) -> Iterator[str]:
    for control in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        named = control.get("aria-label", "").strip()
        ids = control.get("aria-labelledby", "").split()
        labels = [
            *control.xpath("ancestor::label"),
            *page.xpath("//label[@for=$id]", id=control.get("id", "")),
            *(one for key in ids for one in page.xpath("//*[@id=$id]", id=key)),
        ]
        if not named and not any(words(label) for label in labels):
            yield f"{control.tag} {control.get('name')} has no label"


def _groups(page: HtmlElement) -> Iterator[str]:
    for form in page.xpath("//form"):
        for name in dict.fromkeys(form.xpath(".//input[@type='radio']/@name")):
            radios = form.xpath(".//input[@type='radio' and @name=$name]", name=name)
            context = {next(iter(radio.xpath("ancestor::fieldset[1]")), None) for radio in radios}
            if len(context) != 1 or None in context:
                yield f"radios {name} do not stand in one fieldset"
            elif not any(words(legend) for legend in context.pop().xpath("./legend")):
                yield f"radios {name} have no legend"


def _inline(page: HtmlElement, *, may_style: bool) -> Iterator[str]:
    for script in page.xpath("//script[not(@src)]"):
        if script.get("type") not in DATA:
            yield f"a script inside: {script.text_content()[:60]}"
    if not may_style:
        yield from (f"a style inside: {style.text[:60]}" for style in page.xpath("//style"))
        yield from (f"a style attribute: {one[:60]}" for one in page.xpath("//@style"))
    for element in page.iter():
        yield from (f"{element.tag} {key}" for key in element.attrib if key.startswith("on"))


def _assets(page: HtmlElement) -> Iterator[str]:
    for address in page.xpath(FETCHED):
        if not address.startswith("data:") and urlsplit(address).netloc:
            yield f"fetches {address}"
    for address in page.xpath("//a/@href | //form/@action"):
        if urlsplit(address).scheme not in ("", "https", "http", "mailto"):
            yield f"leads to {address}"
