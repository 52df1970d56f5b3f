"""Finds the rows that no known key opens."""

from __future__ import annotations

from collections.abc import Iterator

from storage.engine import Database
from storage.statements.build import run
from storage.statements.sealed import PAGES
from storage.vault import Vault

_PAGE = 500


def unopened(database: Database, vault: Vault) -> Iterator[tuple[str, ...]]:
    """Read everything sealed, page by page; for each page, yields the names of the rows that no known key opens.

    A name is the table's name and the row's key, such as "signatures 17"; neither is personal.
    """
    for name, (first, following) in PAGES.items():
        statement, after = first, dict[str, object]()
        while True:
            with database.reading() as connection:
                rows = run(connection, statement, most=_PAGE, **after).mappings().all()
            yield tuple(_name(name, row) for row in rows if row["sealed"] and not vault.opens(row["sealed"]))
            if len(rows) < _PAGE:
                break
            statement, last = following, rows[-1]
            after = {f"after_{column}": value for column, value in last.items() if column != "sealed"}


def _name(table: str, row: object) -> str:
    key = (str(value) for column, value in dict(row).items() if column != "sealed")  # type: ignore[call-overload]
    return f"{table} {' '.join(key)}"
