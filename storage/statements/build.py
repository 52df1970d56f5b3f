"""Functions that build statements for both engines, and functions that run them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite


@dataclass(frozen=True, slots=True)
class PerDialect:
    """A statement with ON CONFLICT: the SQL is the same on both engines, but SQLAlchemy has a class for each."""

    sqlite: Any
    postgresql: Any

    def on(self, connection: sa.Connection) -> Any:
        """The statement for this connection's engine."""
        return self.sqlite if connection.dialect.name == "sqlite" else self.postgresql


def per_dialect(target: sa.Table, build: Callable[[Any], Any]) -> PerDialect:
    """Build a statement from each dialect's insert."""
    return PerDialect(build(sqlite.insert(target)), build(postgresql.insert(target)))


def upsert(target: sa.Table) -> PerDialect:
    """Insert a row, or set all columns outside the primary key."""
    rest = [column.name for column in target.c if not column.primary_key]
    return per_dialect(
        target,
        lambda insert: insert.on_conflict_do_update(
            index_elements=_key(target), set_={name: insert.excluded[name] for name in rest}
        ),
    )


def add_to(column: sa.Column[Any], *, returning: bool = False) -> PerDialect:
    """Insert a row of stored counts, or add to its `column`; `returning` returns the new total."""
    target = column.table

    def build(insert: Any) -> Any:
        total = {column.name: column + insert.excluded[column.name]}
        statement = insert.on_conflict_do_update(index_elements=_key(target), set_=total)
        return statement.returning(column) if returning else statement

    return per_dialect(target, build)


def add_if_new(target: sa.Table) -> PerDialect:
    """Insert a row unless it exists."""
    return per_dialect(target, lambda insert: insert.on_conflict_do_nothing())


def bound(name: str) -> Any:
    """A parameter."""
    return sa.bindparam(name)


def any_of(name: str) -> Any:
    """A parameter that takes a list, for `column.in_`."""
    return sa.bindparam(name, expanding=True)


def run(connection: sa.Connection, statement: Any, /, **values: Any) -> sa.CursorResult[*tuple[Any, ...]]:
    """Run a statement once."""
    return connection.execute(_for(connection, statement), values)


def run_each(
    connection: sa.Connection, statement: Any, rows: Sequence[Mapping[str, Any]]
) -> sa.CursorResult[*tuple[Any, ...]]:
    """Run a statement for each row of values, of which there must be at least one."""
    return connection.execute(_for(connection, statement), rows)


def _for(connection: sa.Connection, statement: Any) -> Any:
    return statement.on(connection) if isinstance(statement, PerDialect) else statement


def _key(target: Any) -> list[str]:
    return [column.name for column in target.primary_key]
