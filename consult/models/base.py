"""The declarative base, naming of constraints, and the types of columns."""

import base64
import json
import re
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, DateTime, Dialect, ForeignKeyConstraint, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from consult.canonical import canonical_json

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. Refuses a time without a zone; always gives one back in UTC.

    SQLite keeps no zone; it stores and returns the UTC wall clock.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """JSON kept as text with sorted keys: the same bytes on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else json.loads(value)


KEY = BigInteger().with_variant(Integer, "sqlite")
"""Every whole number: 64 bits wide on every database."""


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: KEY,
        datetime: UtcDateTime,
        dict[str, Any]: JsonText,
        list[Any]: JsonText,
    }


def one_of(column: str, codes: Iterable[str]) -> str:
    """A condition in SQL: the column holds one of these codes."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return f"{column} IN ({listed})"


class Keyed:
    """A table with a number of its own."""

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True, sort_order=-10)


HANDLE = re.compile(r"[a-z2-7]{16}")


def new_handle() -> str:
    """80 random bits as 16 lower-case letters and digits (base 32): says nothing of its row."""
    return base64.b32encode(secrets.token_bytes(10)).decode().lower()


class Handled:
    """A table whose rows have addresses: outside the server they are called by their handle."""

    handle: Mapped[str] = mapped_column(String(16), default=new_handle, sort_order=10)


def within(parent: str, column: str) -> ForeignKeyConstraint:
    """A foreign key on (consultation, parent), so that no link can cross consultations."""
    return ForeignKeyConstraint(["consultation_id", column], [f"{parent}.consultation_id", f"{parent}.id"])
