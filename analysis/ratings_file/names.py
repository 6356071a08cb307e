"""Names as files write them: one spelling each, and how alike two of them are.

What nobody can see makes no difference: composed or decomposed letters, kinds and numbers of
blanks, characters without a width (Unicode Standard Annex 15, NFC; general category Cf). What can
be seen but is mostly a slip (case, leading zeros, ``1`` and ``1.0``) is not taken as one by
itself: ``folded`` tells that two names are that much alike.
"""

import re
import unicodedata

_NUMBER = re.compile(r"0*(\d+)(?:[.,]0+)?")
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def clean(name: str) -> str:
    """The name without what cannot be seen: NFC, single blanks, no characters without a width."""
    if name.isascii() and name.isprintable():
        return " ".join(name.split())
    seen = "".join(letter for letter in name if unicodedata.category(letter) != "Cf")
    return unicodedata.normalize("NFC", " ".join(seen.split()))


def folded(name: str) -> str:
    """What two names that are most likely one have in common; of a name as ``clean`` gives it."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    number = _NUMBER.fullmatch(plain)
    return number[1] if number else _ZEROS.sub("", plain)
