"""The only source of time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime


def _system_time() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system_time


def utc_now() -> datetime:
    """The present moment, in UTC."""
    return _source()


@contextmanager
def set_to(moment: datetime) -> Iterator[None]:
    """Let the clock stand at `moment`: rehearsals and the demonstration live in their own time."""
    global _source
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    before = _source

    def stand_still() -> datetime:
        return moment

    _source = stand_still
    try:
        yield
    finally:
        _source = before
