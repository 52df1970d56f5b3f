"""The base classes of the repositories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from storage.statements.build import run, run_each
from storage.vault import Vault


class Repository:
    """A connection inside a transaction. `erased` becomes True once sealed data was erased."""

    erased = False

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def _run(self, statement: Any, /, **values: Any) -> sa.CursorResult[*tuple[Any, ...]]:
        return run(self._connection, statement, **values)

    def _run_each(self, statement: Any, rows: Sequence[Mapping[str, Any]]) -> sa.CursorResult[*tuple[Any, ...]]:
        return run_each(self._connection, statement, rows)


class SealingRepository(Repository):
    """A connection inside a transaction, and the vault that seals personal data."""

    def __init__(self, connection: sa.Connection, vault: Vault) -> None:
        super().__init__(connection)
        self._vault = vault
