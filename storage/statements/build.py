"""Functions that build statements for both engines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import Growing


@dataclass(frozen=True, slots=True, eq=False)
class PerDialect:
    """An INSERT with ON CONFLICT: the SQL is the same on both engines, but SQLAlchemy has a class for each."""

    target: sa.Table
    build: Callable[[Any], Any]
    _built: dict[str, Any] = field(default_factory=dict)

    def on(self, dialect: str) -> Any:
        """The statement for the engine with this name."""
        if dialect not in self._built:
            self._built[dialect] = self.build(_INSERTS[dialect](self.target))
        return self._built[dialect]

    def of_rows(self, dialect: str, count: int, columns: Sequence[str]) -> Any:
        """The statement for several rows at once, whose values are `numbered`."""
        types = {name: self.target.c[name].type for name in columns}
        rows = [
            {name: sa.bindparam(numbered(name, row), type_=kind) for name, kind in types.items()}
            for row in range(count)
        ]
        return self.build(_INSERTS[dialect](self.target).values(rows))


_INSERTS: Mapping[str, Callable[[sa.Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def numbered(name: str, number: int) -> str:
    """The name of one of several values: of a list, or of a column in several rows."""
    return f"{name} {number}"


def per_dialect(target: sa.Table, build: Callable[[Any], Any]) -> PerDialect:
    """Build a statement from each dialect's insert."""
    return PerDialect(target, build)


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


def sum_of(column: Any, *where: Any) -> sa.Cast[int]:
    """The sum of whole numbers as a whole number: PostgreSQL adds those of 64 bits up to a decimal one."""
    total = sa.func.sum(column)
    return sa.cast(total.filter(*where) if where else total, Growing)


def bound(name: str) -> Any:
    """A parameter."""
    return sa.bindparam(name)


def any_of(name: str) -> Any:
    """A parameter that takes a list, for `column.in_`."""
    return sa.bindparam(name, expanding=True)


def _key(target: Any) -> list[str]:
    return [column.name for column in target.primary_key]
