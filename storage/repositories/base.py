"""The base classes of the repositories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storage.connection import Connection, StatementResult
from storage.vault import Vault


class Repository:
    """A connection inside a transaction. `erased` becomes True once sealed data was erased."""

    erased = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _run(self, statement: Any, /, **values: Any) -> StatementResult:
        return self._connection.run(statement, **values)

    def _run_each(self, statement: Any, rows: Sequence[Mapping[str, Any]]) -> StatementResult:
        return self._connection.run_each(statement, rows)


class SealingRepository(Repository):
    """A connection inside a transaction, and the vault that seals personal data."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        super().__init__(connection)
        self._vault = vault
