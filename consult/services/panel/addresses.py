"""E-mail addresses and names as people type them: what is taken, and what is offered instead."""

import idna

from consult.characters import hidden
from consult.definition.address import is_address


def in_ascii(text: str) -> str | None:
    """The same address with its domain as the network writes it, when only the domain is foreign.

    `anna@bücher.example` is `anna@xn--bcher-kva.example` to every mail server. It is offered, not
    taken: letters of other scripts that look alike lead elsewhere.
    """
    name, sign, domain = text.partition("@")
    try:
        found = f"{name}{sign}{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError:
        return None
    return found if not text.isascii() and is_address(found) else None


def refusal(text: str) -> tuple[str, str] | None:
    """Why a text is no address, to stand behind it, and how to fix it; None when it is one."""
    if is_address(text):
        return None
    offered = in_ascii(text)
    if offered is not None:
        return "has a domain in other letters", f"write {offered}"
    return ("is not an e-mail address", "write one address such as anna@example.org, in Latin letters")


def name_refusal(text: str) -> str | None:
    """What a name hides, in words; None when all of it is seen as it stands."""
    found = hidden(text)
    return f"an invisible sign ({', '.join(found)})" if found else None
