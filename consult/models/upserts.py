"""Inserting what may be there already, in one statement: the same for both databases."""

from collections.abc import Callable
from typing import Generic, TypeVar

from sqlalchemy import Executable
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from consult.models.base import Base

Insert = sqlite.Insert | postgresql.Insert
Statement = TypeVar("Statement", bound=Executable)


class Upsert(Generic[Statement]):
    """An INSERT into a table, finished by what is to happen on a conflict; made once."""

    def __init__(self, table: type[Base], finish: Callable[[Insert], Statement]) -> None:
        self._by_database = {"sqlite": finish(sqlite.Insert(table)), "postgresql": finish(postgresql.Insert(table))}

    def of(self, session: Session) -> Statement:
        """The statement for the database of a session."""
        return self._by_database[session.get_bind().dialect.name]
