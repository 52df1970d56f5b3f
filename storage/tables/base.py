"""Building blocks of the tables, and the table of facts about the database itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlmodel import Field, SQLModel


class Growing(sa.BigInteger):
    """An id or a count that may pass 2**31, in 64 bits. SQLite's integers have as many, and ids must be called so."""


@compiles(Growing, "sqlite")
def _name(_: Growing, __: object, **___: object) -> str:
    return "INTEGER"


class UtcDateTime(sa.types.TypeDecorator[dt.datetime]):
    """A moment in UTC. SQLite stores no time zones, so the zone is removed on the way in and added on the way out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _: sa.Dialect) -> dt.datetime | None:
        """The moment as the database stores it."""
        return value.astimezone(dt.UTC) if value else None

    def process_result_value(self, value: dt.datetime | None, _: sa.Dialect) -> dt.datetime | None:
        """The moment with its time zone."""
        return value.replace(tzinfo=dt.UTC) if value and value.tzinfo is None else value


def partial_index(name: str, where: str, *columns: str) -> sa.Index:
    """An index on only the rows that meet a condition."""
    return sa.Index(name, *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def table(row: type[SQLModel]) -> sa.Table:
    """The table of a row class, for statements that don't need objects."""
    mapped: Any = row
    return mapped.__table__  # type: ignore[no-any-return]


class MarkRow(SQLModel, table=True):
    """A fact that the database keeps about itself, such as a sealed text for checking the key."""

    __tablename__ = "marks"
    name: str = Field(primary_key=True)
    sealed: bytes
