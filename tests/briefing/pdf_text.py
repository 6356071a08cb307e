"""As much of a PDF reader as typst's files need: objects, streams, fonts, and the text of pages."""

import re
import zlib
from collections.abc import Iterator

OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.S)
ENTRY = re.compile(rb"<([0-9A-F]+)> <([0-9A-F]+)>")
RANGE = re.compile(rb"<([0-9A-F]+)> <([0-9A-F]+)> <([0-9A-F]+)>")
TOKEN = re.compile(rb"/ActualText\(|\(|\bBT\b|\bET\b|/(f\d+) [\d.]+ Tf")
ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


class Pdf:
    """A file's objects by number."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.objects = {int(number): body for number, body in OBJECT.findall(content)}

    @property
    def catalogue(self) -> bytes:
        return next(body for body in self.objects.values() if b"/Type/Catalog" in body)

    def reference(self, body: bytes, name: bytes) -> bytes:
        """The object that an entry of a dictionary refers to."""
        found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
        assert found is not None, name
        return self.objects[int(found[1])]

    def stream(self, body: bytes) -> bytes:
        """The unpacked stream of an object."""
        packed = body.split(b"stream\n", 1)[1].rsplit(b"\nendstream", 1)[0]
        return zlib.decompress(packed) if b"/FlateDecode" in body.split(b"stream")[0] else packed

    def pages(self) -> list[bytes]:
        found = (body for body in self.objects.values() if re.search(rb"/Type/Page\b(?!s)", body))
        return list(found)

    def text(self) -> str:
        """The words of all pages, a blank between what is set apart; figures left out."""
        return " ".join(part for page in self.pages() for part in self._of_page(page))

    def _of_page(self, page: bytes) -> Iterator[str]:
        resources = self.reference(page, b"Resources")
        fonts = {name: self._letters(int(number)) for name, number in re.findall(rb"/(f\d+) (\d+) 0 R", resources)}
        font: dict[int, str] = {}
        words: list[str] = []
        is_text = False  # strings elsewhere belong to marks of the structure
        page_words = self.stream(self.reference(page, b"Contents"))
        place = 0
        while (token := TOKEN.search(page_words, place)) is not None:
            place = token.end()
            if token[1]:
                font = fonts[token[1]]
            elif token[0] in (b"BT", b"ET"):
                is_text = token[0] == b"BT"
                yield "".join(words)
                words = []
            else:
                end = _end_of_string(page_words, place)
                if not is_text or token[0] != b"(":
                    place = end + 1
                    continue
                codes = ESCAPED.sub(_unescaped, page_words[place:end])
                pairs = zip(codes[::2], codes[1::2], strict=True)
                words += [font.get(256 * high + low, "") for high, low in pairs]
                place = end + 1
        yield "".join(words)

    def _letters(self, number: int) -> dict[int, str]:
        table = self.stream(self.reference(self.objects[number], b"ToUnicode"))
        found = {}
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.S):
            found.update({int(code, 16): _letter(to) for code, to in ENTRY.findall(block)})
        for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.S):
            for first, last, to in RANGE.findall(block):
                for step in range(int(last, 16) - int(first, 16) + 1):
                    found[int(first, 16) + step] = chr(int(to, 16) + step)
        return found


def _end_of_string(content: bytes, place: int) -> int:
    """Where a string ends; brackets in pairs stand inside it as they are."""
    depth = 0
    while True:
        sign = content[place : place + 1]
        if sign == b"\\":
            place += 1
        elif sign == b"(":
            depth += 1
        elif sign == b")":
            if not depth:
                return place
            depth -= 1
        place += 1


def _letter(code: bytes) -> str:
    return bytes.fromhex(code.decode()).decode("utf-16-be")


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code.isdigit():
        return bytes([int(code, 8)])
    return SIGNS.get(code, code)
