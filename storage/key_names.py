"""The ids of the petitions' keys in the database: whoever misses one of them there must not make another key."""

from __future__ import annotations

import weakref
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from storage.connection import Connection
from storage.statements.marks import ADD_MARK, NAMES

_PREFIX = "petition-key"
_NAMING_LOCK = 7_153_946_202  # of PostgreSQL's advisory locks: an arbitrary number of our own


@dataclass(slots=True)
class KeyNames:
    """Names keys in the database, in the transaction that first uses them. One for all transactions of a process.

    Remembers which names were committed, so that a transaction usually needs no statement.
    """

    _committed: set[bytes] = field(default_factory=set)
    _writers: dict[bytes, weakref.ref[Connection]] = field(default_factory=dict)

    def has(self, ids: Iterable[bytes]) -> bool:
        """Return True if the database is known to name all of these keys."""
        return self._committed.issuperset(ids)

    def read(self, connection: Connection, petition: str, *, before_new: bool) -> set[bytes]:
        """The ids that the database names for a petition.

        If there are none, or `before_new` key, no other transaction names any until ours ends. Otherwise no lock is
        taken: those who wait for it while they hold a person's row could wait for each other.
        """
        prefix = f"{_PREFIX} {petition} "
        found = _read(connection, prefix).get(petition, set())
        if (before_new or not found) and not connection.is_sqlite:  # where only one transaction writes anyway
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_NAMING_LOCK)))
            found = _read(connection, prefix).get(petition, set())
        # Our own transaction may still be rolled back; anyone else's is visible only once it is committed.
        self._committed |= {each for each in found if self._writer(each) is not connection}
        return found

    def write(self, connection: Connection, petition: str, ids: Iterable[bytes]) -> None:
        """Name a petition's keys, as part of a transaction."""
        for identity in ids:
            connection.run(ADD_MARK, name=f"{_PREFIX} {petition} {identity.hex()}", sealed=b"")
            self._writers[identity] = weakref.ref(connection)

    def _writer(self, identity: bytes) -> Connection | None:
        writer = self._writers.get(identity)
        return writer() if writer else None


def named_keys(connection: Connection) -> Mapping[str, set[bytes]]:
    """The ids of all keys that the database names, by petition."""
    return _read(connection, f"{_PREFIX} ")


def _read(connection: Connection, prefix: str) -> dict[str, set[bytes]]:
    ids = defaultdict[str, set[bytes]](set)
    for name in connection.run(NAMES, prefix=prefix).scalars():
        _, petition, identity = name.split(" ")
        ids[petition].add(bytes.fromhex(identity))
    return ids
