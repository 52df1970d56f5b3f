"""Hot statements on SQLite: each is run at once, since nothing is between us and the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any


class Direct:
    """The counterpart of storage.pipeline.Pipeline. Every method may raise sqlite3.Error."""

    def __init__(self, driver: sqlite3.Connection) -> None:
        self.sql = ""
        self._driver, self._cursor = driver, driver.cursor()

    def add(self, sql: str, values: Sequence[Any] = ()) -> sqlite3.Cursor:
        """Run a statement."""
        self.sql = sql
        return self._cursor.execute(sql, values)

    def rows(self, request: sqlite3.Cursor) -> list[Any]:
        """The rows of the last statement."""
        return request.fetchall()

    def settle(self) -> None:
        """Nothing waits."""

    def commit(self) -> None:
        """Commit."""
        self.sql = "COMMIT"
        self._driver.commit()

    def discard(self) -> None:
        """Nothing waits."""
