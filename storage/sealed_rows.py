"""Finds the rows that no known key opens, and seals again what an older key or an older version sealed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from core.errors import KeyDestroyedError, SealError
from storage.connection import Connection
from storage.contexts import AnyRow, context_of
from storage.engine import Database
from storage.reading import Readable
from storage.statements.marks import GET_MARK, SET_MARK
from storage.statements.sealed import COUNTS, HOMES, PAGES
from storage.vault import Vault

RowKey: TypeAlias = Mapping[str, Any]
"""The key of a row, as parameters of the statements (storage.statements.sealed)."""

_PAGE = 100  # rows in one transaction, for which signers wait on SQLite
_MOST_LEFT = 10_000  # rows that a process remembers
_RESEALED = "resealed"
"""The name of the mark that says which key has sealed everything; nothing in it is secret."""


def unopened(database: Readable, vault: Vault) -> Iterator[tuple[str, ...]]:
    """Read everything sealed, page by page; for each page, yields the names of the rows that no known key opens.

    A name is the table's name and the row's key, such as "signatures 17"; neither is personal.
    """
    for name, rows in _pages(database):
        yield tuple(
            _name(name, row) for row in rows if row["sealed"] and not vault.opens(row["sealed"], *context_of(name, row))
        )


def count_sealed(database: Database, vault: Vault) -> int:
    """Number of rows that `reseal` will look at."""
    with database.reading() as connection:
        if _is_done(connection, vault):
            return 0
        return sum(connection.run(statement).scalar_one() for statement in COUNTS.values())


@dataclass
class Resealing:
    """Seals again, as often as one asks, whatever the keys that seal now have not sealed.

    After a walk through everything, the next ones only look at the rows that it left: those that a transaction held,
    and those that no key opened. If these are too many to remember, the next walk reads everything again.
    """

    database: Database
    vault: Vault
    _left: Mapping[str, Sequence[RowKey]] | None = None

    def pages(self) -> Iterator[int]:
        """Walk once; yields the number of rows of each page.

        Each page is a transaction of its own, so it can end at any moment and go on later. It waits for nobody.
        """
        with self.database.reading() as connection:
            if _is_done(connection, self.vault):
                return
        left = defaultdict[str, list[RowKey]](list)
        for name, number, keys in self._outdated():
            if keys:
                left[name] += _reseal_page(self.database, self.vault, name, keys)
            yield number
        self._left = left if sum(map(len, left.values())) <= _MOST_LEFT else None
        if not any(left.values()):
            with self.database.writing() as connection:
                connection.run(SET_MARK, name=_RESEALED, sealed=self.vault.header)
                connection.commit()

    def _outdated(self) -> Iterator[tuple[str, int, Sequence[RowKey]]]:
        """For each page: its table, its number of rows, and the keys of those that may have to be sealed again."""
        if self._left is not None:
            for name, keys in self._left.items():
                pages = (keys[start : start + _PAGE] for start in range(0, len(keys), _PAGE))
                yield from ((name, len(page), page) for page in pages)
            return
        for name, rows in _pages(self.database):
            stale = (row for row in rows if row["sealed"] and _is_outdated(name, row, self.vault))
            yield name, len(rows), [PAGES[name].key_of(row) for row in stale]


def reseal(database: Database, vault: Vault) -> Iterator[int]:
    """Walk through everything once (`Resealing.pages`)."""
    return Resealing(database, vault).pages()


def _reseal_page(database: Database, vault: Vault, name: str, keys: Sequence[RowKey]) -> list[RowKey]:
    """Seal rows again; returns the keys of those that were left out and may be sealed again later."""
    statements, left, saved = PAGES[name], list[RowKey](), False
    with database.writing() as connection:
        for key in keys:
            row = connection.run(statements.lock, **key).mappings().first()
            try:
                sealed = _resealed(connection, vault.within(connection), name, row) if row else None
            except KeyDestroyedError:
                continue
            except SealError:  # storage.sealed_rows.unopened names it
                left.append(key)
                continue
            if row is None and connection.run(statements.present, **key).first():  # a transaction holds it
                left.append(key)
            if sealed:
                connection.run(statements.save, resealed=sealed, **key)
                saved = True
        connection.commit()
    if saved:
        database.has_traces.set()
    return left


def _resealed(connection: Connection, vault: Vault, name: str, row: AnyRow) -> bytes | None:
    """The row's content, sealed as it would be now; None if it is so already. Raises SealError if no key opens it."""
    if not row["sealed"] or not _is_outdated(name, row, vault):
        return None
    context = context_of(name, row)
    content = vault.open_bytes(row["sealed"], *context)
    petition = row.get("petition", "")
    if name == "signers":
        petition = home_of(connection, row, vault)
    return vault.seal_bytes(content, *context, petition=petition)


def home_of(connection: Connection, person: AnyRow, vault: Vault) -> str:
    """The petition whose key seals a person, whether or not it already does."""
    return vault.petition_of(person["sealed"]) or find_home(connection, person["id"])


def find_home(connection: Connection, signer: int, erased: str = "") -> str:
    """The petition whose key seals a person: the one they signed last, or else one they talked about; or none."""
    return connection.run(HOMES, signer=signer, erased=erased).scalars().first() or ""


def _is_outdated(name: str, row: AnyRow, vault: Vault) -> bool:
    petition = vault.petition_of(row["sealed"]) if name == "signers" else row.get("petition", "")
    return not vault.is_current(row["sealed"], petition)


def _is_done(connection: Connection, vault: Vault) -> bool:
    return bool(connection.run(GET_MARK, mark=_RESEALED).scalar() == vault.header)


def _pages(database: Readable) -> Iterator[tuple[str, list[AnyRow]]]:
    for name, statements in PAGES.items():
        statement, after = statements.first, dict[str, Any]()
        while True:
            with database.reading() as connection:
                rows: list[AnyRow] = list(connection.run(statement, most=_PAGE, **after).mappings())
            yield name, rows
            if len(rows) < _PAGE:
                break
            statement, after = statements.following, statements.key_of(rows[-1])


def _name(table: str, row: AnyRow) -> str:
    return f"{table} {' '.join(str(row[column]) for column in PAGES[table].key)}"
