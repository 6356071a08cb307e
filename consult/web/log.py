"""What the server notes of an error that it did not expect: kind and place, no values."""

import traceback
from types import TracebackType

from flask import Flask, request

ExceptionInfo = tuple[type, BaseException, TracebackType | None] | tuple[None, None, None]


class Application(Flask):
    """Flask whose log keeps the texts of errors to itself: they may hold a name or an answer."""

    def log_exception(self, exc_info: ExceptionInfo) -> None:
        error = exc_info[1]
        endpoint = request.endpoint or "no view"  # never the address: it may hold a link
        told = "".join(_told(error)) if error is not None else ""
        self.logger.error("error in %s (%s)\n%s", endpoint, request.method, told.rstrip())


def _told(error: BaseException) -> list[str]:
    """The chain of errors, each with where it came from, in the order in which they arose."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_told(before), "which led to\n"] if before is not None else []
    frames = traceback.extract_tb(error.__traceback__)
    return [*lines, *traceback.format_list(frames), f"{type(error).__name__}\n"]
