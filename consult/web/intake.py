"""What is taken in at all: numbers in addresses, and forms, within bounds."""

import io
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.routing import IntegerConverter

MOST_FIELDS = 5_000
"""Fields of one form; the longest page of a consultation has some hundreds."""


class Whole(IntegerConverter):
    """A whole number that a database can hold."""

    regex = r"\d{1,18}"


class _Counting(FormDataParser):
    """Counts the fields before they are read: a form of any kind has so many and no more."""

    def parse(self, stream: IO[bytes], mimetype: str, *given: Any, **named: Any) -> Any:
        if mimetype == "application/x-www-form-urlencoded":
            body = stream.read()  # within MAX_CONTENT_LENGTH
            if body.count(b"&") >= MOST_FIELDS:
                raise RequestEntityTooLarge
            stream = io.BytesIO(body)
        return super().parse(stream, mimetype, *given, **named)


class BoundedRequest(Request):
    """A request whose form is bounded in size and in the number of its fields."""

    form_data_parser_class = _Counting
