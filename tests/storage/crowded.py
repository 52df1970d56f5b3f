"""Rows in every table, with values that engines may store differently."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from storage.bulk_rows import TABLES
from storage.engine import Database
from storage.tables import MarkRow, UtcDateTime, table

LARGEST = 2**63 - 1
_TEXTS = ("", "Zoë “O’Hara” \\N \t\r\n \U0001f64b", "a", "B", "ä", "\\.")
_TIMES = (dt.timedelta(), dt.timedelta(microseconds=1), dt.timedelta(days=9000, microseconds=999_999))
_ZONE = dt.timezone(dt.timedelta(hours=-7))
_START = dt.datetime(2026, 3, 8, 9, 59, 59, tzinfo=_ZONE)


def fill_everything(database: Database, rows: int = 3) -> None:
    """Add rows to all tables but the marks."""
    with database.writing() as connection:
        for each in TABLES:
            if each is not table(MarkRow):
                connection.sqlalchemy.execute(each.insert(), [_row(each, number) for number in range(1, rows + 1)])
        connection.commit()


def _row(target: sa.Table, number: int) -> Mapping[str, Any]:
    return {column.name: _value(column, number) for column in target.c}


def _value(column: sa.Column[Any], number: int) -> Any:
    if column.foreign_keys or column.name == "id":
        return number
    is_key = column.primary_key or column.unique
    if column.nullable and number % 3 == 0 and not is_key:
        return None
    match column.type:
        case UtcDateTime():
            return _START + _TIMES[number % 3] + dt.timedelta(hours=number)
        case sa.Date():
            return dt.date(2026, 1, 1) + number * dt.timedelta(days=1)
        case sa.Boolean():
            return number % 2 == 0
        case sa.Integer():
            return number if is_key else (-number, 0, 2**31 - 1)[number % 3]
        case sa.LargeBinary():
            return bytes((0, number % 256, 255, 92))
        case _:
            return f"{_TEXTS[number % len(_TEXTS)]}{number}"
