"""Reading a file of ratings for `consult analyse`, with every bad row told."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from analysis.protocol.protocol import Protocol
from analysis.ratings_file.coded_ratings import BadRow, Ratings
from analysis.ratings_file.defaults import coded, with_criteria
from analysis.ratings_file.header import REQUIRED, HeaderInvalid, encoding_of
from analysis.ratings_file.round_order import RoundsUnclear
from analysis.ratings_file.round_tables import Rounds, collect
from consult.commands.analyse_package import is_package, package_rows
from consult.commands.protocol_file import FileReading
from consult.errors import NotPossible

TELL_EVERY = 1_000_000
ALIKE = 20
"""Bad rows with the same fault and the same word that are told one by one."""
NO_RATING = frozenset({"na", "n/a", "nan", "null", "none", "-", ".", "-9", "-99", "-999", "99"})
"""What other programs write for a missing value."""
CLEAR_ROUNDS = {
    "names_say_otherwise": "the file begins with '{0}', which its name says was after '{1}'; "
    "give their order with --rounds",
    "undeclared": "the rounds {all} are in the file, but not in the order given",
    "not_there": "the order given names {all}, which the file does not have",
}
BAD_ROWS = {
    "columns": "{word} cells where the first line has another number",
    "empty": "no {word}",
    "unknown_criterion": "'{word}' is no criterion of the protocol",
    "not_on_scale": "'{word}' is not on the scale",
    "unknown_state": "'{word}' is no state of not answering",
    "rating_and_state": "both a rating and a state ({word})",
    "two_groups": "'{word}' is another group than this expert had before",
    "twin": "{word}: alike but for case, zeros or '.0'; write both in one way",
    "repeated": "this expert has rated this already ({word})",
    "not_csv": "not readable as CSV ({word})",
}


def read_file(file: Path, reading: FileReading) -> tuple[Protocol, Rounds]:
    """The protocol with its criteria, and the tables. Raises NotPossible, all bad rows told."""
    name = "standard input" if str(file) == "-" else file.name
    bad = _BadRows(name)
    try:
        with _opened(file) as stream:
            ratings = _ratings(stream, reading, bad.tell)
    except HeaderInvalid as header:
        raise NotPossible(_header_words(name, header)) from header
    except UnicodeDecodeError as error:
        raise NotPossible(f"{name} is not UTF-8 text; save it again as UTF-8") from error
    except OSError as error:
        raise NotPossible(f"{name} cannot be read ({error.strerror})") from error
    with ratings:
        if ratings.unread:
            click.echo(f"columns not looked at: {', '.join(ratings.unread)}", err=True)
        for merged in ratings.merged:
            click.echo(
                f"{name}:{merged.line}: {merged.column} '{merged.name}' is written with "
                "signs that cannot be seen; taken without them",
                err=True,
            )
        rounds = None
        try:
            rounds = collect(ratings, bad.tell)
        except RoundsUnclear as unclear:
            words = CLEAR_ROUNDS[unclear.code]
            named = words.format(*unclear.rounds, all=", ".join(unclear.rounds))
            if not ratings.bad:
                raise NotPossible(f"{name}: {named}") from unclear
            click.echo(f"{name}: {named}", err=True)
        if ratings.bad or rounds is None:
            raise NotPossible(bad.summary(ratings.bad, reading))
        if not ratings.variables:
            raise NotPossible(f"{name} holds no rating")
        return with_criteria(reading.protocol, sorted(ratings.scales)), rounds


class _BadRows:
    """Tells bad rows as they are met; of many that are alike the first and how many."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.alike: dict[tuple[str, str], int] = {}

    def tell(self, row: BadRow) -> None:
        kind = (row.code, row.word if len(self.alike) < TELL_EVERY else "")
        self.alike[kind] = self.alike.get(kind, 0) + 1
        if self.alike[kind] <= ALIKE:
            words = BAD_ROWS[row.code].format(word=row.word)
            click.echo(f"{self.name}:{row.line}: {words}", err=True)

    def summary(self, bad: int, reading: FileReading) -> str:
        """What was refused in all, and what would fix most of it."""
        for (code, word), count in self.alike.items():
            if count > ALIKE:
                more = BAD_ROWS[code].format(word=word)
                click.echo(f"{self.name}: {more}, in {count - ALIKE} more rows", err=True)
        some = "1 row was" if bad == 1 else f"{bad} rows were"
        return f"{some} refused; nothing was analysed{self._advice(reading)}"

    def _advice(self, reading: FileReading) -> str:
        off = [word for code, word in self.alike if code == "not_on_scale"]
        empty = [word for word in off if word.casefold() in NO_RATING]
        if empty:
            return f"; if {', '.join(empty)} means no rating, say so: --missing {','.join(empty)}"
        if off and reading.assumed:
            return "; the scale 1 to 9 was assumed, --protocol names another"
        return ""


@contextmanager
def _opened(file: Path) -> Iterator[Iterable[str]]:
    """The lines of a CSV, or of the ratings in a package."""
    if is_package(file):
        yield package_rows(file)
        return
    with click.open_file(str(file), encoding="utf-8" if str(file) == "-" else encoding_of(file)) as stream:
        yield stream


def _ratings(stream: Iterable[str], reading: FileReading, refuse: Callable[[BadRow], None]) -> Ratings:
    told = 0

    def progress(rows: int) -> None:
        nonlocal told
        if rows // TELL_EVERY > told:
            told = rows // TELL_EVERY
            click.echo(f"{rows} rows read", err=True)

    return coded(stream, reading.protocol, refuse, progress, reading.missing, reading.rounds)


def _header_words(name: str, header: HeaderInvalid) -> str:
    if header.twice:
        return f"{name}:1: named twice: {', '.join(header.twice)}"
    return f"{name}:1: no column {', '.join(header.missing)}; the first line must name {', '.join(REQUIRED)}"
