"""Hot statements compiled once: their SQL, the order of their values, and what converts values and rows.

SQLAlchemy takes several times as long to run a small statement as the driver does, mostly to find out again what never
changes. `storage.statements.hot` lists the statements that signers' calls send; they are the same objects that
SQLAlchemy runs.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.sql import visitors

from storage.statements.build import PerDialect, numbered
from storage.statements.hot import HOT

Convert: TypeAlias = Callable[[Any], Any]
"""A function that converts a value for the driver, or from it."""
Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CompiledStatement:
    """A statement's SQL, what orders and converts its values, and what makes rows of the driver's tuples.

    `make_row` is None for a statement that returns no rows, and `target` is the table that it writes to, if any.
    """

    sql: str
    target: str
    in_order: Callable[[Values], Sequence[Any]]
    writers: Sequence[tuple[str, Convert]]
    make_row: Callable[[Sequence[Any]], Any] | None
    readers: Sequence[tuple[int, Convert]]

    def values(self, given: dict[str, Any]) -> Sequence[Any]:
        """Order the values as the SQL has them, converted in place for the driver."""
        for name, convert in self.writers:
            given[name] = convert(given[name])
        return self.in_order(given)

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        """The rows that the driver found, as named tuples."""
        if self.make_row is None:
            return []
        return [*map(self.make_row, map(self._converted, found) if self.readers else found)]

    def _converted(self, row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for place, convert in self.readers:
            values[place] = convert(values[place])
        return values


@dataclass(slots=True)
class CompiledStatements:
    """Hot statements in a dialect. Each is compiled at its first use, and again for other numbers of values."""

    dialect: sa.Dialect
    hot: Sequence[Any]
    _lists: dict[int, Sequence[str]] = field(init=False)
    _compiled: dict[tuple[Any, ...], CompiledStatement] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lists = {id(each): _lists_of(self._own(each)) for each in self.hot}

    def find(self, statement: object, values: dict[str, Any]) -> CompiledStatement | None:
        """The compiled form of a statement for these values, whose lists it replaces; None if it isn't hot."""
        lists = self._lists.get(id(statement))
        if lists is None:
            return None
        for name in lists:
            values |= {numbered(name, place): value for place, value in enumerate(values.pop(name))}
        key = (id(statement), *values)
        if key not in self._compiled:
            counts = {name: sum(each.startswith(f"{name} ") for each in values) for name in lists}
            self._compiled[key] = _compile(self._own(statement), self.dialect, list(values), counts)
        return self._compiled[key]

    def find_rows(self, statement: object, rows: Sequence[Values]) -> CompiledStatement | None:
        """The compiled form of a hot INSERT for this number of rows, with different keys; None if it isn't hot."""
        if id(statement) not in self._lists or not isinstance(statement, PerDialect):
            return None
        key = (id(statement), len(rows))
        if key not in self._compiled:
            own = statement.of_rows(self.dialect.name, len(rows), list(rows[0]))
            self._compiled[key] = _compile(own, self.dialect, [], {})
        return self._compiled[key]

    def _own(self, statement: Any) -> Any:
        return statement.on(self.dialect.name) if isinstance(statement, PerDialect) else statement


@cache
def compiled_for(engine: str) -> CompiledStatements:
    """The hot statements for engines with this name, shared by all databases of a process; values go by place."""
    kind: Any = sqlite.dialect if engine == "sqlite" else PGDialect_psycopg
    return CompiledStatements(kind(paramstyle="qmark" if engine == "sqlite" else "numeric_dollar"), HOT)


def _compile(statement: Any, dialect: sa.Dialect, names: list[str], lists: Mapping[str, int]) -> CompiledStatement:
    """Compile a statement with its constants in the SQL, and with a value for each item of its lists.

    SQLite prepares a statement again at each run if a value is compared with a column that a partial index's condition
    names; a constant in the SQL also lets it use that index.
    """

    def replaced(element: Any, **_: Any) -> Any:
        if not isinstance(element, sa.BindParameter):
            return None
        if element.expanding:
            names = (numbered(element.key, place) for place in range(lists[element.key]))
            items: list[Any] = [sa.bindparam(name, type_=element.type) for name in names]
            return sa.tuple_(*(items or [sa.null()]))
        if element.required:
            return None
        return sa.literal_column(str(element.compile(dialect=dialect, compile_kwargs={"literal_binds": True})))

    fixed = visitors.replacement_traverse(statement, {}, replaced)
    compiled: Any = fixed.compile(dialect=dialect, column_keys=names or None)
    order: Sequence[str] = compiled.positiontup
    columns = list(fixed.exported_columns)
    return CompiledStatement(
        compiled.string,
        str(statement.table.name) if statement.is_dml else "",
        _in_order(order),
        tuple((name, convert) for name in dict.fromkeys(order) if (convert := _writer(compiled.binds[name], dialect))),
        _row_maker(columns),
        tuple((place, convert) for place, column in enumerate(columns) if (convert := _reader(column, dialect))),
    )


def _in_order(names: Sequence[str]) -> Callable[[Values], Sequence[Any]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


def _row_maker(columns: Sequence[Any]) -> Callable[[Sequence[Any]], Any] | None:
    row: Any = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]  # noqa: PYI024
    return row._make if columns else None


def _writer(bind: sa.BindParameter[Any], dialect: sa.Dialect) -> Convert | None:
    return bind.type.dialect_impl(dialect).bind_processor(dialect)


def _reader(column: Any, dialect: sa.Dialect) -> Convert | None:
    return column.type.dialect_impl(dialect).result_processor(dialect, None)  # type: ignore[no-any-return]


def _lists_of(statement: Any) -> Sequence[str]:
    """The names of the values that are lists."""
    binds = (each for each in visitors.iterate(statement) if isinstance(each, sa.BindParameter))
    return tuple(dict.fromkeys(bind.key for bind in binds if bind.expanding))
