"""Under which name Babel knows the language of a reader."""

REGIONAL = {"en": "en_GB"}
"""English is written as in Europe, the day before the month: most readers here are Europeans."""


def locale_of(language: str) -> str:
    """The name of a language's locale: `en_GB` for `en`, `pt_BR` for `pt-BR`."""
    return REGIONAL.get(language, language).replace("-", "_")
