"""How wide letters are drawn, and texts cut into lines that fit: no display, no font file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from consult.characters import clusters

BOLD = 1.1
"""How wide heavier letters are beside usual ones."""
# In parts of the size of letters, for the widest of the usual system fonts (Verdana, DejaVu Sans).
_NARROW = frozenset(" !'(),-./:;I[\\]`fijlrt{|}·’‘“”ґіїІЇ")
_BROAD = frozenset("%@MWmw—…№ЖМФШЩЪЫЮжмфшщъыюЉЊљњ")


def reckoned(sign: str) -> float:
    """About how wide a letter is in a system font; rather too much than too little."""
    code = ord(sign)
    if sign in _NARROW:
        return 0.46
    if sign in _BROAD or code >= 0x1100:  # Hangul, Han, emoji: as wide as high, and the unknown
        return 1.07
    if sign.isupper() or code >= 0x590:
        return 0.8
    return 0.65


@dataclass(frozen=True)
class TextSizes:
    """Letters of a label and the smaller ones of notes and counts, in pixels of a figure.

    `width_of`: a letter's width in parts of its size.
    """

    width_of: Callable[[str], float] = reckoned
    size: float = 12.0
    small: float = 11.0

    def wide(self, text: str, *, is_small: bool = False) -> float:
        """How wide a text is drawn on one line."""
        return sum(map(self.width_of, text)) * (self.small if is_small else self.size)

    def lines(self, text: str, room: float, most: int, *, is_small: bool = False) -> list[str]:
        """The text on lines no wider than `room`; where `most` are too few, it ends in `…`."""
        found: list[str] = []
        for word in self._pieces(text, room, is_small):
            if found and self.wide(f"{found[-1]} {word}", is_small=is_small) <= room:
                found[-1] = f"{found[-1]} {word}"
            else:
                found.append(word)
        if len(found) > most:
            found = [*found[: most - 1], self._shortened(found[most - 1], room, is_small)]
        return found or [""]

    def _pieces(self, text: str, room: float, is_small: bool) -> Iterator[str]:
        """The words; what is wider than the room in pieces that fit."""
        for word in text.split():
            piece = ""
            for cluster in clusters(word):
                if piece and self.wide(piece + cluster, is_small=is_small) > room:
                    yield piece
                    piece = ""
                piece += cluster
            yield piece

    def _shortened(self, line: str, room: float, is_small: bool) -> str:
        kept = list(clusters(line))
        while kept and self.wide("".join(kept) + "…", is_small=is_small) > room:
            kept.pop()
        return "".join(kept).rstrip() + "…"
