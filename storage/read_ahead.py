"""Rows that one statement read together with a person, for the calls that ask for them next in the transaction."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any


class ReadAhead:
    """Rows by table and key; each can be taken once, and a write to its table forgets it."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[Hashable, Sequence[Any]]] = {}

    def put(self, table: str, key: Hashable, rows: Sequence[Any]) -> None:
        """Keep all rows that a table has for a key."""
        self._rows.setdefault(table, {})[key] = rows

    def take(self, table: str, key: Hashable) -> Sequence[Any] | None:
        """The rows, which are the table's as of now; None if they must be read."""
        return self._rows.get(table, {}).pop(key, None)

    def forget(self, table: str) -> None:
        """Forget the rows of a table that is about to change."""
        self._rows.pop(table, None)

    def forget_all(self) -> None:
        """Forget everything."""
        self._rows.clear()
