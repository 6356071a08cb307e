"""Secrets in addresses: drawn at random, kept as a hash, found in an address spoilt by mail."""

import hashlib
import re
import secrets
import unicodedata
from urllib.parse import unquote

LENGTH = 43
"""Characters of a token: 256 bits in base 64."""
RUN = re.compile(r"[A-Za-z0-9_-]+")


def new_token() -> str:
    """256 random bits, in characters that need no quoting in an address."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """SHA-256 of a token, 64 hex digits: what the database keeps."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def bare(text: str) -> str:
    """The token in what stood in an address; what follows it, white space and breaks left out.

    Mail programs, and people who copy, add the full stop of a sentence, a bracket or a quotation
    mark, encode signs twice, and leave the soft breaks of the mail's source in the middle.
    """
    joined = "".join(sign for sign in unquote(text) if not _is_break(sign))
    found = RUN.search(joined)
    return found[0] if found else ""


def _is_break(sign: str) -> bool:
    """White space, the `=` before a soft break, and signs nobody sees."""
    return sign == "=" or sign.isspace() or unicodedata.category(sign) in ("Cf", "Cc")
