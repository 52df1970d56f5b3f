"""Records what the product writes, and writes the same rows with the driver alone: again and again, or in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

import storage.tables  # noqa: F401  (fills the metadata)
from tests.bench.workbench import Bare, Place, Statement

Row = Mapping[str, Any]
Maker = Callable[[int], Any]
"""A person's value of a column, by the person's number."""

_TABLES = SQLModel.metadata.sorted_tables


@dataclass(frozen=True)
class Write:
    """A row as it was after a transaction: all of it where it is new, else its key and what changed."""

    table: sa.Table
    key: Row
    values: Row
    new: bool


def record(place: Place, calls: Sequence[Callable[[], object]]) -> list[list[Write]]:
    """The writes of every call; what a call writes twice or takes back counts once or not at all."""
    recorded = []
    with place.bare() as bare:
        before = _snapshot(bare)
        for call in calls:
            call()
            after = _snapshot(bare)
            recorded.append(list(_writes(before, after)))
            before = after
    return recorded


def replay(recorded: Sequence[Sequence[Write]], number: int, mark: str) -> list[list[Statement]]:
    """The recorded transactions as plain statements of another person, for the driver."""
    return [[_statement(write, number, mark) for write in writes] for writes in recorded]


def makers(write: Write, special: Mapping[str, Maker]) -> list[Maker]:
    """Functions that make the values of a new row for another person; `special` ones by "table.column"."""
    name = write.table.name
    return [
        special.get(f"{name}.{column}") or _maker(write.table.c[column], value)
        for column, value in write.values.items()
    ]


def _snapshot(bare: Bare) -> dict[str, dict[tuple[Any, ...], Row]]:
    cursor = bare.connection.cursor()
    snapshot: dict[str, dict[tuple[Any, ...], Row]] = {}
    for table in _TABLES:
        cursor.execute(f"SELECT * FROM {table.name}")  # noqa: S608
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
        snapshot[table.name] = {tuple(row[column.name] for column in table.primary_key): row for row in rows}
    bare.connection.commit()  # otherwise PostgreSQL would keep looking at one moment
    return snapshot


def _writes(
    before: Mapping[str, Mapping[tuple[Any, ...], Row]], after: Mapping[str, Mapping[tuple[Any, ...], Row]]
) -> Iterator[Write]:
    for table in _TABLES:
        for key, row in after[table.name].items():
            old = before[table.name].get(key)
            changed = {name: value for name, value in row.items() if old is None or value != old[name]}
            if changed:
                names = [column.name for column in table.primary_key]
                yield Write(table, dict(zip(names, key, strict=True)), changed, new=old is None)


def _statement(write: Write, number: int, mark: str) -> Statement:
    values = tuple(_maker(write.table.c[name], value)(number) for name, value in write.values.items())
    if write.new:
        marks = ", ".join([mark] * len(values))
        return f"INSERT INTO {write.table.name} ({', '.join(write.values)}) VALUES ({marks})", values  # noqa: S608
    key = tuple(_maker(write.table.c[name], value)(number) for name, value in write.key.items())
    changes = ", ".join(f"{name} = {mark}" for name in write.values)
    place = " AND ".join(f"{name} = {mark}" for name in write.key)
    return f"UPDATE {write.table.name} SET {changes} WHERE {place}", values + key  # noqa: S608


def _maker(column: sa.Column[Any], value: Any) -> Maker:
    """Numbers are the person's own, and so are codes that nobody shares; all else is as it was recorded."""
    if isinstance(value, int) and isinstance(column.type, sa.Integer):
        return lambda number: number
    if isinstance(value, str) and column.unique:
        length = len(value)
        return lambda number: sha256(f"{number}".encode()).hexdigest()[:length]
    return lambda _: value
