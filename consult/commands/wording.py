"""Words given on the command line, in one language or in several."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from consult.commands.context import CommandContext


def texts_option(name: str, help_: str, *, is_needed: bool = False) -> Callable[[Any], Any]:
    """An option that may be given once for each language."""
    return click.option(
        f"--{name}",
        multiple=True,
        required=is_needed,
        metavar="[LANGUAGE=]WORDS",
        help=f"{help_} Once for each language; without one, in the consultation's first.",
    )


def read_texts(here: CommandContext, given: Sequence[str], name: str) -> dict[str, str]:
    """Words by language: `ru=...`, or plain words in the consultation's first language.

    Raises BadParameter for a language given twice and for no words.
    """
    found: dict[str, str] = {}
    for text in given:
        language, sign, words = text.partition("=")
        if not sign or language not in here.definition.languages:
            language, words = here.definition.languages[0], text
        if language in found:
            raise click.BadParameter(f"given twice in '{language}'", param_hint=f"--{name}")
        if not words.strip():
            raise click.BadParameter(f"no words in '{language}'", param_hint=f"--{name}")
        found[language] = words.strip()
    return found


reason_option = texts_option("reason", "Why; the briefing prints it.", is_needed=True)


def read_reason(here: CommandContext, given: Sequence[str]) -> dict[str, str]:
    """A reason by language, the consultation's first one in front; empty for none.

    Raises BadParameter when only other languages have one.
    """
    found = read_texts(here, given, "reason")
    first = here.definition.languages[0]
    if found and first not in found:
        raise click.BadParameter(f"say it in '{first}' too", param_hint="--reason")
    return {code: found[code] for code in here.definition.languages if code in found}
