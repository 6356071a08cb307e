"""What may stand in an address: handles where rows are meant, and nothing no database can hold."""

from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter, UnicodeConverter

from consult.models.base import HANDLE


class HandleConverter(BaseConverter):
    """A part of an address that is a handle; anything else is no address at all."""

    regex = HANDLE.pattern


class TextConverter(UnicodeConverter):
    """Any other part: without the null character, which PostgreSQL refuses as text."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.regex = self.regex.replace("[^/]", r"[^/\x00]")


def register(app: Flask) -> None:
    """Before the views: rules are read with the converters that are there."""
    app.url_map.converters.update(default=TextConverter, handle=HandleConverter)
