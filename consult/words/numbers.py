"""Numbers for readers, with the marks of their language. Files keep the decimal point."""

from functools import cache

from babel.numbers import get_decimal_symbol, get_minus_sign_symbol

from consult.words.locales import locale_of

UNKNOWN = "–"


def decimal(value: float | None, language: str, places: int = 2) -> str:
    """A number as people write it, without needless zeros: `7`, `7.5`, in Russian `7,5`."""
    if value is None:
        return UNKNOWN
    return marked(f"{value:.{places}f}".rstrip("0").rstrip("."), language)


def marked(written: str, language: str) -> str:
    """A number written with a decimal point and a hyphen, with the language's own marks."""
    point, minus = _marks(language)
    return "".join({".": point, "-": minus}.get(sign, sign) for sign in written)


@cache
def _marks(language: str) -> tuple[str, str]:
    locale = locale_of(language)
    return get_decimal_symbol(locale), get_minus_sign_symbol(locale)
