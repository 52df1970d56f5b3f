"""Lets tests see the statements that a database is about to run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import sqlalchemy as sa

from storage.connection import Connection
from storage.engine import Database

Seen: TypeAlias = Callable[[str, Sequence[Any]], object]
"""A function that is told a statement, and its values or its rows of values."""


def watch(database: Database, seen: Seen) -> Callable[[], None]:
    """Tell `seen` each statement before it runs, through SQLAlchemy or straight through the driver; returns the end."""

    def tell(_c: Any, _k: Any, statement: str, values: Any, _x: Any, many: bool) -> None:
        rows = values if many else [values]
        seen(statement, [value for row in rows for value in (row.values() if isinstance(row, dict) else row)])

    def end() -> None:
        sa.event.remove(database.engine, "before_cursor_execute", tell)
        database.watch = None

    sa.event.listen(database.engine, "before_cursor_execute", tell)
    database.watch = seen
    return end


@contextmanager
def watched(database: Database, seen: Seen) -> Iterator[None]:
    """Tell `seen` the statements of the block."""
    end = watch(database, seen)
    try:
        yield
    finally:
        end()


def plan(connection: Connection, statement: sa.Executable, values: Any) -> str:
    """The engine's plan for a statement."""
    words = "EXPLAIN QUERY PLAN " if connection.is_sqlite else "EXPLAIN "

    def explain(_: object, __: object, statement: str, values: object, *___: object) -> tuple[str, object]:
        return words + statement, values

    sa.event.listen(connection.sqlalchemy, "before_cursor_execute", explain, retval=True)
    try:
        cursor = connection.execute(statement, values).cursor
        return repr(cursor.fetchall() if cursor else None)
    finally:
        sa.event.remove(connection.sqlalchemy, "before_cursor_execute", explain)
