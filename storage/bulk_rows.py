"""Reads and writes whole tables in batches, by the columns' types, so that rows are the same on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  (fills the metadata)
from core.errors import ConfigurationError, StorageUnavailableError
from storage.connection import Connection
from storage.statements.marks import MOVING
from storage.tables import MarkRow, table

BATCH = 5000  # rows in memory, and in one transaction of the target
_CACHE = 64_000  # KiB of SQLite's pages: rows come in the order of their ids, but their keys in none
_marks = table(MarkRow)

TABLES: Sequence[sa.Table] = SQLModel.metadata.sorted_tables
"""All tables, each after those that its rows refer to."""


@dataclass(frozen=True, slots=True)
class TableFigures:
    """Figures that are the same for two tables with the same rows.

    They are the number of rows, the sum of each column of numbers, and the sum of the rows' hashes, which doesn't
    depend on their order. Python's hashes differ from process to process, so compare only figures of one process.
    """

    rows: int
    sums: tuple[int, ...]
    hashes: int


def count_rows(connection: Connection, source: sa.Table) -> int:
    """Number of rows in a table."""
    query = _only_moved(sa.select(sa.func.count()).select_from(source), source)
    return int(connection.execute(query).scalar_one())


def figures_of(connection: Connection, source: sa.Table, on_batch: Callable[[int], None]) -> TableFigures:
    """Read a table; `on_batch` gets the number of rows of each batch."""
    numbers = [column for column in source.c if isinstance(column.type, sa.Integer)]
    query = _only_moved(sa.select(sa.func.count(), *map(sa.func.sum, numbers)).select_from(source), source)
    count, *sums = (int(value or 0) for value in connection.execute(query).one())
    return TableFigures(count, tuple(sums), hash_rows(read_rows(connection, source), on_batch))


def hash_rows(batches: Iterable[Sequence[sa.Row[Any]]], on_batch: Callable[[int], None]) -> int:
    """The sum of the rows' hashes."""
    total = 0
    for batch in batches:
        total += sum(map(hash, batch))
        on_batch(len(batch))
    return total


def read_rows(
    connection: Connection, source: sa.Table, skip: int = 0, most: int | None = None
) -> Iterator[Sequence[sa.Row[Any]]]:
    """Read a table's rows, in batches and in the order of its key."""
    query = _only_moved(sa.select(source), source).order_by(*source.primary_key).offset(skip).limit(most)
    with connection.execute(query.execution_options(yield_per=BATCH)) as result:
        yield from result.partitions()


def append_rows(connection: Connection, target: sa.Table, rows: Iterable[sa.Row[Any]]) -> None:
    """Add rows to a table: with COPY on PostgreSQL.

    Raises:
        ConfigurationError: a text has a character that PostgreSQL can't hold.
        StorageUnavailableError: the connection was lost.
    """
    dialect = connection.sqlalchemy.dialect
    processors = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in target.c]
    values = (
        [process(value) if process else value for process, value in zip(processors, row, strict=True)] for row in rows
    )
    quote = dialect.identifier_preparer.quote
    names = f"{quote(target.name)} ({', '.join(quote(column.name) for column in target.c)})"
    if connection.is_sqlite:
        marks = ", ".join("?" * len(target.c))
        connection.sqlalchemy.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE}")
        connection.sqlalchemy.exec_driver_sql(f"INSERT INTO {names} VALUES ({marks})", list(map(tuple, values)))  # noqa: S608
        return
    _copy(connection, target, f"COPY {names} FROM STDIN", values)


def _copy(connection: Connection, target: sa.Table, command: str, rows: Iterable[Sequence[Any]]) -> None:
    view = connection.sqlalchemy
    errors, driver = view.dialect.loaded_dbapi, view.connection.driver_connection
    try:
        with driver.cursor().copy(command) as copy:  # type: ignore[union-attr]  # psycopg's
            for row in rows:
                copy.write_row(row)
    except errors.DataError as error:
        raise ConfigurationError(f"PostgreSQL can't hold a row of {target.name}: {_first_line(error)}.") from None
    except errors.OperationalError as error:
        raise StorageUnavailableError(f"The database cannot be opened: {_first_line(error)}.") from None


def read_sequences(connection: Connection) -> dict[str, int]:
    """The last id that each table has given, even if its row is gone: by the table's name, as far as it is known."""
    if connection.is_sqlite:
        given = connection.execute(sa.text("SELECT name, seq FROM sqlite_sequence"))
        return {row.name: row.seq for row in given}
    query = sa.text("SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(:name, 'id')), 0)")
    return {each.name: connection.execute(query, {"name": each.name}).scalar_one() for each in numbered_tables()}


def set_sequences(connection: Connection, last: dict[str, int]) -> None:
    """Go on numbering after these ids, and after those that the tables have."""
    for each in numbered_tables():
        newest = connection.execute(sa.select(sa.func.coalesce(sa.func.max(each.c.id), 0))).scalar_one()
        value = {"name": each.name, "last": max(newest, last.get(each.name, 0))}
        if not connection.is_sqlite:
            query = "SELECT setval(pg_get_serial_sequence(:name, 'id'), greatest(:last, 1), :last > 0)"
            connection.execute(sa.text(query), value)
        elif each.dialect_options["sqlite"]["autoincrement"]:
            connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), value)
            connection.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), value)


def numbered_tables() -> Iterator[sa.Table]:
    """The tables whose rows get their ids from the database."""
    return (each for each in TABLES if "id" in each.primary_key.columns)


def empty_tables(connection: Connection) -> None:
    """Delete all rows, except the mark of an unfinished copy."""
    present = sa.inspect(connection.sqlalchemy).get_table_names()
    for each in reversed(TABLES):
        if each.name in present:
            connection.execute(_only_moved(sa.delete(each), each))


def _only_moved(statement: Any, target: sa.Table) -> Any:
    """The statement without the mark of an unfinished copy, which is the copy's own."""
    return statement.where(_marks.c.name != MOVING) if target is _marks else statement


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or ["no reason given"])[0].rstrip(".")
